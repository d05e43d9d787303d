import { describe, expect, it } from 'vitest';
import { sqsQueueEffects, toQueuedMessage } from '../../../lib/aws/send-queues.ts';
import { note, recordingSqs, refusingSqs, sqsRecord, text, urls } from './sqs-scene.ts';

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

describe('a copy', () => {
  it.each([
    ['deadLetter', 'http://q/dlq'],
    ['park', 'http://q/outcomes'],
  ] as const)('made by %s goes to %s with the same body and its reason', async (effect, queueUrl) => {
    const { client, calls } = await recordingSqs();

    await sqsQueueEffects(client, urls, sqsRecord())[effect]({ ...note, traceId: '123' });

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

  it("takes the producer's own attributes along, text and bytes", async () => {
    const { client, calls } = await recordingSqs();
    const own = { tenant: text('a'), blob: { dataType: 'Binary', binaryValue: 'AP8=' } };

    await sqsQueueEffects(client, urls, sqsRecord(own)).park(note);

    expect(calls[0]?.input['MessageAttributes']).toMatchObject({
      tenant: { DataType: 'String', StringValue: 'a' },
      blob: { DataType: 'Binary', BinaryValue: 'AP8=' },
    });
  });

  it("leaves out a producer's attribute that would make a parked send look like a report", async () => {
    const { client, calls } = await recordingSqs();

    await sqsQueueEffects(client, urls, sqsRecord({ 'relay.kind': text('status') })).park(note);

    expect(calls[0]?.input['MessageAttributes']).not.toHaveProperty('relay\\.kind');
  });

  it('replaces the reason that an earlier copy carried', async () => {
    const { client, calls } = await recordingSqs();
    const earlier = {
      'error.code': text('old'),
      'error.traceId': text('999'),
      'relay.id': text('original-1'),
    };

    await sqsQueueEffects(client, urls, sqsRecord(earlier)).deadLetter(note);

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

      await sqsQueueEffects(client, urls, sqsRecord(own)).deadLetter({ ...note, traceId });

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

    const copied = sqsQueueEffects(client, urls, sqsRecord()).deadLetter(note);

    await expect(copied).rejects.toMatchObject({ code: 'queue-unconfirmed' });
  });

  it('that SQS refuses is a failure', async () => {
    const client = await refusingSqs();

    const copied = sqsQueueEffects(client, urls, sqsRecord()).park(note);

    await expect(copied).rejects.toThrow('no');
  });

  it('whose body came to SQS changed is a failure', async () => {
    const { client } = await recordingSqs({ MessageId: 'copy-1', MD5OfMessageBody: '0'.repeat(32) });

    const copied = sqsQueueEffects(client, urls, sqsRecord()).park(note);

    await expect(copied).rejects.toThrow();
  });
});

describe('a message that comes back', () => {
  it('stays out of sight in its own queue for as long as was asked', async () => {
    const { client, calls } = await recordingSqs();

    await sqsQueueEffects(client, urls, sqsRecord()).comeBackIn(42);

    expect(calls).toEqual([
      {
        operation: 'ChangeMessageVisibility',
        input: { QueueUrl: 'http://q/sends', ReceiptHandle: 'handle-1', VisibilityTimeout: 42 },
      },
    ]);
  });

  it('is a failure to keep out of sight when SQS refuses', async () => {
    const client = await refusingSqs();

    const hidden = sqsQueueEffects(client, urls, sqsRecord()).comeBackIn(42);

    await expect(hidden).rejects.toThrow('no');
  });
});
