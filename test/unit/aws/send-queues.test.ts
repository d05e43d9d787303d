import { describe, expect, it } from 'vitest';
import {
  sqsQueueEffects,
  sqsSettleEffects,
  toOutcomeMessage,
  toQueuedMessage,
} from '../../../lib/aws/send-queues.ts';
import type { QueueEffects } from '../../../lib/delivery/deliver.ts';
import { passAllDeadlines } from './deadlines.ts';
import {
  kindStatus,
  note,
  recordingSqs,
  refusingSqs,
  silentSqs,
  sqsRecord,
  status,
  text,
  urls,
} from './sqs-scene.ts';

describe('a record of the sends queue', () => {
  it("is known by SQS's own id when it is a first copy", () => {
    const queued = toQueuedMessage(sqsRecord());

    expect(queued).toEqual({
      body: '{"type":"text","text":"😀"}',
      originalId: 'sqs-1',
      expiresAt: undefined,
      isCopy: false,
      queuedAt: 1_795_341_600_000,
      receiveCount: 3,
    });
  });

  it('keeps the key and the expiry that its first copy had', () => {
    const queued = toQueuedMessage(
      sqsRecord({ 'relay.id': text('original-1'), 'relay.expiresAt': text('2026-11-22T14:00:00.000Z') }),
    );

    expect(queued).toMatchObject({ originalId: 'original-1', expiresAt: Date.UTC(2026, 10, 22, 14) });
  });

  it.each([
    ['with a reason', { 'error.code': text('outcome-unknown') }, true],
    [
      'with a key and an expiry only',
      { 'relay.id': text('original-1'), 'relay.expiresAt': text('2026-11-22') },
      false,
    ],
    ["with a producer's own attributes", { tenant: text('a') }, false],
  ])('%s: whether it has come back from where the relay had put it', (_, attributes, isCopy) => {
    const queued = toQueuedMessage(sqsRecord(attributes));

    expect(queued.isCopy).toBe(isCopy);
  });

  it('has no expiry of its own when that attribute makes no sense', () => {
    const queued = toQueuedMessage(sqsRecord({ 'relay.expiresAt': text('soon') }));

    expect(queued.expiresAt).toBeUndefined();
  });
});

describe('what AWS leaves out of a record', () => {
  it.each([
    ['no attributes', { messageAttributes: undefined }],
    ['null for the attributes', { messageAttributes: null }],
    ['null for an attribute', { messageAttributes: { 'error.code': null, 'relay.id': null } }],
    [
      "null for an attribute's value",
      {
        messageAttributes: {
          'error.code': { dataType: 'String', stringValue: null },
          'relay.id': { dataType: 'Binary', stringValue: null, binaryValue: 'AP8=' },
          'relay.expiresAt': { dataType: null, stringValue: null, binaryValue: null },
        },
      },
    ],
  ])('is as if it were not there: %s', (_, members) => {
    const queued = toQueuedMessage({ ...sqsRecord(), ...members });

    expect(queued).toEqual(toQueuedMessage(sqsRecord()));
  });

  it.each([
    ['body', { body: null }],
    ['body', { body: undefined }],
    ['SentTimestamp', { attributes: { ApproximateReceiveCount: '1', SentTimestamp: null } }],
    ['SentTimestamp', { attributes: { ApproximateReceiveCount: '1', SentTimestamp: '' } }],
    ['SentTimestamp', { attributes: null }],
    ['ApproximateReceiveCount', { attributes: { SentTimestamp: '0', ApproximateReceiveCount: 'x1' } }],
    ['ApproximateReceiveCount', { attributes: { SentTimestamp: '0', ApproximateReceiveCount: '1x' } }],
  ])('fails the record when every message has it: %s', (what, members) => {
    const read = () => toQueuedMessage({ ...sqsRecord(), ...members });

    expect(read).toThrow(`A record has no ${what}.`);
  });
});

