import { ConnectlyError } from '../errors.ts';
import { explainCode } from '../explain/explain-code.ts';
import type { Webhooks } from './registrations.ts';

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
      throw new ConnectlyError(code, `${request}: ${message}${nextOf(error, targetOptions)}`, {
        traceId,
        ...(status !== undefined && { status }),
      });
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
