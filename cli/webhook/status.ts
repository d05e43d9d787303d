import * as z from 'zod';
import { defineCommand } from '../command.ts';
import { businessOf, withBusinessWebhooks } from './business-webhooks.ts';
import { neededTopics, type Standing, standingSchema, standingsOf, topics } from './registrations.ts';

/** `relay webhook status` */
export const webhookStatus = defineCommand({
  examples: ['webhook status --local', 'webhook status --stage prod --json'],
  result: z.strictObject({
    businessId: z.string(),
    /** The stack's own. */
    address: z.string(),
    topics: z.array(standingSchema),
  }),
  define: (command) =>
    command.option('--business <id>', "the Connectly business; by default the stack's own"),
  async run({ output, signal, target: findTarget }, options: { readonly business?: string }) {
    const target = await findTarget();
    const businessId = businessOf(target, options.business);
    const address = target.output('WebhookUrl');
    const webhooks = await withBusinessWebhooks(target, { businessId, signal }, (each) => each.list());
    const standings = standingsOf(webhooks, { wanted: topics, address });
    output.result({ businessId, address, topics: standings }, standings.map(inWords));
    const missing = standings.filter(({ topic, points }) => points !== 'here' && isNeeded(topic));
    if (missing.length > 0) {
      const replace = missing.some(({ points }) => points === 'elsewhere') ? ' --replace' : '';
      output.say(`To point them here: npx relay webhook register${replace} ${target.options}`);
    }
  },
});

function isNeeded(topic: string): boolean {
  return neededTopics.some((each) => each === topic);
}

function inWords({ topic, points, address }: Standing): string {
  const place = points === 'nowhere' ? 'nowhere' : `${points}: ${address}`;
  return `${topic.padEnd(16)} ${place}`;
}
