import { setTimeout as sleep } from 'node:timers/promises';
import { defaultLifeMs } from '../../lib/delivery/decode.ts';
import { defineCommand } from '../command.ts';
import { interruptedError } from '../errors.ts';
import { countMessages, oldestMessages } from '../target/queues.ts';
import { findMapping } from './mapping.ts';
import { type PauseResult, pauseInWords, pauseResultSchema } from './pause-result.ts';
import { switchMapping, untilIdle } from './switch-mapping.ts';

/** `relay pause` */
export const pause = defineCommand({
  examples: ['pause --local', 'pause --stage prod --json'],
  result: pauseResultSchema,
  define: (command) => command.option('--no-wait', 'do not wait for the batches that the sender has already'),
  async run({ output, signal, target: findTarget }, { wait }: { readonly wait: boolean }) {
    const target = await findTarget();
    const mapping = await findMapping(target, { queueArn: 'SendsQueueArn', feeds: 'sendMessage', signal });
    const second = () => sleep(1000, undefined, { signal }).catch(() => signal.throwIfAborted());
    const sqs = await target.aws.sqs();
    const count = () => countMessages(sqs, target.output('SendsQueueUrl'), signal);

    const changed = await switchMapping(mapping, {
      wanted: 'Disabled',
      second,
      signal,
      targetOptions: target.options,
    });
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
