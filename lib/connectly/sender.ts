import type { MessageSender } from '../delivery/deliver.ts';
import type { Outcome } from '../delivery/outcome.ts';
import { outcomeOf } from './answer.ts';
import { type ApiCall, callApi } from './api.ts';
import type { ApiKeys } from './api-key.ts';
import type { HttpClient, HttpResult } from './http.ts';
import { toSendRequest } from './requests.ts';

/** The API keys as the sender needs them: the latest known, and a way to ask again after a 401. */
export interface ApiKeySource {
  current(): Promise<{ readonly value: ApiKeys }>;
  refreshed(): Promise<{ readonly value: ApiKeys }>;
}

export interface SenderOptions {
  readonly http: HttpClient;
  readonly baseUrl: URL;
  readonly apiKeys: ApiKeySource;
  /** The business number of messages that name none. */
  readonly senderNumber: string | undefined;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

export interface ConnectlySender extends MessageSender {
  /** Asks for something harmless: resolves to whether Connectly answers and takes the key. Never rejects. */
  answers(businessId: string): Promise<boolean>;
}

/** Sends messages over Connectly's HTTP API. */
export function connectlySender(options: SenderOptions): ConnectlySender {
  const { http, baseUrl, apiKeys, senderNumber, now } = options;

  /** Calls with the latest key; after a 401 once more, if there is a newer one. */
  async function call(request: Omit<ApiCall, 'apiKey'>): Promise<HttpResult | NoKey> {
    const { businessId } = request;
    const used = await keyFrom(() => apiKeys.current(), businessId);
    if ('noKey' in used) return used;
    const result = await callApi(http, baseUrl, { ...request, apiKey: used.key });
    if (result.kind !== 'answered' || result.status !== 401) return result;

    const renewed = await keyFrom(() => apiKeys.refreshed(), businessId);
    if ('noKey' in renewed || renewed.key === used.key) return result;
    return callApi(http, baseUrl, { ...request, apiKey: renewed.key });
  }

  return {
    async send(message, businessId): Promise<Outcome> {
      const { path, body } = toSendRequest(message, senderNumber);
      const result = await call({ method: 'POST', businessId, path, body });
      return 'noKey' in result
        ? { kind: 'not-sent', code: result.noKey, configurationFault: true }
        : outcomeOf(result, now());
    },
    async answers(businessId) {
      const result = await call({ method: 'GET', businessId, path: '/webhooks' });
      return 'kind' in result && result.kind === 'answered' && result.status >= 200 && result.status < 300;
    },
  };
}

/** Why there is no key to call with. */
interface NoKey {
  readonly noKey: string;
}

async function keyFrom(
  source: () => Promise<{ readonly value: ApiKeys }>,
  businessId: string,
): Promise<{ readonly key: string } | NoKey> {
  try {
    const key = (await source()).value.keyFor(businessId);
    return key === undefined ? { noKey: 'no-key-for-business' } : { key };
  } catch (error) {
    return { noKey: codeOf(error) };
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string'
    ? error.code
    : 'secret-unavailable';
}
