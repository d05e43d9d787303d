import * as z from 'zod';
import { ageInWords, durationInWords } from '../terminal/duration.ts';

export const pauseResultSchema = z.strictObject({
  sending: z.literal('paused'),
  /** False when it was paused already. */
  changed: z.boolean(),
  /** False with --no-wait: a batch that the sender had already may still be sent. */
  idle: z.boolean(),
  waiting: z.int(),
  outOfSight: z.int(),
  delayed: z.int(),
  /** How long a message lives that does not say so itself. */
  defaultLifeSeconds: z.int(),
  /**
   * The time before which none of those expires; what says so itself may, and nobody has read it. Only where CloudWatch
   * knows how old the oldest message is.
   */
  defaultExpiresAt: z.iso.datetime().optional(),
});

export type PauseResult = z.infer<typeof pauseResultSchema>;

/** `now` in epoch milliseconds. */
export function pauseInWords(
  { changed, idle, waiting, outOfSight, delayed, defaultLifeSeconds, defaultExpiresAt }: PauseResult,
  now: number,
): string {
  const hidden = idle ? 'wait for another try' : 'are with the sender or wait for another try';
  return [
    `Sending ${changed ? 'is' : 'was'} paused${changed ? '' : ' already'}${idle ? ', and nothing is with the sender' : ''}.`,
    `${waiting + delayed} wait on the sends queue, ${outOfSight} more ${hidden}.`,
    `A message expires when it says so itself, else ${durationInWords(defaultLifeSeconds)} after it was queued${defaultExpiry(defaultExpiresAt, now)}.`,
  ].join('\n');
}

/** Nobody reads the messages, so nobody knows when those expire that say so themselves. */
function defaultExpiry(expiresAt: string | undefined, now: number): string {
  if (expiresAt === undefined) return '';
  const at = Date.parse(expiresAt);
  return at > now
    ? `: the oldest ${ageInWords(at, now)} (${expiresAt}), unless it says otherwise`
    : '; the oldest has been there for longer';
}
