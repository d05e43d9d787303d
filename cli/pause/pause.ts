import * as z from 'zod';
import { defaultLifeMs } from '../../lib/delivery/decode.ts';
import { defineCommand } from '../command.ts';
import { interruptedError } from '../errors.ts';
import { countMessages, oldestMessages, queueCountsSchema } from '../target/queues.ts';
import { ageInWords, durationInWords } from '../terminal/duration.ts';
import { findSending } from './mapping.ts';
import { untilIdle } from './switch-mapping.ts';

export const pauseResultSchema = z.strictObject({
  sending: z.literal('paused'),
  /** False when it was paused already. */
  changed: z.boolean(),
  /** False with --no-wait: a batch that the sender had already may still be sent. */
  idle: z.boolean(),
  ...queueCountsSchema.shape,
  /** How long a message lives that does not say so itself. */
  defaultLifeSeconds: z.int(),
  /**
   * The time before which none of those expires; what says so itself may, and nobody has read it. Only where CloudWatch
   * knows how old the oldest message is.
   */
  defaultExpiresAt: z.iso.datetime().optional(),
});

export type PauseResult = z.infer<typeof pauseResultSchema>;

/** `relay pause` */
export const pause = defineCommand({
  examples: ['pause --local', 'pause --stage prod --json'],
  result: pauseResultSchema,
  define: (command) => command.option('--no-wait', 'do not wait for the batches that the sender has already'),
  async run({ output, signal, target: findTarget }, { wait }: { readonly wait: boolean }) {
    const target = await findTarget();
    const { mapping, second, switchTo } = await findSending(target, signal);
    const sqs = await target.aws.sqs();
    const count = () => countMessages(sqs, target.output('SendsQueueUrl'), signal);

    if (target.kind === 'deployed') output.say('Asking AWS to hand out no more messages: a minute at most.');
    const changed = await switchTo('Disabled');
    try {
      const result = await describePause();
      output.result(result, pauseInWords(result, Date.now()));
    } catch (error) {
      if (!signal.aborted) throw error;
      throw interruptedError(
        `Interrupted. Sending is paused, but for batches that the sender may have already. To go on: npx relay resume ${target.options}`,
      );
    }
    output.say(`To go on: npx relay resume ${target.options}. A later deploy may switch sending on as well.`);

    async function describePause(): Promise<PauseResult> {
      if (wait) {
        const timeoutSeconds = await mapping.functionTimeoutSeconds();
        const { outOfSight: hidden } = await count();
        if (hidden > 0) output.say(waitInWords(hidden, timeoutSeconds));
        await untilIdle({ outOfSight: async () => (await count()).outOfSight, timeoutSeconds, second });
      }
      const counts = await count();
      const queues = ['SendsQueueUrl'] as const;
      // Empty, the queue's last number in CloudWatch would be about what has gone since.
      const isEmpty = counts.waiting + counts.outOfSight + counts.delayed === 0;
      // What CloudWatch would add is no reason to fail: sending is paused.
      const ages = isEmpty
        ? undefined
        : await oldestMessages(target, { queues, now: Date.now(), signal }).catch(() => undefined);
      const oldest = ages?.get('SendsQueueUrl');
      return {
        sending: 'paused',
        changed,
        idle: wait,
        ...counts,
        defaultLifeSeconds: defaultLifeMs / 1000,
        ...(oldest !== undefined && {
          defaultExpiresAt: new Date(oldest.queuedAt + defaultLifeMs).toISOString(),
        }),
      };
    }
  },
});

/** SQS does not tell what the sender has from what waits for another try: only the function's time ends the waiting. */
function waitInWords(outOfSight: number, timeoutSeconds: number): string {
  return `No more messages are taken. Waiting until nothing is with the sender, ${timeoutSeconds} s at most: ${outOfSight} may be, or wait for another try. Not to wait: --no-wait`;
}

/** `now` in epoch milliseconds. */
export function pauseInWords(
  { changed, idle, waiting, outOfSight, delayed, defaultLifeSeconds, defaultExpiresAt }: PauseResult,
  now: number,
): string[] {
  const hidden = idle ? 'wait for another try' : 'are with the sender or wait for another try';
  return [
    `Sending ${changed ? 'is' : 'was'} paused${changed ? '' : ' already'}${idle ? ', and nothing is with the sender' : ''}.`,
    `${waiting + delayed} wait on the sends queue, ${outOfSight} more ${hidden}.`,
    `A message expires when it says so itself, else ${durationInWords(defaultLifeSeconds)} after it was queued${defaultExpiry(defaultExpiresAt, now)}.`,
  ];
}

/** Nobody reads the messages, so nobody knows when those expire that say so themselves. */
function defaultExpiry(expiresAt: string | undefined, now: number): string {
  if (expiresAt === undefined) return '';
  const at = Date.parse(expiresAt);
  return at > now
    ? `: the oldest ${ageInWords(at, now)} (${expiresAt}), unless it says otherwise`
    : '; the oldest has been there for longer';
}
