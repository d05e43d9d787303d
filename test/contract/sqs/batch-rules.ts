import assert from 'node:assert/strict';
import { bodiesOf, present, type Rule, refuses } from './rule.ts';

const batches = 'Amazon SQS batch actions';
const sendBatch = 'SendMessageBatch';
const entry = (Id: string, MessageBody = 'x') => ({ Id, MessageBody });
const entries = (count: number) => Array.from({ length: count }, (_, i) => entry(`e${i}`));
const code = (name: string) => [name, `AWS.SimpleQueueService.${name}`];

/** The batch operations: what fails a batch, and what fails one entry. */
export const batchRules: readonly Rule[] = [
  {
    name: 'a batch sends each entry and answers with ids and MD5s',
    source: sendBatch,
    async run(context) {
      const queue = await context.createQueue();
      const { Successful = [], Failed = [] } = await context.sqs.sendMessageBatch({
        QueueUrl: queue.url,
        Entries: [entry('one', 'a'), entry('two', 'b')],
      });
      assert.deepEqual(
        Successful.map(({ Id }) => Id),
        ['one', 'two'],
      );
      assert.deepEqual(Failed, []);
      assert.deepEqual(bodiesOf(await context.receive(queue, { MaxNumberOfMessages: 10 })), ['a', 'b']);
    },
  },
  {
    name: 'a wrong entry fails alone, with its id and code',
    source: sendBatch,
    async run(context) {
      const queue = await context.createQueue();
      const { Successful = [], Failed = [] } = await context.sqs.sendMessageBatch({
        QueueUrl: queue.url,
        Entries: [entry('good'), entry('bad', '\uffff'), { ...entry('late'), DelaySeconds: 901 }],
      });
      assert.deepEqual(
        Successful.map(({ Id }) => Id),
        ['good'],
      );
      assert.deepEqual(
        Failed.map(({ Id, Code, SenderFault }) => [Id, Code, SenderFault]),
        [
          ['bad', 'InvalidMessageContents', true],
          ['late', 'InvalidParameterValue', true],
        ],
      );
      assert.deepEqual(await context.counts(queue.url), ['1', '0', '0']);
    },
  },
  {
    name: 'an empty batch is refused',
    source: sendBatch,
    async run(context) {
      const { url: QueueUrl } = await context.createQueue();
      const empty = { QueueUrl, Entries: [] };
      await refuses(context.sqs.sendMessageBatch(empty), ...code('EmptyBatchRequest'));
      await refuses(context.sqs.deleteMessageBatch(empty), ...code('EmptyBatchRequest'));
      await refuses(context.sqs.changeMessageVisibilityBatch(empty), ...code('EmptyBatchRequest'));
    },
  },
  {
    name: 'a batch of ten is accepted, one of eleven is refused',
    source: 'Amazon SQS message quotas',
    async run(context) {
      const { url: QueueUrl } = await context.createQueue();
      await context.sqs.sendMessageBatch({ QueueUrl, Entries: entries(10) });
      await refuses(
        context.sqs.sendMessageBatch({ QueueUrl, Entries: entries(11) }),
        ...code('TooManyEntriesInBatchRequest'),
      );
    },
  },
  {
    name: 'two entries with one id refuse the whole batch',
    source: sendBatch,
    async run(context) {
      const { url: QueueUrl } = await context.createQueue();
      await refuses(
        context.sqs.sendMessageBatch({ QueueUrl, Entries: [entry('same'), entry('same')] }),
        ...code('BatchEntryIdsNotDistinct'),
      );
      assert.deepEqual(await context.counts(QueueUrl), ['0', '0', '0']);
    },
  },
  {
    name: 'entry ids have 1 to 80 letters, digits, - and _',
    source: 'Amazon SQS message quotas',
    async run(context) {
      const { url: QueueUrl } = await context.createQueue();
      await context.sqs.sendMessageBatch({ QueueUrl, Entries: [entry('aZ-_9'.padEnd(80, 'x'))] });
      for (const bad of ['', 'a b', 'a.b', 'x'.repeat(81)])
        await refuses(
          context.sqs.sendMessageBatch({ QueueUrl, Entries: [entry(bad)] }),
          ...code('InvalidBatchEntryId'),
        );
    },
  },
  {
    name: 'the entries of a batch together have at most 1 MiB',
    source: 'Amazon SQS message quotas',
    async run(context) {
      const { url: QueueUrl } = await context.createQueue();
      const half = 'x'.repeat(524_288);
      await context.sqs.sendMessageBatch({ QueueUrl, Entries: [entry('a', half), entry('b', half)] });
      await refuses(
        context.sqs.sendMessageBatch({ QueueUrl, Entries: [entry('a', half), entry('b', `${half}x`)] }),
        ...code('BatchRequestTooLong'),
      );
    },
  },
  {
    name: 'attributes count towards the size of a batch',
    source: 'Message metadata for Amazon SQS',
    async run(context) {
      const { url: QueueUrl } = await context.createQueue();
      const half = 'x'.repeat(524_288);
      const MessageAttributes = { a: { DataType: 'String', StringValue: 'v' } };
      await refuses(
        context.sqs.sendMessageBatch({
          QueueUrl,
          Entries: [entry('a', half), { ...entry('b', half), MessageAttributes }],
        }),
        ...code('BatchRequestTooLong'),
      );
    },
  },
  {
    name: 'a batch deletes what it can and says what it could not',
    source: 'DeleteMessageBatch',
    async run(context) {
      const queue = await context.createQueue();
      await context.send(queue, 'x');
      const { ReceiptHandle } = await context.receiveOne(queue);
      const { Successful = [], Failed = [] } = await context.sqs.deleteMessageBatch({
        QueueUrl: queue.url,
        Entries: [
          { Id: 'good', ReceiptHandle },
          { Id: 'bad', ReceiptHandle: 'garbage' },
        ],
      });
      assert.deepEqual(
        Successful.map(({ Id }) => Id),
        ['good'],
      );
      assert.deepEqual(
        Failed.map(({ Id, Code }) => [Id, Code]),
        [['bad', 'ReceiptHandleIsInvalid']],
      );
      assert.deepEqual(await context.counts(queue.url), ['0', '0', '0']);
    },
  },
  {
    name: 'a batch changes the visibility of what it can and says what it could not',
    source: 'ChangeMessageVisibilityBatch',
    async run(context) {
      const queue = await context.createQueue();
      await context.send(queue, 'x');
      const handle = present((await context.receiveOne(queue)).ReceiptHandle);
      const { Successful = [], Failed = [] } = await context.sqs.changeMessageVisibilityBatch({
        QueueUrl: queue.url,
        Entries: [
          { Id: 'good', ReceiptHandle: handle, VisibilityTimeout: 0 },
          { Id: 'long', ReceiptHandle: handle, VisibilityTimeout: 43_201 },
          { Id: 'bad', ReceiptHandle: 'garbage', VisibilityTimeout: 1 },
        ],
      });
      assert.deepEqual(
        Successful.map(({ Id }) => Id),
        ['good'],
      );
      assert.deepEqual(
        Failed.map(({ Id, Code }) => [Id, Code]),
        [
          ['long', 'InvalidParameterValue'],
          ['bad', 'ReceiptHandleIsInvalid'],
        ],
      );
      await context.receiveOne(queue);
    },
  },
  {
    name: 'every entry of a batch keeps its own attributes and delay',
    source: batches,
    async run(context) {
      const queue = await context.createQueue();
      await context.sqs.sendMessageBatch({
        QueueUrl: queue.url,
        Entries: [
          { ...entry('a', 'now'), MessageAttributes: { k: { DataType: 'String', StringValue: 'v' } } },
          { ...entry('b', 'later'), DelaySeconds: 900 },
        ],
      });
      const message = await context.receiveOne(queue, {
        MaxNumberOfMessages: 10,
        MessageAttributeNames: ['All'],
      });
      assert.equal(message.Body, 'now');
      assert.equal(message.MessageAttributes?.['k']?.StringValue, 'v');
      assert.deepEqual(await context.counts(queue.url), ['0', '1', '1']);
    },
  },
];
