import assert from 'node:assert/strict';
import { type Rule, refuses, rulesOf } from './rule.ts';

const redrive = 'Configuring a dead-letter queue redrive in Amazon SQS';
const startTask = 'StartMessageMoveTask';
const all = { MessageSystemAttributeNames: ['All' as const] };

/** The way back from a dead-letter queue. */
export const redriveRules: readonly Rule[] = [
  ...rulesOf(redrive, {
    async 'a redrive moves messages back to the queues that they came from'(context, deadLetters) {
      const [a, b] = [await context.createSource(deadLetters), await context.createSource(deadLetters)];
      await context.giveUp(a, 'from a');
      await context.giveUp(b, 'from b');
      await context.sqs.startMessageMoveTask({ SourceArn: deadLetters.arn });
      await context.advance(1_000);
      assert.equal((await context.receiveOne(a)).Body, 'from a');
      assert.equal((await context.receiveOne(b)).Body, 'from b');
      assert.deepEqual(await context.counts(deadLetters.url), ['0', '0', '0']);
    },
    async 'a redriven message is a new one: new id, new time, nothing received'(context, deadLetters) {
      const source = await context.createSource(deadLetters);
      const old = await context.received(source, { VisibilityTimeout: 0, ...all });
      assert.deepEqual(await context.receive(source), []);
      await context.advance(1_000);
      await context.sqs.startMessageMoveTask({ SourceArn: deadLetters.arn });
      await context.advance(1_000);
      const message = await context.receiveOne(source, all);
      assert.notEqual(message.MessageId, old.MessageId);
      assert.equal(message.Attributes?.ApproximateReceiveCount, '1');
      const laterMs = Number(message.Attributes?.SentTimestamp) - Number(old.Attributes?.SentTimestamp);
      assert(laterMs >= 1_000, `queued ${laterMs} ms after the old one`);
    },
    async 'a redrive can go to another queue'(context, deadLetters) {
      const source = await context.createSource(deadLetters);
      const elsewhere = await context.createQueue();
      await context.giveUp(source, 'x');
      await context.sqs.startMessageMoveTask({ SourceArn: deadLetters.arn, DestinationArn: elsewhere.arn });
      await context.advance(1_000);
      assert.equal((await context.receiveOne(elsewhere)).Body, 'x');
    },
  }),
  ...rulesOf(startTask, {
    async 'a redrive needs a source that is some queue’s dead-letter queue'(context, queue) {
      const other = await context.createQueue();
      await refuses(
        context.sqs.startMessageMoveTask({ SourceArn: queue.arn, DestinationArn: other.arn }),
        'InvalidParameterValue',
      );
    },
    async 'a redrive needs queues that exist'(context, deadLetters) {
      await context.createSource(deadLetters);
      await refuses(
        context.sqs.startMessageMoveTask({ SourceArn: `${deadLetters.arn}x` }),
        'ResourceNotFoundException',
      );
      await refuses(
        context.sqs.startMessageMoveTask({
          SourceArn: deadLetters.arn,
          DestinationArn: `${deadLetters.arn}x`,
        }),
        'ResourceNotFoundException',
      );
    },
    async 'a redrive moves 1 to 500 messages a second'(context, deadLetters) {
      await context.createSource(deadLetters);
      for (const MaxNumberOfMessagesPerSecond of [0, 501])
        await refuses(
          context.sqs.startMessageMoveTask({ SourceArn: deadLetters.arn, MaxNumberOfMessagesPerSecond }),
          'InvalidParameterValue',
        );
    },
  }),
  ...rulesOf('ListMessageMoveTasks', {
    async 'a finished redrive is listed with what it moved, and without a handle'(context, deadLetters) {
      const source = await context.createSource(deadLetters);
      await context.giveUp(source, 'x');
      await context.sqs.startMessageMoveTask({ SourceArn: deadLetters.arn });
      await context.advance(1_000);
      const { Results = [] } = await context.sqs.listMessageMoveTasks({ SourceArn: deadLetters.arn });
      assert.deepEqual(
        Results.map(({ Status, ApproximateNumberOfMessagesMoved, TaskHandle }) => [
          Status,
          ApproximateNumberOfMessagesMoved,
          TaskHandle,
        ]),
        [['COMPLETED', 1, undefined]],
      );
    },
  }),
  ...rulesOf('CancelMessageMoveTask', {
    async 'one redrive of a queue runs at a time, and a running one can be cancelled'(context, deadLetters) {
      const source = await context.createSource(deadLetters);
      for (const body of ['a', 'b', 'c', 'd', 'e']) await context.giveUp(source, body);
      const task = { SourceArn: deadLetters.arn, MaxNumberOfMessagesPerSecond: 1 };
      const { TaskHandle } = await context.sqs.startMessageMoveTask(task);
      await refuses(context.sqs.startMessageMoveTask(task), 'InvalidParameterValue');
      await context.advance(1_500);
      const { ApproximateNumberOfMessagesMoved = 0 } = await context.sqs.cancelMessageMoveTask({
        TaskHandle,
      });
      assert(ApproximateNumberOfMessagesMoved >= 1 && ApproximateNumberOfMessagesMoved <= 3);
      await context.advance(1_500);
      const { Results = [] } = await context.sqs.listMessageMoveTasks({ SourceArn: deadLetters.arn });
      assert.equal(Results[0]?.Status, 'CANCELLED');
      assert(Number((await context.counts(deadLetters.url))[0]) >= 2);
    },
  }),
];