describe('a copy', () => {
  it.each([
    ['deadLetter', 'http://q/dlq'],
    ['park', 'http://q/outcomes'],
  ] as const)('made by %s goes to %s with the same body and its reason', async (effect, queueUrl) => {
    const { client, calls } = await recordingSqs();

    await sqsQueueEffects(client, urls)(sqsRecord())[effect]({ ...note, traceId: '123' });

    expect(calls).toEqual([
      {
        operation: 'SendMessage',
        input: {
          QueueUrl: queueUrl,
          MessageBody: '{"type":"text","text":"😀"}',
          MessageAttributes: {
            'relay.id': { DataType: 'String', StringValue: 'original-1' },
            'relay.expiresAt': { DataType: 'String', StringValue: '2026-11-22T14:00:00.000Z' },
            'error.code': { DataType: 'String', StringValue: 'expired' },
            'error.message': { DataType: 'String', StringValue: 'Too late.' },
            'error.traceId': { DataType: 'String', StringValue: '123' },
          },
        },
      },
    ]);
  });

  it.each([
    ['campaign-1', { MessageGroupId: 'campaign-1' }],
    ['', {}],
    [null, {}],
    [undefined, {}],
  ])('stays with its tenant, where it has one: %s', async (group, named) => {
    const { client, calls } = await recordingSqs();
    const record = sqsRecord();

    await sqsQueueEffects(
      client,
      urls,
    )({
      ...record,
      attributes: { ...record.attributes, MessageGroupId: group },
    }).park(note);

    const { MessageGroupId: given, ...others } = Object(calls[0]?.input);
    expect({ ...(given !== undefined && { MessageGroupId: given }) }).toEqual(named);
    expect(others).toMatchObject({ QueueUrl: 'http://q/outcomes' });
  });

  it("takes the producer's own attributes along, text and bytes", async () => {
    const { client, calls } = await recordingSqs();
    const own = { tenant: text('a'), blob: { dataType: 'Binary', binaryValue: 'AP8=' } };

    await sqsQueueEffects(client, urls)(sqsRecord(own)).park(note);

    expect(calls[0]?.input['MessageAttributes']).toMatchObject({
      tenant: { DataType: 'String', StringValue: 'a' },
      blob: { DataType: 'Binary', BinaryValue: 'AP8=' },
    });
  });

  it.each([undefined, null])("takes for absent what is %s of a producer's attributes", async (absent) => {
    const { client, calls } = await recordingSqs();
    const own = {
      tenant: { dataType: 'String', stringValue: 'a', binaryValue: absent },
      blob: { dataType: 'Binary', stringValue: absent, binaryValue: 'AP8=' },
      nothing: { dataType: 'String', stringValue: absent, binaryValue: absent },
      untyped: { dataType: absent, stringValue: 'a' },
      none: absent,
    };

    await sqsQueueEffects(client, urls)(sqsRecord(own)).deadLetter(note);

    const attributes = Object(calls[0]?.input['MessageAttributes']);
    expect(attributes).toMatchObject({
      tenant: { DataType: 'String', StringValue: 'a' },
      blob: { DataType: 'Binary', BinaryValue: 'AP8=' },
    });
    expect(Object.keys(attributes).filter((name) => !name.includes('.'))).toEqual(['tenant', 'blob']);
  });

  it("leaves out a producer's attribute that would make a parked send look like a status", async () => {
    const { client, calls } = await recordingSqs();

    await sqsQueueEffects(client, urls)(sqsRecord({ 'relay.kind': text('status') })).park(note);

    expect(calls[0]?.input['MessageAttributes']).not.toHaveProperty('relay\\.kind');
  });

  it('replaces the reason that an earlier copy carried', async () => {
    const { client, calls } = await recordingSqs();
    const earlier = {
      'error.code': text('old'),
      'error.traceId': text('999'),
      'relay.id': text('original-1'),
    };

    await sqsQueueEffects(client, urls)(sqsRecord(earlier)).deadLetter(note);

    const attributes = calls[0]?.input['MessageAttributes'];
    expect(attributes).toMatchObject({ 'error.code': { StringValue: 'expired' } });
    expect(attributes).not.toHaveProperty('error\\.traceId');
    expect(Object.keys(Object(attributes))).toHaveLength(4);
  });

  it.each([
    [undefined, 6],
    ['123', 5],
  ])(
    "with trace id %s has ten attributes at most: ours, and %i of the producer's ten",
    async (traceId, kept) => {
      const { client, calls } = await recordingSqs();
      const own = Object.fromEntries(Array.from({ length: 10 }, (_, index) => [`own${index}`, text('x')]));

      await sqsQueueEffects(client, urls)(sqsRecord(own)).deadLetter({ ...note, traceId });

      const names = Object.keys(Object(calls[0]?.input['MessageAttributes']));
      expect(names).toHaveLength(10);
      expect(names.filter((name) => name.startsWith('own'))).toHaveLength(kept);
      expect(names).toEqual(
        expect.arrayContaining(['relay.id', 'relay.expiresAt', 'error.code', 'error.message']),
      );
    },
  );

  it('that SQS did not confirm with an id is a failure', async () => {
    const { client } = await recordingSqs({});

    const copied = sqsQueueEffects(client, urls)(sqsRecord()).deadLetter(note);

    await expect(copied).rejects.toMatchObject({ code: 'queue-unconfirmed' });
  });

  it('that SQS refuses is a failure', async () => {
    const client = await refusingSqs();

    const copied = sqsQueueEffects(client, urls)(sqsRecord()).park(note);

    await expect(copied).rejects.toThrow('no');
  });

  it('whose body came to SQS changed is a failure', async () => {
    const { client } = await recordingSqs({ MessageId: 'copy-1', MD5OfMessageBody: '0'.repeat(32) });

    const copied = sqsQueueEffects(client, urls)(sqsRecord()).park(note);

    await expect(copied).rejects.toThrow();
  });
});

