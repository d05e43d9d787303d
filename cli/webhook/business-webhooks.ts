import { parseApiKeys } from '../../lib/connectly/api-key.ts';
import { CommandError, ConnectlyError, exitCodes, usageError } from '../errors.ts';
import { explainCode } from '../explain/explain-code.ts';
import { present } from '../present.ts';
import type { Target } from '../target/target.ts';
import { connectlyWebhooks, type Webhooks } from './registrations.ts';

/** How long Connectly may take for one answer, in milliseconds. */
const deadlineMs = 10_000;

/** The business that a command is about. Throws `usage` when nobody has named one. */
export function businessOf(target: Target, given: string | undefined): string {
  const businessId = given ?? target.businessId;
  if (businessId === undefined) throw usageError('Name the Connectly business: --business BUSINESS_ID');
  return businessId;
}

/**
 * Hands over the webhook registrations of a business, with the key that the stage has for it. Their errors name the
 * request.
 */
export async function withBusinessWebhooks<Result>(
  target: Target,
  { businessId, signal }: Pick<WebhooksAccess, 'businessId' | 'signal'>,
  use: (webhooks: Webhooks) => Promise<Result>,
): Promise<Result> {
  const apiKey = parseApiKeys(await target.readSecret('api-key')).keyFor(businessId);
  if (apiKey === undefined) {
    throw new CommandError(
      exitCodes.credentials,
      'no-key-for-business',
      'The API key secret holds keys by business id, and none for this one. Check --business.',
    );
  }
  return withWebhooks({ target, businessId, apiKey, signal }, (webhooks) =>
    use(withRequestsNamed(webhooks, target.options)),
  );
}

export interface WebhooksAccess {
  readonly target: Pick<Target, 'connectlyBaseUrl' | 'network'>;
  readonly businessId: string;
  readonly apiKey: string;
  /** Ends a request that is under way. */
  readonly signal: AbortSignal;
}

/** The same with any key. */
export async function withWebhooks<Result>(
  { signal, target, ...access }: WebhooksAccess,
  use: (webhooks: Webhooks) => Promise<Result>,
): Promise<Result> {
  signal.throwIfAborted();
  const http = await target.network.httpClient({ deadlineMs });
  const close = () => http.closeConnections();
  signal.addEventListener('abort', close);
  try {
    return await use(connectlyWebhooks({ http, baseUrl: target.connectlyBaseUrl, ...access }));
  } catch (error) {
    // That no answer came is our own doing then.
    signal.throwIfAborted();
    throw error;
  } finally {
    signal.removeEventListener('abort', close);
    close();
  }
}

/** The same registrations, but a `ConnectlyError` says which request it was the answer to, and what to type next. */
export function withRequestsNamed(webhooks: Webhooks, targetOptions: string): Webhooks {
  const topics = new Map<string, string>();
  const nameOf = (id: string) => (topics.has(id) ? `topic "${topics.get(id)}"` : `webhook ${id}`);

  async function named<Answer>(request: string, send: () => Promise<Answer>): Promise<Answer> {
    try {
      return await send();
    } catch (error) {
      if (!(error instanceof ConnectlyError)) throw error;
      const { code, message, status, traceId } = error;
      throw new ConnectlyError(
        code,
        `${request}: ${message}${nextOf(error, targetOptions)}`,
        present({ traceId, status }),
      );
    }
  }

  return {
    async list() {
      const listed = await named('Listing the registered webhooks', () => webhooks.list());
      for (const { id, topic } of listed) topics.set(id, topic);
      return listed;
    },
    create: (webhook) => named(`Registering topic "${webhook.topic}"`, () => webhooks.create(webhook)),
    update: (id, change) => named(`Changing the address of ${nameOf(id)}`, () => webhooks.update(id, change)),
    remove: (id) => named(`Removing ${nameOf(id)}`, () => webhooks.remove(id)),
  };
}

function nextOf({ code, status }: ConnectlyError, targetOptions: string): string {
  if (status === 401 || status === 403)
    return ` To set the key anew: npx relay secrets set api-key ${targetOptions}`;
  // 409: somebody else changed the topic between two of our requests. The same request can pass later.
  const mayPass = status === 409 || status === 429 || (status !== undefined && status >= 500);
  // What an HTTP status alone means is explained for messages, of which a copy is kept; not for these requests.
  const isExplained = !code.startsWith('connectly-') && explainCode(code) !== undefined;
  const explained = isExplained ? ` What the code means: npx relay explain ${code}` : '';
  if (mayPass) return ` Try again.${explained}`;
  return explained === '' ? ` To look at all around it: npx relay doctor ${targetOptions}` : explained;
}
