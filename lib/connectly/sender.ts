import type { MessageSender } from '../delivery/deliver.ts';
import { expired, type NotSent, type Outcome } from '../delivery/outcome.ts';
import { faultOf, RelayError } from '../errors.ts';
import type { CachedSecret, SecretCache } from '../secrets/cache.ts';
import { isKeyRefused, outcomeOf } from './answer.ts';
import { type ApiCall, callApi } from './api.ts';
import type { ApiKeys } from './api-key.ts';
import type { HttpClient } from './http.ts';
import { toSendRequest } from './requests.ts';

export interface SenderOptions {
  readonly http: HttpClient;
  readonly baseUrl: URL;
  readonly apiKeys: SecretCache<ApiKeys>;
  /** The business number of messages that name none. */
  readonly senderNumber: string | undefined;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

export interface ConnectlySender extends MessageSender {
  /** Asks for something harmless with the key of that business, and says what came of it. Never rejects. */
  ask(businessId: string): Promise<Outcome>;
}

/** Sends messages over Connectly's HTTP API. */
export function connectlySender(options: SenderOptions): ConnectlySender {
  const { http, baseUrl, apiKeys, senderNumber, now } = options;

  /** Keys that Connectly has refused. */
  const refusedKeys = new Set<string>();

  /**
   * Calls with the latest key; when that is missing or refused once more, if there is a newer one. Whoever comes after
   * a refusal asks for a newer key first: a rotation costs the requests that were under way, and none that had not
   * begun. Nothing is asked for after `expiresAt` (epoch milliseconds).
   */
  async function call(request: Omit<ApiCall, 'apiKey'>, expiresAt: number): Promise<Outcome> {
    const latest = await keyFrom(() => apiKeys.current());
    const isRefused = 'key' in latest && refusedKeys.has(latest.key);
    const used = isRefused ? await keyFrom(() => apiKeys.refreshed()) : latest;
    const first = await callWith(used);
    if (!first.isKeyRefused) return first.outcome;

    const renewed = await keyFrom(() => apiKeys.refreshed());
    const isNewer = 'key' in renewed && !('key' in used && used.key === renewed.key);
    return isNewer ? (await callWith(renewed)).outcome : first.outcome;

    async function callWith(source: Key): Promise<{ outcome: Outcome; isKeyRefused: boolean }> {
      // Reading the key, or a first request, may have taken its time. And without a key, what has expired is expired.
      if (now() >= expiresAt) return { outcome: expired, isKeyRefused: false };
      if ('missing' in source) {
        const { missing: outcome } = source;
        return { outcome, isKeyRefused: outcome.code === noKeyForBusiness };
      }
      const wasRefused = refusedKeys.has(source.key);
      const result = await callApi(http, baseUrl, { ...request, apiKey: source.key });
      if (isKeyRefused(result)) refusedKeys.add(source.key);
      // Only who began after the refusal can disprove it: an answer that comes later may be to an earlier request.
      else if (wasRefused && result.kind === 'answered') refusedKeys.delete(source.key);
      return { outcome: outcomeOf(result, now()), isKeyRefused: isKeyRefused(result) };
    }

    async function keyFrom(source: () => Promise<CachedSecret<ApiKeys>>): Promise<Key> {
      try {
        const key = (await source()).value.keyFor(request.businessId);
        return key === undefined ? { missing: notSent(noKeyForBusiness, 'business') } : { key };
      } catch (error) {
        const code = error instanceof RelayError ? error.code : 'secret-unavailable';
        return { missing: notSent(code, 'stage', faultOf(error)) };
      }
    }
  }

  return {
    send({ message, businessId, expiresAt }) {
      const { path, body } = toSendRequest(message, senderNumber);
      return call({ method: 'POST', businessId, path, body }, expiresAt);
    },
    ask: (businessId) => call({ method: 'GET', businessId, path: '/webhooks' }, Number.POSITIVE_INFINITY),
  };
}

const noKeyForBusiness = 'no-key-for-business';

/** A key to call with, or why there is none. */
type Key = { readonly key: string } | { readonly missing: NotSent };

function notSent(code: string, configurationFault: 'business' | 'stage', fault?: string): NotSent {
  return { kind: 'not-sent', code, configurationFault, ...(fault !== undefined && { fault }) };
}