describe('an effect on a queue', () => {
  it.each([
    ['a copy', (effects: QueueEffects) => effects.park(note)],
    ['a message that comes back', (effects: QueueEffects) => effects.comeBackIn(42)],
  ])('is a failure when SQS has not confirmed %s within 5 seconds', async (_, run) => {
    const client = await silentSqs();
    const deadlines = passAllDeadlines();

    const effect = run(sqsQueueEffects(client, urls)(sqsRecord()));

    await expect(effect).rejects.toMatchObject({ name: 'AbortError' });
    expect(deadlines).toEqual([5_000]);
  });
});

describe('a message that comes back', () => {
  it('stays out of sight in its own queue for as long as was asked', async () => {
    const { client, calls } = await recordingSqs();

    await sqsQueueEffects(client, urls)(sqsRecord()).comeBackIn(42);

    expect(calls).toEqual([
      {
        operation: 'ChangeMessageVisibilityBatch',
        input: {
          QueueUrl: 'http://q/sends',
          Entries: [{ Id: '0', ReceiptHandle: 'handle-1', VisibilityTimeout: 42 }],
        },
      },
    ]);
  });

  it('is a failure to keep out of sight when SQS refuses', async () => {
    const client = await refusingSqs();

    const hidden = sqsQueueEffects(client, urls)(sqsRecord()).comeBackIn(42);

    await expect(hidden).rejects.toThrow('no');
  });
});

const copied = {
  'relay.id': text('original-1'),
  'relay.expiresAt': text('2026-11-22T14:00:00.000Z'),
  'error.code': text('no-answer'),
};

