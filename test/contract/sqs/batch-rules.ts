import assert from 'node:assert/strict';
import { bodiesOf, present, type Rule, refuses, rulesOf } from './rule.ts';

const batches = 'Amazon SQS batch actions';
const sendBatch = 'SendMessageBatch';
const entry = (Id: string, MessageBody = 'x') => ({ Id, MessageBody });
const entries = (count: number) => Array.from({ length: count }, (_, i) => entry(`e${i}`));
const code = (name: string) => [name, `AWS.SimpleQueueService.${name}`];

/** The batch operations: what fails a batch, and what fails one entry. */
export const batchRules: readonly Rule[] = [
  ...rulesOf(sendBatch, {
    async 'a batch sends each entry and answers with ids and MD5s'(context, queue) {
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
    async 'a wrong entry fails alone, with its id and code'(context, queue) {
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
    async 'an empty batch is refused'(context, { url: QueueUrl }) {
      const empty = { QueueUrl, Entries: [] };
      await refuses(context.sqs.sendMessageBatch(empty), ...code('EmptyBatchRequest'));
      await refuses(context.sqs.deleteMessageBatch(empty), ...code('EmptyBatchRequest'));
      await refuses(context.sqs.changeMessageVisibilityBatch(empty), ...code('EmptyBatchRequest'));
    },
    async 'two entries with one id refuse the whole batch'(context, { url: QueueUrl }) {
      await refuses(
        context.sqs.sendMessageBatch({ QueueUrl, Entries: [entry('same'), entry('same')] }),
        ...code('BatchEntryIdsNotDistinct'),
      );
      assert.deepEqual(await context.counts(QueueUrl), ['0', '0', '0']);
    },
  }),
  ...rulesOf('Amazon SQS message quotas', {
    async 'a batch of ten is accepted, one of eleven is refused'(context, { url: QueueUrl }) {
      await context.sqs.sendMessageBatch({ QueueUrl, Entries: entries(10) });
      await refuses(
        context.sqs.sendMessageBatch({ QueueUrl, Entries: entries(11) }),
        ...code('TooManyEntriesInBatchRequest'),
      );
    },
    async 'entry ids have 1 to 80 letters, digits, - and _'(context, { url: QueueUrl }) {
      await context.sqs.sendMessageBatch({ QueueUrl, Entries: [entry('aZ-_9'.padEnd(80, 'x'))] });
      for (const bad of ['', 'a b', 'a.b', 'x'.repeat(81)])
        await refuses(
          context.sqs.sendMessageBatch({ QueueUrl, Entries: [entry(bad)] }),
          ...code('InvalidBatchEntryId'),
        );
    },
    async 'the entries of a batch together have at most 1 MiB'(context, { url: QueueUrl }) {
      const half = 'x'.repeat(524_288);
      await context.sqs.sendMessageBatch({ QueueUrl, Entries: [entry('a', half), entry('b', half)] });
      await refuses(
        context.sqs.sendMessageBatch({ QueueUrl, Entries: [entry('a', half), entry('b', `${half}x`)] }),
        ...code('BatchRequestTooLong'),
      );
    },
  }),
  ...rulesOf('Message metadata for Amazon SQS', {
    async 'attributes count towards the size of a batch'(context, { url: QueueUrl }) {
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
  }),
  ...rulesOf('DeleteMessageBatch', {
    async 'a batch deletes what it can and says what it could not'(context, queue) {
      const { ReceiptHandle } = await context.received(queue);
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
  }),
  ...rulesOf('ChangeMessageVisibilityBatch', {
    async 'a batch changes the visibility of what it can and says what it could not'(context, queue) {
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
  }),
  ...rulesOf(batches, {
    async 'every entry of a batch keeps its own attributes and delay'(context, queue) {
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
  }),
];
