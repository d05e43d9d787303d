import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import { defaultLifeMs } from '../../lib/delivery/decode.ts';
import { defineCommand } from '../command.ts';
import { CommandError } from '../command-error.ts';
import { exitCodes } from '../exit-codes.ts';
import { findMapping } from '../mappings/mapping.ts';
import { switchMapping, untilIdle } from '../mappings/switch-mapping.ts';
import { oldestMessages } from '../queues/oldest-messages.ts';
import { countMessages } from '../queues/queue-counts.ts';
import { ageInWords, durationInWords } from '../terminal/duration.ts';

const resultSchema = z.strictObject({
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
  /** From when on such messages expire; only where CloudWatch knows how old the oldest is. */
  firstExpiresAt: z.iso.datetime().optional(),
});

type PauseResult = z.infer<typeof resultSchema>;

/** `relay pause` */
export const pause = defineCommand({
  examples: ['pause --local', 'pause --stage prod --json'],
  result: resultSchema,
  define: (command) => command.option('--no-wait', 'do not wait for the batches that the sender has already'),
  async run({ output, signal, target: findTarget }, { wait }: { readonly wait: boolean }) {
    const target = await findTarget();
    const mapping = await findMapping(target, { queueArn: 'SendsQueueArn', feeds: 'sendMessage', signal });
    const second = () => sleep(1000, undefined, { signal }).catch(() => signal.throwIfAborted());
    const count = () => countMessages(target, { queue: 'SendsQueueUrl', signal });

    const changed = await switchMapping(mapping, {
      wanted: 'Disabled',
      second,
      signal,
      targetOptions: target.options,
    });
    try {
      const result = await describePause();
      output.result(result, inWords(result, Date.now()));
    } catch (error) {
      if (!signal.aborted) throw error;
      throw new CommandError(
        exitCodes.interrupted,
        'interrupted',
        `Interrupted. Sending is paused, but for batches that the sender may have already. To go on: npx relay resume ${target.options}`,
      );
    }
    output.say(`To go on: npx relay resume ${target.options}. A later deploy may switch sending on as well.`);

    async function describePause(): Promise<PauseResult> {
      if (wait) {
        const timeoutSeconds = await mapping.functionTimeoutSeconds();
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
          firstExpiresAt: new Date(oldest.queuedAt + defaultLifeMs).toISOString(),
        }),
      };
    }
  },
});

function inWords(
  { changed, idle, waiting, outOfSight, delayed, firstExpiresAt }: PauseResult,
  now: number,
): string {
  const hidden = idle ? 'wait for another try' : 'are with the sender or wait for another try';
  return [
    `Sending ${changed ? 'is' : 'was'} paused${changed ? '' : ' already'}${idle ? ', and nothing is with the sender' : ''}.`,
    `${waiting + delayed} wait on the sends queue, ${outOfSight} more ${hidden}.`,
    `A message expires when it says so itself, else ${durationInWords(defaultLifeMs / 1000)} after it was queued${firstExpiry(firstExpiresAt, now)}.`,
  ].join('\n');
}

function firstExpiry(firstExpiresAt: string | undefined, now: number): string {
  if (firstExpiresAt === undefined) return '';
  const at = Date.parse(firstExpiresAt);
  return at > now ? `: the first ${ageInWords(at, now)} (${firstExpiresAt})` : `: the oldest has expired`;
}