describe('a record of the outcomes queue', () => {
  it('is a parked send with the key and the expiry of its copy', () => {
    const message = toOutcomeMessage(sqsRecord(copied));

    expect(message).toEqual({
      kind: 'parked',
      parked: {
        body: '{"type":"text","text":"😀"}',
        originalId: 'original-1',
        expiresAt: Date.UTC(2026, 10, 22, 14),
        isCopy: true,
        queuedAt: 1_795_341_600_000,
        receiveCount: 3,
      },
    });
  });

  it('is the status of a send when it says that it is one', () => {
    const message = toOutcomeMessage(sqsRecord(kindStatus, JSON.stringify(status)));

    expect(message).toEqual({
      kind: 'status',
      status,
      received: { queuedAt: 1_795_341_600_000, receiveCount: 3 },
    });
  });

  it('of a kind that nobody knows is taken for a parked send: it is not lost', () => {
    const message = toOutcomeMessage(sqsRecord({ ...copied, 'relay.kind': text('other') }));

    expect(message.kind).toBe('parked');
  });

  it.each(['', '{', 'null', '{}', '{"sendId":7}'])(
    'that says it is a status and holds %j is none',
    (body) => {
      const message = toOutcomeMessage(sqsRecord(kindStatus, body));

      expect(message).toEqual({ kind: 'junk' });
    },
  );
});

describe('a parked send', () => {
  it('goes to the dead-letter queue with a new reason', async () => {
    const { client, calls } = await recordingSqs();

    await sqsSettleEffects(client, urls)(sqsRecord(copied)).deadLetter({ ...note, code: 'outcome-unknown' });

    expect(calls.map(({ operation, input }) => [operation, input['QueueUrl']])).toEqual([
      ['SendMessage', 'http://q/dlq'],
    ]);
    expect(calls[0]?.input['MessageAttributes']).toMatchObject({
      'relay.id': { StringValue: 'original-1' },
      'error.code': { StringValue: 'outcome-unknown' },
    });
  });

  it('takes along to the dead-letter queue what left it unknown, and the trace id', async () => {
    const { client, calls } = await recordingSqs();
    const own = { ...copied, 'error.traceId': text('t-1'), 'error.cause': text('older') };
    const unknown = { ...note, code: 'outcome-unknown', traceId: undefined };

    await sqsSettleEffects(client, urls)(sqsRecord(own)).deadLetter(unknown);

    expect(calls[0]?.input['MessageAttributes']).toMatchObject({
      'error.code': { StringValue: 'outcome-unknown' },
      'error.cause': { StringValue: 'no-answer' },
      'error.traceId': { StringValue: 't-1' },
    });
  });

  it('goes back to the sends queue with its key and expiry, and without a reason, like a first copy', async () => {
    const { client, calls } = await recordingSqs();
    const { originalId, expiresAt } = note;
    const own = { ...copied, 'error.message': text('x'), 'error.traceId': text('1'), tenant: text('a') };

    await sqsSettleEffects(client, urls)(sqsRecord(own)).sendAgain({ originalId, expiresAt });

    expect(calls).toEqual([
      {
        operation: 'SendMessage',
        input: {
          QueueUrl: 'http://q/sends',
          MessageBody: '{"type":"text","text":"😀"}',
          MessageAttributes: {
            tenant: { DataType: 'String', StringValue: 'a' },
            'relay.id': { DataType: 'String', StringValue: 'original-1' },
            'relay.expiresAt': { DataType: 'String', StringValue: '2026-11-22T14:00:00.000Z' },
          },
        },
      },
    ]);
  });

  it('stays out of sight in the outcomes queue', async () => {
    const { client, calls } = await recordingSqs();

    await sqsSettleEffects(client, urls)(sqsRecord(copied)).comeBackIn(1800);

    expect(calls).toEqual([
      {
        operation: 'ChangeMessageVisibilityBatch',
        input: {
          QueueUrl: 'http://q/outcomes',
          Entries: [{ Id: '0', ReceiptHandle: 'handle-1', VisibilityTimeout: 1800 }],
        },
      },
    ]);
  });

  it.each(['deadLetter', 'sendAgain'] as const)(
    'is not safe when %s is not confirmed with an id',
    async (effect) => {
      const { client } = await recordingSqs({});

      const copying = sqsSettleEffects(client, urls)(sqsRecord(copied))[effect](note);

      await expect(copying).rejects.toMatchObject({ code: 'queue-unconfirmed' });
    },
  );
});
