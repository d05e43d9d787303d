import { describe, expect, it } from 'vitest';
import { maximumMessageBytes } from '../../lib/message/parse.ts';
import { answer, reset, startScriptedServer } from '../support/scripted-server.ts';
import { attributesOf, counted, type Stand, standForEachTest } from './stand.ts';

let stand: Stand;

standForEachTest((started) => {
  stand = started;
  stand.setSecret('key', 'key-canary');
});

const text = { type: 'text', to: '+15550001111', text: 'text-canary' };
const template = { type: 'template', to: '+15550001111', templateName: 'order_ready', id: 'order-42' };
const accepted = answer(201, '{"id":"01ARZ3NDEKTSV4RRFFQ69G5FAV"}');
const vendorError = (code: string) =>
  JSON.stringify({
    code,
    message: 'vendor-canary',
    userMessage: 'vendor-canary',
    cntTraceId: '11824978358485860716',
  });
const none = { batchItemFailures: [] };
/** A producer's own attributes, as an instrumented SDK adds them; in the event, each has a value that is null. */
const own = {
  baggage: { DataType: 'String', StringValue: 'tenant=a' },
  trace: { DataType: 'Binary', BinaryValue: 'AP8=' },
};
const ownAsText = { baggage: 'tenant=a', trace: 'AP8=' };

