import { createHttpClient } from '../../lib/connectly/http.ts';
import { localCredentials, type Stack } from '../../local/stack/stack.ts';
import { connectlyWebhooks, neededTopics, type Registration, registerWebhook } from './registrations.ts';

/** Points the fake Connectly at the stack's webhook, over its HTTP API, as one does with the real one. */
export async function registerStack(
  stack: Pick<Stack, 'connectly' | 'businessId' | 'webhookUrl'>,
  apiKey: string = localCredentials.apiKey,
): Promise<Registration[]> {
  const webhooks = connectlyWebhooks({
    http: createHttpClient({ deadlineMs: 5000, now: Date.now }),
    baseUrl: new URL(stack.connectly.url),
    businessId: stack.businessId,
    apiKey,
  });
  const registrations: Registration[] = [];
  for (const topic of neededTopics) {
    registrations.push(await registerWebhook(webhooks, { topic, address: stack.webhookUrl, replace: true }));
  }
  return registrations;
}
