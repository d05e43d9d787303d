import assert from 'node:assert/strict';
import { bodiesOf, type Rule, refuses, rulesOf, seenOnAws } from './rule.ts';

const receive = 'ReceiveMessage';
const byName = seenOnAws('test_receive_message_message_attribute_names_filters', '2024-04-30');
const polling = 'Amazon SQS short and long polling';
const text = (value: string) => ({ DataType: 'String', StringValue: value });

/** Receiving: what comes, how much of it is shown, how long one waits. */
export const receiveRules: readonly Rule[] = [
  ...rulesOf(receive, {
    async 'a receive brings one message unless asked for more'(context, queue) {
      await context.send(queue, 'a');
      await context.send(queue, 'b');
      await context.receiveOne(queue);
    },
    async 'a receive brings at most as many messages as asked for, each once'(context, queue) {
      for (const body of ['a', 'b', 'c', 'd', 'e']) await context.send(queue, body);
      const first = await context.receive(queue, { MaxNumberOfMessages: 3 });
      const second = await context.receive(queue, { MaxNumberOfMessages: 10 });
      assert(first.length <= 3);
      assert.deepEqual(bodiesOf([...first, ...second]), ['a', 'b', 'c', 'd', 'e']);
    },
    async 'a receive asks for 1 to 10 messages'(context, queue) {
      await refuses(context.receive(queue, { MaxNumberOfMessages: 0 }), 'InvalidParameterValue');
      await refuses(context.receive(queue, { MaxNumberOfMessages: 11 }), 'InvalidParameterValue');
    },
    async 'a receive waits 0 to 20 seconds'(context, queue) {
      await refuses(context.receive(queue, { WaitTimeSeconds: -1 }), 'InvalidParameterValue');
      await refuses(context.receive(queue, { WaitTimeSeconds: 21 }), 'InvalidParameterValue');
    },
    async 'a receive hides messages for 0 to 43200 seconds'(context, queue) {
      await refuses(context.receive(queue, { VisibilityTimeout: -1 }), 'InvalidParameterValue');
      await refuses(context.receive(queue, { VisibilityTimeout: 43_201 }), 'InvalidParameterValue');
    },
    async 'a received message has its id, body, MD5 and a receipt handle, and nothing that was not asked for'(
      context,
      queue,
    ) {
      const { MessageId } = await context.send(queue, 'hello', { MessageAttributes: { a: text('v') } });
      const message = await context.receiveOne(queue);
      assert.deepEqual(Object.keys(message).toSorted(), ['Body', 'MD5OfBody', 'MessageId', 'ReceiptHandle']);
      assert.equal(message.MessageId, MessageId);
      assert.equal(message.MD5OfBody, '5d41402abc4b2a76b9719d911017c592');
    },
    async 'system attributes tell sender, times and receive count'(context, queue) {
      await context.send(queue, 'x');
      const { Attributes } = await context.receiveOne(queue, { MessageSystemAttributeNames: ['All'] });
      const { SenderId, SentTimestamp, ApproximateReceiveCount, ApproximateFirstReceiveTimestamp, ...rest } =
        Attributes ?? {};
      assert.notEqual(SenderId ?? '', '');
      assert.match(SentTimestamp ?? '', /^\d{13}$/);
      assert.match(ApproximateFirstReceiveTimestamp ?? '', /^\d{13}$/);
      assert.equal(ApproximateReceiveCount, '1');
      assert.deepEqual(rest, {});
    },
    async 'the older parameter AttributeNames asks for system attributes, too'(context, queue) {
      await context.send(queue, 'x');
      const response = await context.post('ReceiveMessage', {
        QueueUrl: queue.url,
        AttributeNames: ['ApproximateReceiveCount'],
      });
      assert.match(await response.text(), /"Attributes": ?\{"ApproximateReceiveCount": ?"1"\}/);
    },
    async 'an unknown system attribute is refused'(context, { url }) {
      const response = await context.post('ReceiveMessage', {
        QueueUrl: url,
        MessageSystemAttributeNames: ['Colour'],
      });
      assert.equal(response.status, 400);
    },
    async 'the MD5 of attributes on receive covers those that are shown'(context, queue) {
      const one = await context.send(await context.createQueue(), 'x', {
        MessageAttributes: { a: text('v') },
      });
      await context.send(queue, 'x', { MessageAttributes: { a: text('v'), b: text('w') } });
      const message = await context.receiveOne(queue, { MessageAttributeNames: ['a'] });
      assert.equal(message.MD5OfMessageAttributes, one.MD5OfMessageAttributes);
    },
  }),
  ...(
    [
      ['All brings every attribute', ['All'], ['Hello', 'Help.Me', 'other']],
      ['.* brings every attribute', ['.*'], ['Hello', 'Help.Me', 'other']],
      ['* brings every attribute', ['*'], ['Hello', 'Help.Me', 'other'], byName],
      ['a name brings that attribute', ['other', 'absent'], ['other']],
      ['a prefix brings every attribute that begins with it', ['Help.*'], ['Help.Me']],
    ] as const
  ).map(
    ([name, asked, expected, source = receive]): Rule => ({
      name: `of a message’s attributes, ${name}`,
      source,
      async run(context) {
        const queue = await context.createQueue();
        const MessageAttributes = { Hello: text('a'), 'Help.Me': text('b'), other: text('c') };
        await context.send(queue, 'x', { MessageAttributes });
        const message = await context.receiveOne(queue, { MessageAttributeNames: [...asked] });
        assert.deepEqual(Object.keys(message.MessageAttributes ?? {}).toSorted(), expected);
      },
    }),
  ),
  ...rulesOf('Message metadata for Amazon SQS', {
    async 'binary attributes come back byte for byte'(context, queue) {
      const bytes = Uint8Array.from({ length: 256 }, (_, i) => i);
      const MessageAttributes = { a: { DataType: 'Binary.raw', BinaryValue: bytes } };
      await context.send(queue, 'x', { MessageAttributes });
      const message = await context.receiveOne(queue, { MessageAttributeNames: ['All'] });
      assert.deepEqual(Buffer.from(message.MessageAttributes?.['a']?.BinaryValue ?? []), Buffer.from(bytes));
      assert.equal(message.MessageAttributes?.['a']?.DataType, 'Binary.raw');
    },
  }),
  ...rulesOf(polling, {
    async 'a short poll of an empty queue answers at once with nothing'(context) {
      assert.deepEqual(await context.receive(await context.createQueue()), []);
    },
    async 'a long poll is answered by a message that is sent meanwhile'(context, queue) {
      const polled = context.receive(queue, { WaitTimeSeconds: 20 });
      await context.pollArrives();
      await context.send(queue, 'news');
      assert.deepEqual(bodiesOf(await polled), ['news']);
    },
    async 'a long poll is answered when a message’s delay ends'(context, queue) {
      await context.send(queue, 'later', { DelaySeconds: 2 });
      const polled = context.receive(queue, { WaitTimeSeconds: 5 });
      await context.pollArrives();
      await context.advance(2_000);
      assert.deepEqual(bodiesOf(await polled), ['later']);
    },
    async 'a long poll is answered when a message’s visibility timeout ends'(context, queue) {
      await context.send(queue, 'again');
      await context.receiveOne(queue, { VisibilityTimeout: 2 });
      const polled = context.receive(queue, { WaitTimeSeconds: 5 });
      await context.pollArrives();
      await context.advance(2_000);
      assert.deepEqual(bodiesOf(await polled), ['again']);
    },
    async 'a long poll of an empty queue ends with nothing when its time is over'(context, queue) {
      const polled = context.receive(queue, { WaitTimeSeconds: 1 });
      await context.pollArrives();
      await context.advance(1_000);
      assert.deepEqual(await polled, []);
    },
    async 'a queue’s own wait time makes every receive a long poll'(context) {
      const queue = await context.createQueue({ ReceiveMessageWaitTimeSeconds: '20' });
      const polled = context.receive(queue);
      await context.pollArrives();
      await context.send(queue, 'news');
      assert.deepEqual(bodiesOf(await polled), ['news']);
    },
    async 'of two long polls, one message answers one'(context, queue) {
      const polls = [context.receive(queue, { WaitTimeSeconds: 2 })];
      await context.pollArrives();
      polls.push(context.receive(queue, { WaitTimeSeconds: 2 }));
      await context.pollArrives();
      await context.send(queue, 'news');
      await context.advance(2_000);
      assert.deepEqual(bodiesOf((await Promise.all(polls)).flat()), ['news']);
    },
  }),
  ...rulesOf('Avoiding inconsistent message processing in Amazon SQS', {
    async 'a caller who hangs up during a long poll takes no message with him'(context, queue) {
      const controller = new AbortController();
      const polled = context.sqs
        .receiveMessage({ QueueUrl: queue.url, WaitTimeSeconds: 20 }, { abortSignal: controller.signal })
        .catch(() => undefined);
      await context.pollArrives();
      controller.abort();
      await polled;
      // The service learns of it when the socket closes, a moment after the caller has gone.
      await new Promise<void>((resolve) => void setTimeout(resolve, 100));
      await context.send(queue, 'news');
      assert.equal((await context.receiveOne(queue)).Body, 'news');
    },
  }),
  ...rulesOf('Amazon SQS message quotas', {
    async 'messages are kept for the retention period and not longer'(context) {
      const queue = await context.createQueue({ MessageRetentionPeriod: '60' });
      await context.send(queue, 'old');
      await context.advance(59_000);
      await context.receiveOne(queue, { VisibilityTimeout: 1 });
      await context.advance(1_500);
      assert.deepEqual(await context.receive(queue), []);
      assert.deepEqual(await context.counts(queue.url), ['0', '0', '0']);
    },
  }),
];
