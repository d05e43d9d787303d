import * as z from 'zod';

/** What can be seen of one message on its way, in the order in which it usually happens. */
export const stepNames = [
  'queued',
  'not-sent',
  'accepted',
  'refused',
  'unclear',
  'duplicate',
  'sent',
  'delivered',
  'read',
  'failed',
] as const;

export const stepSchema = z.strictObject({
  step: z.enum(stepNames),
  /** When, as an ISO time. */
  at: z.iso.datetime(),
  /** The id that SQS gave the message. */
  sqsMessageId: z.string().optional(),
  /** Connectly's id of the message. */
  vendorId: z.string().optional(),
  code: z.string().optional(),
  meaning: z.string().optional(),
  remedy: z.string().optional(),
  /** When it is tried again. */
  retryInSeconds: z.number().optional(),
  /** What should have followed could not be done: it comes back, nobody knows when. */
  comesBack: z.literal(true).optional(),
  /** What is odd about the message; it was queued all the same. */
  warnings: z.array(z.string()).optional(),
});

export type Step = z.infer<typeof stepSchema>;

/** How far one may want to follow. */
export const goals = ['accepted', 'sent', 'delivered', 'read'] as const;

export type Goal = (typeof goals)[number];
