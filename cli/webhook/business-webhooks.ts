import { parseApiKeys } from '../../lib/connectly/api-key.ts';
import { createHttpClient } from '../../lib/connectly/http.ts';
import { CommandError, exitCodes, usageError } from '../errors.ts';
import type { Target } from '../target/target.ts';
import { withRequestsNamed } from './named-requests.ts';
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
  return withWebhooks({ baseUrl: target.connectlyBaseUrl, businessId, apiKey, signal }, (webhooks) =>
    use(withRequestsNamed(webhooks, target.options)),
  );
}

export interface WebhooksAccess {
  readonly baseUrl: URL;
  readonly businessId: string;
  readonly apiKey: string;
  /** Ends a request that is under way. */
  readonly signal: AbortSignal;
}

/** The same with any key. */
export async function withWebhooks<Result>(
  { signal, ...access }: WebhooksAccess,
  use: (webhooks: Webhooks) => Promise<Result>,
): Promise<Result> {
  signal.throwIfAborted();
  const http = createHttpClient({ deadlineMs });
  const close = () => http.closeConnections();
  signal.addEventListener('abort', close);
  try {
    return await use(connectlyWebhooks({ http, ...access }));
  } catch (error) {
    // That no answer came is our own doing then.
    signal.throwIfAborted();
    throw error;
  } finally {
    signal.removeEventListener('abort', close);
    close();
  }
}
