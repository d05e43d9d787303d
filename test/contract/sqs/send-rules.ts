import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { type Rule, refuses, seenOnAws } from './rule.ts';

const send = 'SendMessage';
const quotas = 'Amazon SQS message quotas';
const metadata = 'Message metadata for Amazon SQS';
const text = (value: string, type = 'String') => ({ DataType: type, StringValue: value });

const manyAttributes = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`a${i}`, text('v')]));

/** A part of the digest: its length in 4 bytes, then itself. */
const part = (bytes: Buffer) => Buffer.concat([Buffer.of(0, 0, 0, bytes.length), bytes]);

/** An attribute's share of the digest; the transport is 1 for text and 2 for binary. */
const attribute = (name: string, type: string, transport: number, value: Buffer) => [
  part(Buffer.from(name)),
  part(Buffer.from(type)),
  Buffer.of(transport),
  part(value),
];

/** Sending one message: contents, attributes, sizes, delays. */
export const sendRules: readonly Rule[] = [
  {
    name: 'the answer has the MD5 of the body',
    source: send,
    async run(context) {
      const body = 'Grüße, 世界 🎉';
      const { MD5OfMessageBody, MessageId } = await context.send(await context.createQueue(), body);
      assert.equal(MD5OfMessageBody, createHash('md5').update(body).digest('hex'));
      assert.match(MessageId ?? '', /^[0-9a-f-]{36}$/);
    },
  },
  {
    name: 'the MD5 of attributes is the documented one over sorted names, types and values',
    source: metadata,
    async run(context) {
      const { MD5OfMessageAttributes } = await context.send(await context.createQueue(), 'x', {
        MessageAttributes: {
          b: { DataType: 'Binary', BinaryValue: Uint8Array.of(0, 255, 1) },
          a: text('é'),
          c: text('17', 'Number.int'),
        },
      });
      const expected = createHash('md5')
        .update(
          Buffer.concat([
            ...attribute('a', 'String', 1, Buffer.from('é')),
            ...attribute('b', 'Binary', 2, Buffer.of(0, 255, 1)),
            ...attribute('c', 'Number.int', 1, Buffer.from('17')),
          ]),
        )
        .digest('hex');
      assert.equal(MD5OfMessageAttributes, expected);
    },
  },
  {
    name: 'a message without attributes has no MD5 of attributes',
    source: send,
    async run(context) {
      const { MD5OfMessageAttributes } = await context.send(await context.createQueue(), 'x');
      assert.equal(MD5OfMessageAttributes, undefined);
    },
  },
  {
    name: 'emoji and every other character of XML 1.0 come back unharmed',
    source: quotas,
    async run(context) {
      const queue = await context.createQueue();
      const body = '\t\n\r ~\u007f\u0085\ud7ff\ue000\ufffd\u{10000}\u{1f44b}\u{1fffe}\u{10ffff}';
      await context.send(queue, body);
      const { Body } = await context.receiveOne(queue);
      assert.equal(Body, body);
    },
  },
  {
    name: 'characters that XML 1.0 does not have are refused',
    source: send,
    async run(context) {
      const queue = await context.createQueue();
      for (const bad of ['\u0000', '\u0008', '\u000b', '\u001f', '\ufffe', '\uffff'])
        await refuses(context.send(queue, `a${bad}b`), 'InvalidMessageContents');
    },
  },
  {
    name: 'an empty body is refused',
    source: send,
    async run(context) {
      await refuses(context.send(await context.createQueue(), ''), 'MissingParameter');
    },
  },
  {
    name: 'a body of 1 MiB is accepted',
    source: quotas,
    async run(context) {
      await context.send(await context.createQueue(), 'x'.repeat(1_048_576));
    },
  },
  {
    name: 'a body of 1 MiB and one byte is refused',
    source: quotas,
    async run(context) {
      const queue = await context.createQueue();
      await refuses(context.send(queue, 'x'.repeat(1_048_577)), 'InvalidParameterValue');
    },
  },
  {
    name: 'size counts bytes of UTF-8, not characters',
    source: quotas,
    async run(context) {
      const queue = await context.createQueue({ MaximumMessageSize: '1024' });
      await context.send(queue, 'é'.repeat(512));
      await refuses(context.send(queue, `${'é'.repeat(512)}x`), 'InvalidParameterValue');
    },
  },
  {
    name: 'names, types and values of attributes count towards the size',
    source: metadata,
    async run(context) {
      const queue = await context.createQueue({ MaximumMessageSize: '1024' });
      const MessageAttributes = { name: text('value') };
      const attributeBytes = 'name'.length + 'String'.length + 'value'.length;
      await context.send(queue, 'x'.repeat(1_024 - attributeBytes), { MessageAttributes });
      await refuses(
        context.send(queue, 'x'.repeat(1_025 - attributeBytes), { MessageAttributes }),
        'InvalidParameterValue',
      );
    },
  },
  {
    name: 'ten attributes are accepted, eleven are not',
    source: quotas,
    async run(context) {
      const queue = await context.createQueue();
      await context.send(queue, 'x', { MessageAttributes: manyAttributes(10) });
      await refuses(
        context.send(queue, 'x', { MessageAttributes: manyAttributes(11) }),
        'InvalidParameterValue',
      );
    },
  },
  {
    // The documentation has A-Z and a-z only.
    name: 'attribute names have letters of any alphabet, digits, _, - and . inside, up to 256 characters',
    source: seenOnAws('test_send_message_with_invalid_string_attributes'),
    async run(context) {
      const queue = await context.createQueue();
      const sendWith = (name: string) =>
        context.send(queue, 'x', { MessageAttributes: { [name]: text('v') } });
      await sendWith('a-Z_0.9');
      await sendWith('attr.1øßä');
      await sendWith('a'.repeat(256));
      for (const bad of ['a'.repeat(257), 'a b', 'a!', 'a§', '.a', 'a.', 'a..b'])
        await refuses(sendWith(bad), 'InvalidParameterValue');
    },
  },
  {
    name: 'attribute names that begin with AWS. or Amazon. in any case are refused',
    source: metadata,
    async run(context) {
      const queue = await context.createQueue();
      for (const name of ['AWS.x', 'aws.x', 'Amazon.x', 'AMAZON.x'])
        await refuses(
          context.send(queue, 'x', { MessageAttributes: { [name]: text('v') } }),
          'InvalidParameterValue',
        );
    },
  },
  {
    name: 'attribute types are String, Number and Binary, with a label of one’s own after a dot',
    source: metadata,
    async run(context) {
      const queue = await context.createQueue();
      const sendWith = (type: string) =>
        context.send(queue, 'x', { MessageAttributes: { a: text('1', type) } });
      for (const type of ['String', 'Number', 'String.colour', 'Number.int']) await sendWith(type);
      for (const type of ['', 'string', 'Text', 'Strings'])
        await refuses(sendWith(type), 'InvalidParameterValue');
    },
  },
  {
    name: 'an attribute value must not be empty and must be in the field of its type',
    source: metadata,
    async run(context) {
      const queue = await context.createQueue();
      const sendWith = (a: { DataType: string; StringValue?: string; BinaryValue?: Uint8Array }) =>
        context.send(queue, 'x', { MessageAttributes: { a } });
      await refuses(sendWith(text('')), 'InvalidParameterValue');
      await refuses(sendWith({ DataType: 'String' }), 'InvalidParameterValue');
      await refuses(sendWith(text('v', 'Binary')), 'InvalidParameterValue');
      await refuses(sendWith({ DataType: 'String', BinaryValue: Uint8Array.of(1) }), 'InvalidParameterValue');
    },
  },
  {
    name: 'a Number attribute must be a number',
    source: metadata,
    async run(context) {
      const queue = await context.createQueue();
      const sendWith = (value: string) =>
        context.send(queue, 'x', { MessageAttributes: { a: text(value, 'Number') } });
      for (const value of ['0', '-12.50', '1e10']) await sendWith(value);
      for (const value of ['ten', '1,5', '--1', '1'.repeat(39)])
        await refuses(sendWith(value), 'InvalidParameterValue');
    },
  },
  {
    name: 'attribute values have the same characters as bodies, and another error',
    source: seenOnAws('test_send_message_with_invalid_string_attributes'),
    async run(context) {
      const queue = await context.createQueue();
      for (const illegal of ['\b', '\v', '\uffff'])
        await refuses(
          context.send(queue, 'x', { MessageAttributes: { a: text(illegal) } }),
          'InvalidParameterValue',
        );
    },
  },
  {
    name: 'a trace header is kept, and has an MD5 of its own',
    source: metadata,
    async run(context) {
      const queue = await context.createQueue();
      const { MD5OfMessageSystemAttributes } = await context.send(queue, 'x', {
        MessageSystemAttributes: { AWSTraceHeader: text('Root=1-0-0') },
      });
      const { Attributes } = await context.receiveOne(queue, {
        MessageSystemAttributeNames: ['AWSTraceHeader'],
      });
      assert.match(MD5OfMessageSystemAttributes ?? '', /^[0-9a-f]{32}$/);
      assert.deepEqual(Attributes, { AWSTraceHeader: 'Root=1-0-0' });
    },
  },
  {
    name: 'the header X-Amzn-Trace-Id of a send becomes its trace header, unless it brings one itself',
    source: seenOnAws('by a test of trace headers', '2025-06-27'),
    async run(context) {
      const queue = await context.createQueue();
      const sendWith = (more: object) =>
        context.post(
          'SendMessage',
          { QueueUrl: queue.url, MessageBody: 'x', ...more },
          { 'x-amzn-trace-id': 'Root=1-1-1' },
        );
      const ofReceived = async () =>
        (await context.receiveOne(queue, { MessageSystemAttributeNames: ['AWSTraceHeader'] })).Attributes;
      await sendWith({});
      assert.deepEqual(await ofReceived(), { AWSTraceHeader: 'Root=1-1-1' });
      await sendWith({ MessageSystemAttributes: { AWSTraceHeader: text('Root=1-0-0') } });
      assert.deepEqual(await ofReceived(), { AWSTraceHeader: 'Root=1-0-0' });
    },
  },
  {
    name: 'a delayed message is invisible until its delay is over',
    source: 'Amazon SQS message timers',
    async run(context) {
      const queue = await context.createQueue();
      await context.send(queue, 'later', { DelaySeconds: 2 });
      assert.deepEqual(await context.receive(queue), []);
      await context.advance(2_100);
      assert.equal((await context.receiveOne(queue)).Body, 'later');
    },
  },
  {
    name: 'a queue’s delay holds for its messages, unless a message has its own',
    source: 'Amazon SQS delay queues',
    async run(context) {
      const queue = await context.createQueue({ DelaySeconds: '900' });
      await context.send(queue, 'delayed');
      await context.send(queue, 'at once', { DelaySeconds: 0 });
      const messages = await context.receive(queue, { MaxNumberOfMessages: 10 });
      assert.deepEqual(
        messages.map(({ Body }) => Body),
        ['at once'],
      );
    },
  },
  {
    name: 'a message’s delay is 0 to 900 seconds',
    source: send,
    async run(context) {
      const queue = await context.createQueue();
      await context.send(queue, 'x', { DelaySeconds: 900 });
      await refuses(context.send(queue, 'x', { DelaySeconds: 901 }), 'InvalidParameterValue');
      await refuses(context.send(queue, 'x', { DelaySeconds: -1 }), 'InvalidParameterValue');
    },
  },
  {
    name: 'sending to an unknown queue says so',
    source: send,
    async run(context) {
      const { url, ...rest } = await context.createQueue();
      await refuses(
        context.send({ ...rest, url: `${url}x` }, 'x'),
        'QueueDoesNotExist',
        'AWS.SimpleQueueService.NonExistentQueue',
      );
    },
  },
  {
    name: 'a standard queue takes a group id and gives it back (fair queues)',
    source: 'Amazon SQS fair queues',
    async run(context) {
      const queue = await context.createQueue();
      await context.send(queue, 'x', { MessageGroupId: 'tenant-1' });
      const { Attributes } = await context.receiveOne(queue, { MessageSystemAttributeNames: ['All'] });
      assert.equal(Attributes?.MessageGroupId, 'tenant-1');
    },
  },
  {
    name: 'a standard queue refuses a deduplication id',
    source: send,
    async run(context) {
      const queue = await context.createQueue();
      await refuses(context.send(queue, 'x', { MessageDeduplicationId: 'one' }), 'InvalidParameterValue');
    },
  },
];
