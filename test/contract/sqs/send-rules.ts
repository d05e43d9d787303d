import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { type Rule, refuses, rulesOf, seenOnAws } from './rule.ts';

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
  ...rulesOf(send, {
    async 'the answer has the MD5 of the body'(context) {
      const body = 'Grüße, 世界 🎉';
      const { MD5OfMessageBody, MessageId } = await context.send(await context.createQueue(), body);
      assert.equal(MD5OfMessageBody, createHash('md5').update(body).digest('hex'));
      assert.match(MessageId ?? '', /^[0-9a-f-]{36}$/);
    },
    async 'a message without attributes has no MD5 of attributes'(context) {
      const { MD5OfMessageAttributes } = await context.send(await context.createQueue(), 'x');
      assert.equal(MD5OfMessageAttributes, undefined);
    },
    async 'characters that XML 1.0 does not have are refused'(context, queue) {
      for (const bad of ['\u0000', '\u0008', '\u000b', '\u001f', '\ufffe', '\uffff'])
        await refuses(context.send(queue, `a${bad}b`), 'InvalidMessageContents');
    },
    async 'an empty body is refused'(context) {
      await refuses(context.send(await context.createQueue(), ''), 'MissingParameter');
    },
    async 'a message’s delay is 0 to 900 seconds'(context, queue) {
      await context.send(queue, 'x', { DelaySeconds: 900 });
      await refuses(context.send(queue, 'x', { DelaySeconds: 901 }), 'InvalidParameterValue');
      await refuses(context.send(queue, 'x', { DelaySeconds: -1 }), 'InvalidParameterValue');
    },
    async 'sending to an unknown queue says so'(context) {
      const { url, ...rest } = await context.createQueue();
      await refuses(
        context.send({ ...rest, url: `${url}x` }, 'x'),
        'QueueDoesNotExist',
        'AWS.SimpleQueueService.NonExistentQueue',
      );
    },
    async 'a standard queue refuses a deduplication id'(context, queue) {
      await refuses(context.send(queue, 'x', { MessageDeduplicationId: 'one' }), 'InvalidParameterValue');
    },
  }),
  ...rulesOf(metadata, {
    async 'the MD5 of attributes is the documented one over sorted names, types and values'(context) {
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
    async 'names, types and values of attributes count towards the size'(context) {
      const queue = await context.createQueue({ MaximumMessageSize: '1024' });
      const MessageAttributes = { name: text('value') };
      const attributeBytes = 'name'.length + 'String'.length + 'value'.length;
      await context.send(queue, 'x'.repeat(1_024 - attributeBytes), { MessageAttributes });
      await refuses(
        context.send(queue, 'x'.repeat(1_025 - attributeBytes), { MessageAttributes }),
        'InvalidParameterValue',
      );
    },
    async 'attribute names that begin with AWS. or Amazon. in any case are refused'(context, queue) {
      for (const name of ['AWS.x', 'aws.x', 'Amazon.x', 'AMAZON.x'])
        await refuses(
          context.send(queue, 'x', { MessageAttributes: { [name]: text('v') } }),
          'InvalidParameterValue',
        );
    },
    async 'attribute types are String, Number and Binary, with a label of one’s own after a dot'(
      context,
      queue,
    ) {
      const sendWith = (type: string) =>
        context.send(queue, 'x', { MessageAttributes: { a: text('1', type) } });
      for (const type of ['String', 'Number', 'String.colour', 'Number.int']) await sendWith(type);
      for (const type of ['', 'string', 'Text', 'Strings'])
        await refuses(sendWith(type), 'InvalidParameterValue');
    },
    async 'an attribute value must not be empty and must be in the field of its type'(context, queue) {
      const sendWith = (a: { DataType: string; StringValue?: string; BinaryValue?: Uint8Array }) =>
        context.send(queue, 'x', { MessageAttributes: { a } });
      await refuses(sendWith(text('')), 'InvalidParameterValue');
      await refuses(sendWith({ DataType: 'String' }), 'InvalidParameterValue');
      await refuses(sendWith(text('v', 'Binary')), 'InvalidParameterValue');
      await refuses(sendWith({ DataType: 'String', BinaryValue: Uint8Array.of(1) }), 'InvalidParameterValue');
    },
    async 'a Number attribute must be a number'(context, queue) {
      const sendWith = (value: string) =>
        context.send(queue, 'x', { MessageAttributes: { a: text(value, 'Number') } });
      for (const value of ['0', '-12.50', '1e10']) await sendWith(value);
      for (const value of ['ten', '1,5', '--1', '1'.repeat(39)])
        await refuses(sendWith(value), 'InvalidParameterValue');
    },
    async 'a trace header is kept, and has an MD5 of its own'(context, queue) {
      const { MD5OfMessageSystemAttributes } = await context.send(queue, 'x', {
        MessageSystemAttributes: { AWSTraceHeader: text('Root=1-0-0') },
      });
      const { Attributes } = await context.receiveOne(queue, {
        MessageSystemAttributeNames: ['AWSTraceHeader'],
      });
      assert.match(MD5OfMessageSystemAttributes ?? '', /^[0-9a-f]{32}$/);
      assert.deepEqual(Attributes, { AWSTraceHeader: 'Root=1-0-0' });
    },
  }),
  ...rulesOf(quotas, {
    async 'emoji and every other character of XML 1.0 come back unharmed'(context, queue) {
      const body = '\t\n\r ~\u007f\u0085\ud7ff\ue000\ufffd\u{10000}\u{1f44b}\u{1fffe}\u{10ffff}';
      await context.send(queue, body);
      const { Body } = await context.receiveOne(queue);
      assert.equal(Body, body);
    },
    async 'a body of 1 MiB is accepted'(context) {
      await context.send(await context.createQueue(), 'x'.repeat(1_048_576));
    },
    async 'a body of 1 MiB and one byte is refused'(context, queue) {
      await refuses(context.send(queue, 'x'.repeat(1_048_577)), 'InvalidParameterValue');
    },
    async 'size counts bytes of UTF-8, not characters'(context) {
      const queue = await context.createQueue({ MaximumMessageSize: '1024' });
      await context.send(queue, 'é'.repeat(512));
      await refuses(context.send(queue, `${'é'.repeat(512)}x`), 'InvalidParameterValue');
    },
    async 'ten attributes are accepted, eleven are not'(context, queue) {
      await context.send(queue, 'x', { MessageAttributes: manyAttributes(10) });
      await refuses(
        context.send(queue, 'x', { MessageAttributes: manyAttributes(11) }),
        'InvalidParameterValue',
      );
    },
  }),
  ...rulesOf(seenOnAws('test_send_message_with_invalid_string_attributes'), {
    // The documentation has A-Z and a-z only.
    async 'attribute names have letters of any alphabet, digits, _, - and . inside, up to 256 characters'(
      context,
      queue,
    ) {
      const sendWith = (name: string) =>
        context.send(queue, 'x', { MessageAttributes: { [name]: text('v') } });
      await sendWith('a-Z_0.9');
      await sendWith('attr.1øßä');
      await sendWith('a'.repeat(256));
      for (const bad of ['a'.repeat(257), 'a b', 'a!', 'a§', '.a', 'a.', 'a..b'])
        await refuses(sendWith(bad), 'InvalidParameterValue');
    },
    async 'attribute values have the same characters as bodies, and another error'(context, queue) {
      for (const illegal of ['\b', '\v', '\uffff'])
        await refuses(
          context.send(queue, 'x', { MessageAttributes: { a: text(illegal) } }),
          'InvalidParameterValue',
        );
    },
  }),
  ...rulesOf(seenOnAws('by a test of trace headers', '2025-06-27'), {
    async 'the header X-Amzn-Trace-Id of a send becomes its trace header, unless it brings one itself'(
      context,
      queue,
    ) {
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
  }),
  ...rulesOf('Amazon SQS message timers', {
    async 'a delayed message is invisible until its delay is over'(context, queue) {
      await context.send(queue, 'later', { DelaySeconds: 2 });
      assert.deepEqual(await context.receive(queue), []);
      await context.advance(2_100);
      assert.equal((await context.receiveOne(queue)).Body, 'later');
    },
  }),
  ...rulesOf('Amazon SQS delay queues', {
    async 'a queue’s delay holds for its messages, unless a message has its own'(context) {
      const queue = await context.createQueue({ DelaySeconds: '900' });
      await context.send(queue, 'delayed');
      await context.send(queue, 'at once', { DelaySeconds: 0 });
      const messages = await context.receive(queue, { MaxNumberOfMessages: 10 });
      assert.deepEqual(
        messages.map(({ Body }) => Body),
        ['at once'],
      );
    },
  }),
  ...rulesOf('Amazon SQS fair queues', {
    async 'a standard queue takes a group id and gives it back (fair queues)'(context, queue) {
      await context.send(queue, 'x', { MessageGroupId: 'tenant-1' });
      const { Attributes } = await context.receiveOne(queue, { MessageSystemAttributeNames: ['All'] });
      assert.equal(Attributes?.MessageGroupId, 'tenant-1');
    },
  }),
];
