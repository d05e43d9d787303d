import { RelayError } from '../../lib/errors.ts';
import { ConnectlyError } from '../errors.ts';
import type { Webhook, Webhooks } from './registrations.ts';

export interface Registration {
  readonly action: 'created' | 'updated' | 'unchanged';
  readonly topic: string;
  readonly webhookId: string;
  /** The address that the topic had before. */
  readonly before: string | undefined;
  readonly after: string;
}

export interface RegistrationRequest {
  readonly topic: string;
  readonly address: string;
  /** Whether a topic that points elsewhere may be taken over. */
  readonly replace: boolean;
}

/**
 * Points a topic at an address. Connectly has one address per topic, and one of its pages says that registering a taken
 * topic replaces it: so this lists first, updates what is there, and creates only what is not.
 * Rejects with `webhook-elsewhere` when the topic points to another address and `replace` is not given, and with a
 * `ConnectlyError` when Connectly refuses.
 */
export async function registerWebhook(
  webhooks: Webhooks,
  { topic, address, replace }: RegistrationRequest,
): Promise<Registration> {
  const existing = await find(webhooks, topic);
  if (existing !== undefined) return pointTo(existing);
  try {
    const webhookId = await webhooks.create({ topic, address });
    return { action: 'created', topic, webhookId, before: undefined, after: address };
  } catch (error) {
    if (!(error instanceof ConnectlyError && error.status === 409)) throw error;
    // Somebody registered the topic between our two calls.
    const taken = await find(webhooks, topic);
    if (taken === undefined) throw error;
    return pointTo(taken);
  }

  async function pointTo({ id: webhookId, address: before }: Webhook): Promise<Registration> {
    if (before === address) return { action: 'unchanged', topic, webhookId, before, after: address };
    if (!replace) {
      throw new RelayError(
        'webhook-elsewhere',
        `The topic "${topic}" points to ${before}. To take it over, run this again with --replace.`,
      );
    }
    await webhooks.update(webhookId, { address });
    return { action: 'updated', topic, webhookId, before, after: address };
  }
}

async function find(webhooks: Webhooks, topic: string): Promise<Webhook | undefined> {
  return (await webhooks.list()).find((webhook) => webhook.topic === topic);
}
