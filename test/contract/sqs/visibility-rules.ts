import assert from 'node:assert/strict';
import { present, type Rule, refuses, rulesOf, seenOnAws } from './rule.ts';

const timeout = 'Amazon SQS visibility timeout';
const change = 'ChangeMessageVisibility';
const remove = 'DeleteMessage';

/** What happens between receive and delete. */
export const visibilityRules: readonly Rule[] = [
  ...rulesOf(timeout, {
    async 'a received message is hidden from other receivers'(context, queue) {
      await context.received(queue);
      assert.deepEqual(await context.receive(queue), []);
    },
    async 'a message that nobody deletes is visible again after the queue’s visibility timeout'(context) {
      const queue = await context.createQueue({ VisibilityTimeout: '2' });
      const { MessageId } = await context.received(queue);
      await context.advance(1_000);
      assert.deepEqual(await context.receive(queue), []);
      await context.advance(1_200);
      assert.equal((await context.receiveOne(queue)).MessageId, MessageId);
    },
    async 'with a visibility timeout of 0 a message stays visible'(context, queue) {
      await context.received(queue, { VisibilityTimeout: 0 });
      await context.receiveOne(queue);
    },
    async 'a message can be hidden for 12 hours from its receive in all, not longer'(context, queue) {
      const { ReceiptHandle } = await context.received(queue);
      const set = (VisibilityTimeout: number) =>
        context.sqs.changeMessageVisibility({ QueueUrl: queue.url, ReceiptHandle, VisibilityTimeout });
      await context.advance(3_000);
      await set(43_190);
      await refuses(set(43_199), 'InvalidParameterValue');
    },
  }),
  ...rulesOf('ReceiveMessage', {
    async 'a receive’s own visibility timeout goes before the queue’s'(context) {
      const queue = await context.createQueue({ VisibilityTimeout: '1' });
      await context.received(queue, { VisibilityTimeout: 600 });
      await context.advance(1_500);
      assert.deepEqual(await context.receive(queue), []);
    },
    async 'each receive counts, and the first one’s time stays'(context, queue) {
      await context.send(queue, 'x');
      const MessageSystemAttributeNames = ['All' as const];
      const first = await context.receiveOne(queue, { VisibilityTimeout: 0, MessageSystemAttributeNames });
      await context.advance(1_000);
      const second = await context.receiveOne(queue, { MessageSystemAttributeNames });
      assert.equal(second.Attributes?.ApproximateReceiveCount, '2');
      assert.equal(
        second.Attributes?.ApproximateFirstReceiveTimestamp,
        first.Attributes?.ApproximateFirstReceiveTimestamp,
      );
    },
  }),
  ...rulesOf(remove, {
    async 'each receive has another receipt handle'(context, queue) {
      const first = await context.received(queue, { VisibilityTimeout: 0 });
      const second = await context.receiveOne(queue);
      assert.notEqual(second.ReceiptHandle, first.ReceiptHandle);
    },
    async 'a deleted message does not come back'(context) {
      const queue = await context.createQueue({ VisibilityTimeout: '1' });
      const { ReceiptHandle } = await context.received(queue);
      await context.sqs.deleteMessage({ QueueUrl: queue.url, ReceiptHandle });
      await context.advance(1_200);
      assert.deepEqual(await context.receive(queue), []);
    },
    async 'deleting twice succeeds'(context, queue) {
      const { ReceiptHandle } = await context.received(queue);
      await context.sqs.deleteMessage({ QueueUrl: queue.url, ReceiptHandle });
      await context.sqs.deleteMessage({ QueueUrl: queue.url, ReceiptHandle });
    },
    async 'a message that became visible again can be deleted with its latest handle'(context, queue) {
      const { ReceiptHandle } = await context.received(queue, { VisibilityTimeout: 1 });
      await context.advance(1_200);
      await context.sqs.deleteMessage({ QueueUrl: queue.url, ReceiptHandle });
      assert.deepEqual(await context.receive(queue), []);
    },
    async 'deleting with an older handle succeeds, whether or not it deletes'(context, queue) {
      const { ReceiptHandle } = await context.received(queue, { VisibilityTimeout: 0 });
      await context.receiveOne(queue);
      await context.sqs.deleteMessage({ QueueUrl: queue.url, ReceiptHandle });
    },
    async 'a receipt handle that is none is refused'(context, { url: QueueUrl }) {
      for (const ReceiptHandle of ['garbage', 'é', 'Z2FyYmFnZQ=='])
        await refuses(context.sqs.deleteMessage({ QueueUrl, ReceiptHandle }), 'ReceiptHandleIsInvalid');
    },
    async 'a receipt handle is needed'(context, { url }) {
      const response = await context.post('DeleteMessage', { QueueUrl: url });
      assert.equal(response.status, 400);
      assert.match(response.headers.get('x-amzn-query-error') ?? '', /^MissingParameter;/);
    },
  }),
  ...rulesOf(change, {
    async 'changing the visibility to 0 shows the message at once'(context, queue) {
      const { ReceiptHandle } = await context.received(queue);
      await context.sqs.changeMessageVisibility({ QueueUrl: queue.url, ReceiptHandle, VisibilityTimeout: 0 });
      await context.receiveOne(queue);
    },
    async 'a changed visibility timeout begins when it is changed'(context) {
      const queue = await context.createQueue({ VisibilityTimeout: '2' });
      const { ReceiptHandle } = await context.received(queue);
      await context.advance(1_000);
      await context.sqs.changeMessageVisibility({ QueueUrl: queue.url, ReceiptHandle, VisibilityTimeout: 3 });
      await context.advance(2_000);
      assert.deepEqual(await context.receive(queue), []);
      await context.advance(1_200);
      await context.receiveOne(queue);
    },
    async 'a changed visibility timeout holds for this receive only'(context) {
      const queue = await context.createQueue({ VisibilityTimeout: '600' });
      const { ReceiptHandle } = await context.received(queue);
      await context.sqs.changeMessageVisibility({ QueueUrl: queue.url, ReceiptHandle, VisibilityTimeout: 1 });
      await context.advance(1_200);
      await context.receiveOne(queue);
      await context.advance(1_200);
      assert.deepEqual(await context.receive(queue), []);
    },
    async 'the visibility timeout of a message is 0 to 43200 seconds'(context, queue) {
      const { ReceiptHandle } = await context.received(queue);
      const set = (VisibilityTimeout: number) =>
        context.sqs.changeMessageVisibility({ QueueUrl: queue.url, ReceiptHandle, VisibilityTimeout });
      await refuses(set(-1), 'InvalidParameterValue');
      await refuses(set(43_201), 'InvalidParameterValue');
    },
    async 'the visibility of a deleted message cannot be changed'(context, queue) {
      const { ReceiptHandle } = await context.received(queue);
      await context.sqs.deleteMessage({ QueueUrl: queue.url, ReceiptHandle });
      await refuses(
        context.sqs.changeMessageVisibility({
          QueueUrl: queue.url,
          ReceiptHandle: present(ReceiptHandle),
          VisibilityTimeout: 60,
        }),
        'InvalidParameterValue',
        'ReceiptHandleIsInvalid',
      );
    },
  }),
  ...rulesOf(seenOnAws('test_change_message_visibility_after_visibility_timeout_expiration', '2024-04-30'), {
    // The documentation has MessageNotInflight for this; nobody has seen it (moto, pull request 4655).
    async 'a message whose visibility timeout has lapsed can be hidden again'(context, queue) {
      const { ReceiptHandle } = await context.received(queue, { VisibilityTimeout: 1 });
      await context.advance(1_200);
      await context.sqs.changeMessageVisibility({
        QueueUrl: queue.url,
        ReceiptHandle,
        VisibilityTimeout: 60,
      });
      assert.deepEqual(await context.receive(queue), []);
    },
    async 'a lapsed message can be hidden again in a batch, too'(context, queue) {
      const { ReceiptHandle } = await context.received(queue, { VisibilityTimeout: 0 });
      const { Failed = [] } = await context.sqs.changeMessageVisibilityBatch({
        QueueUrl: queue.url,
        Entries: [{ Id: 'a', ReceiptHandle, VisibilityTimeout: 60 }],
      });
      assert.deepEqual(Failed, []);
      assert.deepEqual(await context.receive(queue), []);
    },
  }),
  ...rulesOf(seenOnAws('test_terminate_visibility_timeout_after_receive'), {
    async 'the handle of an earlier receive changes the visibility as well'(context, queue) {
      const { ReceiptHandle } = await context.received(queue, { VisibilityTimeout: 0 });
      await context.receiveOne(queue, { VisibilityTimeout: 600 });
      await context.sqs.changeMessageVisibility({ QueueUrl: queue.url, ReceiptHandle, VisibilityTimeout: 0 });
      await context.receiveOne(queue);
    },
  }),
];
