import type { Webhook } from './registrations.ts';

/** The topics that Connectly documents. */
export const topics = ['messages', 'delivery_status', 'report'] as const;

/** Those that the relay needs: a report is for whoever has ordered one. */
export const neededTopics = ['messages', 'delivery_status'] as const;

/** How long to wait before Connectly's list is read again for a change, in milliseconds. */
export const lookIntervalMs = 500;

/** Where a topic points, seen from a stack's own address. */
export interface Standing {
  readonly topic: string;
  readonly points: 'here' | 'elsewhere' | 'nowhere';
  readonly webhookId?: string;
  readonly address?: string;
}

/** Where each of the topics points. */
export function standingsOf(
  webhooks: readonly Webhook[],
  { wanted, address }: { readonly wanted: readonly string[]; readonly address: string },
): Standing[] {
  return wanted.map((topic) => {
    const webhook = webhooks.find((each) => each.topic === topic);
    if (webhook === undefined) return { topic, points: 'nowhere' };
    const points = webhook.address === address ? 'here' : 'elsewhere';
    return { topic, points, webhookId: webhook.id, address: webhook.address };
  });
}
