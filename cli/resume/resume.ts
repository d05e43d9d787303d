import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import { defineCommand } from '../command.ts';
import { findMapping } from '../pause/mapping.ts';
import { switchMapping } from '../pause/switch-mapping.ts';
import { countMessages, queueCountsSchema } from '../target/queues.ts';

/** `relay resume` */
export const resume = defineCommand({
  examples: ['resume --local', 'resume --stage prod --json'],
  result: z.strictObject({
    sending: z.literal('on'),
    /** False when it was on already. */
    changed: z.boolean(),
    ...queueCountsSchema.shape,
  }),
  define: () => {},
  async run({ output, signal, target: findTarget }) {
    const target = await findTarget();
    const mapping = await findMapping(target, { queueArn: 'SendsQueueArn', feeds: 'sendMessage', signal });

    const changed = await switchMapping(mapping, {
      wanted: 'Enabled',
      second: () => sleep(1000, undefined, { signal }).catch(() => signal.throwIfAborted()),
      signal,
      targetOptions: target.options,
    });

    const counts = await countMessages(await target.aws.sqs(), target.output('SendsQueueUrl'), signal);
    output.result(
      { sending: 'on', changed, ...counts },
      `Sending ${changed ? 'is on again' : 'was on already'}: ${counts.waiting + counts.delayed} wait on the sends queue, ${counts.outOfSight} more are with the sender or wait for another try.`,
    );
  },
});
