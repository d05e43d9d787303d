import assert from 'node:assert/strict';
import { bodiesOf, type Rule, refuses, rulesOf } from './rule.ts';

const deadLetterQueues = 'Using dead-letter queues in Amazon SQS';
const all = { MessageSystemAttributeNames: ['All' as const] };

/** The way into a dead-letter queue. */
export const deadLetterRules: readonly Rule[] = [
  ...rulesOf(deadLetterQueues, {
    async 'a message goes to the dead-letter queue on the next receive after maxReceiveCount'(
      context,
      deadLetters,
    ) {
      const source = await context.createSource(deadLetters, 2);
      await context.received(source, { VisibilityTimeout: 0 });
      await context.receiveOne(source, { VisibilityTimeout: 0 });
      assert.deepEqual(await context.receive(deadLetters), []);
      assert.deepEqual(await context.receive(source), []);
      assert.equal((await context.receiveOne(deadLetters)).Body, 'x');
      assert.deepEqual(await context.counts(source.url), ['0', '0', '0']);
    },
    async 'a message keeps its id, body and attributes on the dead-letter queue'(context, deadLetters) {
      const source = await context.createSource(deadLetters);
      const MessageAttributes = { reason: { DataType: 'String', StringValue: 'test' } };
      const { MessageId } = await context.send(source, 'x', { MessageAttributes });
      await context.receiveOne(source, { VisibilityTimeout: 0 });
      await context.receive(source);
      const dead = await context.receiveOne(deadLetters, { MessageAttributeNames: ['All'] });
      assert.equal(dead.MessageId, MessageId);
      assert.equal(dead.MessageAttributes?.['reason']?.StringValue, 'test');
    },
    async 'a long poll of the dead-letter queue is answered by a message that is given up meanwhile'(
      context,
    ) {
      const deadLetters = await context.createQueue();
      const source = await context.createSource(deadLetters);
      const polled = context.receive(deadLetters, { WaitTimeSeconds: 20 });
      await context.pollArrives();
      await context.giveUp(source, 'x');
      assert.deepEqual(bodiesOf(await polled), ['x']);
    },
  }),
  ...rulesOf('Dead-letter queue retention', {
    async 'a message keeps its enqueue time on the dead-letter queue'(context, deadLetters) {
      const source = await context.createSource(deadLetters);
      const first = await context.received(source, { VisibilityTimeout: 0, ...all });
      await context.advance(1_000);
      await context.receive(source);
      const dead = await context.receiveOne(deadLetters, all);
      assert.equal(dead.Attributes?.SentTimestamp, first.Attributes?.SentTimestamp);
    },
    async 'the retention of a message on the dead-letter queue begins when it was first queued'(context) {
      const deadLetters = await context.createQueue({ MessageRetentionPeriod: '60' });
      const source = await context.createSource(deadLetters);
      await context.received(source);
      await context.advance(59_000);
      assert.deepEqual(await context.receive(source), []);
      assert.deepEqual(await context.counts(deadLetters.url), ['1', '0', '0']);
      await context.advance(1_500);
      assert.deepEqual(await context.receive(deadLetters), []);
    },
  }),
  ...rulesOf('ReceiveMessage', {
    async 'receives are counted over all queues'(context, deadLetters) {
      const source = await context.createSource(deadLetters);
      await context.giveUp(source, 'x');
      const dead = await context.receiveOne(deadLetters, all);
      assert.equal(dead.Attributes?.ApproximateReceiveCount, '2');
    },
    async 'a message on the dead-letter queue names the queue that it comes from'(context, deadLetters) {
      const source = await context.createSource(deadLetters);
      await context.giveUp(source, 'x');
      const dead = await context.receiveOne(deadLetters, all);
      const attributes: Partial<Record<string, string>> = dead.Attributes ?? {};
      assert.equal(attributes['DeadLetterQueueSourceArn'], source.arn);
    },
  }),
  ...rulesOf('SetQueueAttributes', {
    async 'the target of a redrive policy must exist'(context, queue) {
      await refuses(
        context.createSource({ ...queue, arn: `${queue.arn}x` }),
        'InvalidParameterValue',
        'AWS.SimpleQueueService.NonExistentQueue',
        'QueueDoesNotExist',
      );
    },
    async 'maxReceiveCount is 1 to 1000, as a number or a string'(context, deadLetters) {
      const { url: QueueUrl } = await context.createQueue();
      const set = (maxReceiveCount: unknown) =>
        context.sqs.setQueueAttributes({
          QueueUrl,
          Attributes: {
            RedrivePolicy: JSON.stringify({ deadLetterTargetArn: deadLetters.arn, maxReceiveCount }),
          },
        });
      for (const good of [1, 1_000, '5']) await set(good);
      for (const bad of [0, 1_001, 'many', 1.5]) await refuses(set(bad), 'InvalidParameterValue');
    },
    async 'a redrive policy must be JSON with both of its fields'(context) {
      const { url: QueueUrl, arn } = await context.createQueue();
      const broken = ['{', '[]', '{}', JSON.stringify({ deadLetterTargetArn: arn }), '{"maxReceiveCount":3}'];
      for (const RedrivePolicy of broken)
        await refuses(
          context.sqs.setQueueAttributes({ QueueUrl, Attributes: { RedrivePolicy } }),
          'InvalidParameterValue',
        );
    },
    async 'a queue whose redrive allow policy denies all is nobody’s dead-letter queue'(context) {
      const RedriveAllowPolicy = JSON.stringify({ redrivePermission: 'denyAll' });
      const deadLetters = await context.createQueue({ RedriveAllowPolicy });
      await refuses(context.createSource(deadLetters), 'InvalidParameterValue');
    },
    async 'a redrive allow policy by queue lets in the queues that it names'(context) {
      const source = await context.createQueue();
      const RedriveAllowPolicy = JSON.stringify({
        redrivePermission: 'byQueue',
        sourceQueueArns: [source.arn],
      });
      const deadLetters = await context.createQueue({ RedriveAllowPolicy });
      const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: deadLetters.arn, maxReceiveCount: 3 });
      await context.sqs.setQueueAttributes({ QueueUrl: source.url, Attributes: { RedrivePolicy } });
      await refuses(context.createSource(deadLetters), 'InvalidParameterValue');
    },
  }),
  ...rulesOf('ListDeadLetterSourceQueues', {
    async 'a dead-letter queue lists its sources'(context, deadLetters) {
      const sources = [await context.createSource(deadLetters), await context.createSource(deadLetters)];
      await context.createQueue();
      const { queueUrls = [] } = await context.sqs.listDeadLetterSourceQueues({ QueueUrl: deadLetters.url });
      assert.deepEqual(queueUrls.toSorted(), sources.map(({ url }) => url).toSorted());
    },
  }),
];
