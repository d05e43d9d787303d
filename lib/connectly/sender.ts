import type { MessageSender } from '../delivery/deliver.ts';
import type { Outcome } from '../delivery/outcome.ts';
import type { Message } from '../message/message.ts';
import { outcomeOf } from './answer.ts';
import { callApi } from './api.ts';
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

/** Sends messages over Connectly's HTTP API. */
export function connectlySender({ http, baseUrl, apiKeys, senderNumber, now }: SenderOptions): MessageSender {
  async function post(message: Message, businessId: string, apiKey: string): Promise<HttpResult> {
    const { path, body } = toSendRequest(message, senderNumber);
    return callApi(http, baseUrl, { method: 'POST', businessId, path, apiKey, body });
  }

  return {
    async send(message, businessId): Promise<Outcome> {
      const used = await keyFrom(() => apiKeys.current(), businessId);
      if (used.key === undefined) return { kind: 'not-sent', code: used.code, configurationFault: true };
      const result = await post(message, businessId, used.key);
      if (result.kind !== 'answered' || result.status !== 401) return outcomeOf(result, now());

      const renewed = await keyFrom(() => apiKeys.refreshed(), businessId);
      if (renewed.key === undefined || renewed.key === used.key) return outcomeOf(result, now());
      return outcomeOf(await post(message, businessId, renewed.key), now());
    },
  };
}

async function keyFrom(
  source: () => Promise<{ readonly value: ApiKeys }>,
  businessId: string,
): Promise<{ key: string } | { key: undefined; code: string }> {
  try {
    const key = (await source()).value.keyFor(businessId);
    return key === undefined ? { key, code: 'no-key-for-business' } : { key };
  } catch (error) {
    return { key: undefined, code: codeOf(error) };
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string'
    ? error.code
    : 'secret-unavailable';
}
