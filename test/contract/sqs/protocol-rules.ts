import assert from 'node:assert/strict';
import { type Rule, rulesOf, seenOnAws } from './rule.ts';

const protocol = 'Making API requests to Amazon SQS using AWS JSON protocol';
const errors = 'Common errors';

async function errorOf(response: Response): Promise<{ type: string; query: string; status: number }> {
  const [, type = ''] = /"__type": ?"(?:[\w.]+#)?(\w+)"/.exec(await response.text()) ?? [];
  return { type, query: response.headers.get('x-amzn-query-error') ?? '', status: response.status };
}

/** The JSON protocol itself, with requests that no SDK makes. */
export const protocolRules: readonly Rule[] = [
  ...rulesOf(protocol, {
    async 'an answer is JSON 1.0 with a request id'(context) {
      const response = await context.post('ListQueues', {});
      assert.equal(response.status, 200);
      assert.match(response.headers.get('content-type') ?? '', /^application\/x-amz-json-1\.0/);
      assert.match(response.headers.get('x-amzn-requestid') ?? '', /^[\w-]{20,}$/);
    },
    async 'an error names its JSON type and repeats its Query code in a header'(context, { url }) {
      const response = await context.post('SendMessage', { QueueUrl: `${url}x`, MessageBody: 'x' });
      assert.deepEqual(await errorOf(response), {
        type: 'QueueDoesNotExist',
        query: 'AWS.SimpleQueueService.NonExistentQueue;Sender',
        status: 400,
      });
    },
    async 'a null value is as good as an absent one'(context, { url: QueueUrl }) {
      const response = await context.post('SendMessage', {
        QueueUrl,
        MessageBody: 'x',
        DelaySeconds: null,
        MessageAttributes: null,
      });
      assert.equal(response.status, 200);
    },
  }),
  ...rulesOf(errors, {
    async 'an unknown operation is refused'(context) {
      const { type, status } = await errorOf(await context.post('FlyToTheMoon', {}));
      assert.deepEqual([type, status], ['UnknownOperationException', 400]);
    },
    async 'a body that is not JSON is refused'(context) {
      for (const body of ['{', '[]', '"x"', 'Action=ListQueues']) {
        const { type, status } = await errorOf(await context.post('ListQueues', body));
        assert.deepEqual([type, status], ['SerializationException', 400]);
      }
    },
    async 'a value of the wrong JSON type is refused'(context, { url: QueueUrl }) {
      const wrong: readonly (readonly [string, object])[] = [
        ['SendMessage', { QueueUrl, MessageBody: 5 }],
        ['SendMessage', { QueueUrl, MessageBody: 'x', MessageAttributes: [] }],
        ['ReceiveMessage', { QueueUrl, MaxNumberOfMessages: 'ten' }],
        ['SendMessageBatch', { QueueUrl, Entries: {} }],
        ['CreateQueue', { QueueName: {} }],
      ];
      for (const [operation, body] of wrong) {
        const { type, status } = await errorOf(await context.post(operation, body));
        assert.deepEqual([operation, type, status], [operation, 'SerializationException', 400]);
      }
    },
    async 'a missing parameter is named'(context) {
      const response = await context.post('ReceiveMessage', {});
      const { query, status } = await errorOf(response);
      assert.deepEqual([query, status], ['MissingParameter;Sender', 400]);
    },
  }),
  ...rulesOf("moto's tests of SQS, verified against AWS", {
    async 'a QueueUrl that leads nowhere is that of a queue which does not exist'(context) {
      for (const QueueUrl of ['nowhere', 'http://whatever', 'http://whatever/queue']) {
        const { query, status } = await errorOf(
          await context.post('SendMessage', { QueueUrl, MessageBody: 'x' }),
        );
        assert.deepEqual([query, status], ['AWS.SimpleQueueService.NonExistentQueue;Sender', 400]);
      }
    },
  }),
  ...rulesOf(seenOnAws('by four tests', '2024-08-20'), {
    async 'the bare name of a queue does for its URL'(context) {
      const { name } = await context.createQueue();
      const response = await context.post('SendMessage', { QueueUrl: name, MessageBody: 'x' });
      assert.equal(response.status, 200);
    },
  }),
];
