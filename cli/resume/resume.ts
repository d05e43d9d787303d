import * as z from 'zod';
import { defineCommand } from '../command.ts';
import { findSending } from '../pause/mapping.ts';
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
  async run({ output, signal, target: findTarget }) {
    const target = await findTarget();
    const { switchTo } = await findSending(target, signal);
    const changed = await switchTo('Enabled');
    const counts = await countMessages(await target.aws.sqs(), target.output('SendsQueueUrl'), signal);
    output.result(
      { sending: 'on', changed, ...counts },
      `Sending ${changed ? 'is on again' : 'was on already'}: ${counts.waiting + counts.delayed} wait on the sends queue, ${counts.outOfSight} more are with the sender or wait for another try.`,
    );
  },
});