describe('the built send-message', () => {
  it('posts a text and a template to Connectly with the key', async () => {
    stand.connectly.script(accepted);
    const sendMessage = stand.runSendMessage();

    const { result } = await sendMessage.invoke(await stand.batchOf(text, template));

    const paths = stand.connectly.requests.map(({ path }) => path).toSorted();
    expect(result).toEqual(none);
    expect(paths).toEqual([
      '/v1/businesses/business-1/send/messages',
      '/v1/businesses/business-1/send/whatsapp_templated_messages',
    ]);
    expect(stand.connectly.requests.map(({ headers }) => headers['x-api-key'])).toEqual([
      'key-canary',
      'key-canary',
    ]);
    expect(sendMessage.log()).toMatchObject([
      { result: 'accepted', vendorId: '01ARZ3NDEKTSV4RRFFQ69G5FAV' },
      { result: 'accepted' },
    ]);
  });

  it('copies what Connectly refuses to the dead-letter queue with its reason', async () => {
    stand.connectly.script(answer(400, vendorError('ERROR_CODE_MESSAGE_OUTSIDE_OF_ELIGIBILITY_WINDOW')));
    const batch = await stand.batchOf(text);

    const { result } = await stand.runSendMessage().invoke(batch);

    const [dead] = stand.messages('dlq');
    expect(result).toEqual(none);
    expect(dead?.body).toBe(JSON.stringify(text));
    expect(attributesOf(dead)).toEqual({
      'relay.id': batch.Records[0]?.messageId,
      'relay.expiresAt': expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      'error.code': 'ERROR_CODE_MESSAGE_OUTSIDE_OF_ELIGIBILITY_WINDOW',
      'error.message': expect.stringContaining('Send a template instead'),
      'error.traceId': '11824978358485860716',
    });
  });

  it('copies a malformed message to the dead-letter queue without a request', async () => {
    const { result } = await stand.runSendMessage().invoke(await stand.batchOf('{"type":"text"'));

    expect(result).toEqual(none);
    expect(attributesOf(stand.messages('dlq')[0])).toMatchObject({ 'error.code': 'message-invalid' });
    expect(stand.connectly.requests).toEqual([]);
  });

  it('keeps a message out of sight for as long as a 429 asks', async () => {
    stand.connectly.script(answer(429, '', { 'Retry-After': '600' }));
    const batch = await stand.batchOf(text);

    const { result } = await stand.runSendMessage().invoke(batch);

    const [waiting] = stand.messages('sends');
    expect(result).toEqual({ batchItemFailures: [{ itemIdentifier: batch.Records[0]?.messageId }] });
    expect((waiting?.visibleAt ?? 0) - Date.now()).toBeGreaterThan(300_000);
    expect(stand.messages('dlq')).toEqual([]);
  });

  it.each([
    ['a reset', reset, 'no-answer'],
    ['a bad gateway', answer(502, '<html>'), 'connectly-502'],
    ['an error with a code', answer(500, vendorError('ERROR_CODE_MESSAGE_TEXT_EMPTY')), 'connectly-500'],
    ['a 503 without Retry-After', answer(503), 'connectly-503'],
  ] as const)('copies a message that %s leaves unclear to the outcomes queue', async (_, reaction, code) => {
    stand.connectly.script(reaction);

    const { result } = await stand.runSendMessage().invoke(await stand.batchOf(text));

    expect(result).toEqual(none);
    expect(attributesOf(stand.messages('outcomes')[0])).toMatchObject({ 'error.code': code });
    expect(stand.connectly.requests).toHaveLength(1);
  });

  it.each([301, 302, 303, 307, 308])(
    'keeps a message when a %i sends it to another host, and shows that host nothing',
    async (status) => {
      const other = await startScriptedServer();
      stand.connectly.script(answer(status, '', { Location: other.url.href }));
      const batch = await stand.batchOf(text);

      const { result } = await stand.runSendMessage().invoke(batch);

      await other.close();
      expect(result).toEqual({ batchItemFailures: [{ itemIdentifier: batch.Records[0]?.messageId }] });
      expect(other.connections()).toBe(0);
      expect(stand.connectly.requests).toHaveLength(1);
      expect([...stand.messages('dlq'), ...stand.messages('outcomes')]).toEqual([]);
    },
  );

  it('keeps an unclear message in the queue under resend', async () => {
    stand.connectly.script(reset);
    const batch = await stand.batchOf(text);

    const { result } = await stand.runSendMessage({ IF_UNCLEAR: 'resend' }).invoke(batch);

    expect(result).toEqual({ batchItemFailures: [{ itemIdentifier: batch.Records[0]?.messageId }] });
    expect(stand.messages('outcomes')).toEqual([]);
  });

  it('keeps a message in the queue when its copy cannot be made, and lets the others of the batch go', async () => {
    stand.connectly.script(accepted);
    stand.sqsFaults.add({ operation: 'SendMessage', fault: { kind: 'access-denied' } });
    const bad = { ...text, txt: 'typo' };
    const sendMessage = stand.runSendMessage();
    const batch = await stand.batchOf(text, bad, template);

    const { result } = await sendMessage.invoke(batch);

    const failed = batch.Records.filter((record) => record.body === JSON.stringify(bad));
    expect(result).toEqual({
      batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })),
    });
    expect(failed).toHaveLength(1);
    const bugs = sendMessage.log().filter(({ event }) => event === 'attempt-failed');
    expect(bugs).toEqual([
      expect.objectContaining({ level: 'error', result: 'refused', code: 'message-invalid' }),
    ]);
    expect(sendMessage.log()).toHaveLength(3);
  });

  it('tells the outcome of a request even when the effect behind it fails, and why that failed', async () => {
    stand.connectly.script(answer(500, vendorError('ERROR_CODE_UNSPECIFIED')));
    stand.sqsFaults.add({ operation: 'SendMessage', fault: { kind: 'access-denied' } });
    const sendMessage = stand.runSendMessage();

    await sendMessage.invoke(await stand.batchOf(text));

    expect(sendMessage.log()).toEqual([
      expect.objectContaining({
        event: 'attempt-failed',
        result: 'unclear',
        code: 'connectly-500',
        status: 500,
        errorName: 'AccessDeniedException',
        ...counted(['connectly-relay/failed-effects']),
      }),
    ]);
  });

  it('refuses a message that is too long for it and not for its queue, and says why', async () => {
    const body = JSON.stringify({ ...text, text: 'x'.repeat(maximumMessageBytes) });

    const { result } = await stand.runSendMessage().invoke(await stand.batchOf(body));

    const [dead] = stand.messages('dlq');
    expect(result).toEqual({ batchItemFailures: [] });
    expect(dead?.body).toBe(body);
    expect(attributesOf(dead)).toMatchObject({
      'error.code': 'message-invalid',
      'error.message': 'the message is over 256 KiB: send a link instead of the content',
    });
    expect(stand.connectly.requests).toEqual([]);
  });

  it('keeps messages while the key is not set, and sends nothing without it', async () => {
    stand.setSecret('key', ' ');
    const sendMessage = stand.runSendMessage();

    const { result } = await sendMessage.invoke(await stand.batchOf(text));

    expect(Object(result).batchItemFailures).toHaveLength(1);
    expect(sendMessage.log()).toMatchObject([
      { event: 'paused', level: 'warn', code: 'sending-paused', cause: 'secret-not-set' },
      { event: 'attempt', level: 'error', code: 'secret-not-set' },
    ]);
    expect(stand.connectly.requests).toEqual([]);
  });

  it('says with each batch what keeps sending paused, and at each probe what it finds', async () => {
    stand.setSecret('key', ' ');
    const sendMessage = stand.runSendMessage();
    await sendMessage.invoke(await stand.batchOf(text));

    await sendMessage.invoke(await stand.batchOf(text), { laterMs: 120_000 });

    const probe = { event: 'probe-failed', level: 'warn', result: 'not-sent', code: 'secret-not-set' };
    const untouched = { event: 'untouched', level: 'warn', code: 'sending-paused', cause: 'secret-not-set' };
    expect(sendMessage.log().slice(1)).toEqual([
      expect.objectContaining({ event: 'attempt', code: 'secret-not-set' }),
      expect.objectContaining({
        ...probe,
        ...counted(['connectly-relay/probe-failed', 'code'], ['connectly-relay/api-key']),
      }),
      expect.objectContaining({ event: 'paused', level: 'warn', cause: 'secret-not-set' }),
      expect.objectContaining({
        ...untouched,
        ...counted(['connectly-relay/untouched', 'code'], ['connectly-relay/api-key']),
      }),
    ]);
  });

  it('sends to the recipients of its stage only', async () => {
    await stand.runSendMessage({ ONLY_TO: '+15559990000' }).invoke(await stand.batchOf(text));

    expect(attributesOf(stand.messages('dlq')[0])).toMatchObject({ 'error.code': 'recipient-not-allowed' });
    expect(stand.connectly.requests).toEqual([]);
  });

  it('fails in the same way on the second load when a setting is wrong', async () => {
    const sendMessage = stand.runSendMessage({ CONNECTLY_BASE_URL: 'https://example.com' });

    const failures = [await sendMessage.invoke({ Records: [] }), await sendMessage.invoke({ Records: [] })];

    expect(failures[0]?.thrown).toEqual({
      code: 'config-invalid',
      message: expect.stringContaining('CONNECTLY_BASE_URL'),
    });
    expect(failures[1]).toEqual(failures[0]);
  });

  it.each([
    ['a redirect', answer(302, '', { Location: 'https://vendor-canary.example' })],
    ['a refused key', answer(401, 'vendor-canary')],
  ])(
    "logs one line for each attempt, and nothing of the message, the key or the vendor's words (%s)",
    async (_, configurationFault) => {
      const sendMessage = stand.runSendMessage({ SENDER_NUMBER: '+14150002222' });
      const reactions = [
        accepted,
        answer(200, '{"vendor":"vendor-canary"}'),
        answer(200, 'vendor-canary'),
        answer(200, vendorError('ERROR_CODE_MESSAGE_TEXT_EMPTY')),
        answer(400, vendorError('ERROR_CODE_MESSAGE_TEXT_EMPTY')),
        answer(400, vendorError('vendor-canary')),
        answer(429, 'vendor-canary', { 'Retry-After': 'vendor-canary' }),
        answer(500, vendorError('ERROR_CODE_UNSPECIFIED')),
        reset,
        // Nothing more is sent after a refused key.
        configurationFault,
      ];

      for (const [index, reaction] of reactions.entries()) {
        stand.connectly.script(reaction);
        await sendMessage.invoke(
          await stand.batchOf({ ...text, callbackData: 'data-canary', id: `id-canary-${index}` }),
        );
      }
      await sendMessage.invoke(
        await stand.batchOf('text-canary', { ...text, to: 'to-canary', 'field-canary': 1 }),
      );

      const queues = ['dlq', 'outcomes'] as const;
      const reasons = queues
        .flatMap((queue) => stand.messages(queue))
        .map((message) => {
          const { 'relay.id': _id, ...reason } = attributesOf(message);
          return JSON.stringify(reason);
        });
      const attempts = sendMessage.log().filter(({ event }) => event === 'attempt');
      expect(attempts.map(({ result }) => result)).toEqual([
        'accepted',
        'accepted',
        'unclear',
        'refused',
        'refused',
        'refused',
        'not-sent',
        'unclear',
        'unclear',
        'not-sent',
        'refused',
        'refused',
      ]);
      expect(JSON.stringify(await stand.ledger())).not.toMatch(/canary|5550001111|4150002222/);
      expect(sendMessage.output()).not.toMatch(/canary|5550001111|4150002222/);
      expect(reasons.join('\n')).not.toMatch(/(?<!field-)canary|5550001111|4150002222/);
    },
  );
});

