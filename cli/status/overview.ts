import * as z from 'zod';
import { activitySchema } from '../logs/activity.ts';
import { pauseSchema } from '../logs/pauses.ts';
import type { OutputName } from '../target/outputs.ts';
import { queueCountsSchema } from '../target/queues.ts';
import { standingSchema } from '../webhook/registrations.ts';

/** The queues, by what people call them. */
export const queueOutputs = {
  sends: 'SendsQueueUrl',
  outcomes: 'OutcomesQueueUrl',
  'sends-dlq': 'SendsDlqUrl',
  events: 'EventsQueueUrl',
  'events-dlq': 'EventsDlqUrl',
} as const satisfies Record<string, OutputName>;

export const queueNames = ['sends', 'outcomes', 'sends-dlq', 'events', 'events-dlq'] as const;
export type QueueName = (typeof queueNames)[number];

const partNames = [
  'pauses',
  'queues',
  'ages',
  'sending',
  'settling',
  'webhooks',
  'failures',
  'deadLetters',
] as const;
export type PartName = (typeof partNames)[number];

/** How a stage is. A part that could not be read is absent, and `missing` says why. */
export const overviewSchema = z.strictObject({
  /** Why messages that are due are kept back; empty while none are. */
  pauses: z.array(pauseSchema).optional(),
  at: z.iso.datetime(),
  target: z.string(),
  queues: z.array(z.strictObject({ name: z.enum(queueNames), ...queueCountsSchema.shape })).optional(),
  /** Seconds, as CloudWatch has it for the oldest message of each queue that has one. */
  ages: z.partialRecord(z.enum(queueNames), z.number()).optional(),
  /** Lambda's word for the mapping that feeds send-message: Enabled, Disabled, or on the way. */
  sending: z.string().optional(),
  /** The same for settle-send. */
  settling: z.string().optional(),
  webhooks: z.array(standingSchema.omit({ webhookId: true })).optional(),
  /** The last ones, newest last. */
  failures: z.array(activitySchema).optional(),
  /** What the sends in the dead-letter queue died of, the most frequent first; of the first thousand. */
  deadLetters: z.array(z.strictObject({ code: z.string(), count: z.int() })).optional(),
  missing: z.array(
    z.strictObject({
      part: z.enum(partNames),
      /** Stable. */
      code: z.string(),
      reason: z.string(),
    }),
  ),
});

export type Overview = z.infer<typeof overviewSchema>;