describe("the built send-message, for a message with a producer's own attributes", () => {
  it('gets them as AWS sends them behind a batching window: with null for what they lack', async () => {
    const { Records: records } = await stand.batchWith(own, text);

    expect(records[0]?.messageAttributes).toMatchObject({
      baggage: { stringValue: 'tenant=a', binaryValue: null },
      trace: { stringValue: null, binaryValue: 'AP8=' },
    });
  });

  it('dead-letters what it refuses itself, with the reason and the attributes', async () => {
    const batch = await stand.batchWith(own, { ...text, typo: 1 });

    const { result } = await stand.runSendMessage().invoke(batch);

    const reason = { ...ownAsText, 'error.code': 'message-invalid' };
    expect(result).toEqual(none);
    expect(attributesOf(stand.messages('dlq')[0])).toMatchObject(reason);
    expect(stand.connectly.requests).toEqual([]);
  });

  it('dead-letters what Connectly refuses, after one request', async () => {
    stand.connectly.script(answer(400, vendorError('ERROR_CODE_MESSAGE_TEXT_EMPTY')));
    const batch = await stand.batchWith(own, text);

    const { result } = await stand.runSendMessage().invoke(batch);

    const reason = { ...ownAsText, 'error.code': 'ERROR_CODE_MESSAGE_TEXT_EMPTY' };
    expect(result).toEqual(none);
    expect(attributesOf(stand.messages('dlq')[0])).toMatchObject(reason);
    expect(stand.connectly.requests).toHaveLength(1);
  });

  it.each([
    ['an id', { ...text, id: 'order-42' }],
    ['no id', text],
  ])(
    'parks it under hold when its outcome is unclear and it has %s, after one request',
    async (_, message) => {
      stand.connectly.script(answer(500, vendorError('ERROR_CODE_UNSPECIFIED')));
      const batch = await stand.batchWith(own, message);

      const { result } = await stand.runSendMessage().invoke(batch);

      expect(result).toEqual(none);
      expect(attributesOf(stand.messages('outcomes')[0])).toMatchObject({
        ...ownAsText,
        'error.code': 'connectly-500',
      });
      expect(stand.connectly.requests).toHaveLength(1);
    },
  );

  it('leaves it on the queue under resend when its outcome is unclear, and acknowledges it once accepted', async () => {
    stand.connectly.script(answer(500, vendorError('ERROR_CODE_UNSPECIFIED')));
    const batch = await stand.batchWith(own, text);
    const sendMessage = stand.runSendMessage({ IF_UNCLEAR: 'resend' });
    const unclear = await sendMessage.invoke(batch);
    stand.connectly.script(accepted);

    const { result } = await sendMessage.invoke(batch);

    const [record] = batch.Records;
    expect(unclear.result).toEqual({ batchItemFailures: [{ itemIdentifier: record?.messageId }] });
    expect(result).toEqual(none);
    expect([...stand.messages('dlq'), ...stand.messages('outcomes')]).toEqual([]);
  });
});
