import { describe, expect, it } from 'vitest';
import { sqsSettleEffects, toOutcomeMessage } from '../../../lib/aws/outcome-queues.ts';
import { sqsOutcomeReports } from '../../../lib/aws/outcome-reports.ts';
import { note, recordingSqs, refusingSqs, sqsRecord, text, urls } from './sqs-scene.ts';

const report = { sendId: 'order-42', businessId: 'business-2', vendorId: 'V1' };
const kindStatus = { 'relay.kind': text('status') };
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

  it('is a report when it says that it is one', () => {
    const message = toOutcomeMessage(sqsRecord(kindStatus, JSON.stringify(report)));

    expect(message).toEqual({ kind: 'report', report });
  });

  it('of a kind that nobody knows is taken for a parked send: it is not lost', () => {
    const message = toOutcomeMessage(sqsRecord({ ...copied, 'relay.kind': text('other') }));

    expect(message.kind).toBe('parked');
  });

  it.each(['', '{', 'null', '{}', '{"sendId":7}'])(
    'that says it is a report and holds %j is none',
    (body) => {
      const read = () => toOutcomeMessage(sqsRecord(kindStatus, body));

      expect(read).toThrow();
    },
  );
});

describe('a report', () => {
  it('goes onto the outcomes queue as what it is, and comes back from there', async () => {
    const { client, calls } = await recordingSqs();

    await sqsOutcomeReports(client, 'http://q/outcomes').report(report);

    const [call] = calls;
    expect(calls).toHaveLength(1);
    expect(call?.input).toEqual({
      QueueUrl: 'http://q/outcomes',
      MessageBody: JSON.stringify(report),
      MessageAttributes: { 'relay.kind': { DataType: 'String', StringValue: 'status' } },
    });
    expect(toOutcomeMessage(sqsRecord(kindStatus, String(call?.input['MessageBody'])))).toEqual({
      kind: 'report',
      report,
    });
  });

  it('that SQS refuses is a failure', async () => {
    const client = await refusingSqs();

    const reported = sqsOutcomeReports(client, 'http://q/outcomes').report(report);

    await expect(reported).rejects.toThrow('no');
  });
});

describe('a parked send', () => {
  it('goes to the dead-letter queue with a new reason', async () => {
    const { client, calls } = await recordingSqs();

    await sqsSettleEffects(client, urls, sqsRecord(copied)).deadLetter({ ...note, code: 'outcome-unknown' });

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

    await sqsSettleEffects(client, urls, sqsRecord(own)).deadLetter(unknown);

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

    await sqsSettleEffects(client, urls, sqsRecord(own)).sendAgain({ originalId, expiresAt });

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

    await sqsSettleEffects(client, urls, sqsRecord(copied)).comeBackIn(1800);

    expect(calls).toEqual([
      {
        operation: 'ChangeMessageVisibility',
        input: { QueueUrl: 'http://q/outcomes', ReceiptHandle: 'handle-1', VisibilityTimeout: 1800 },
      },
    ]);
  });

  it.each(['deadLetter', 'sendAgain'] as const)(
    'is not safe when %s is not confirmed with an id',
    async (effect) => {
      const { client } = await recordingSqs({});

      const copying = sqsSettleEffects(client, urls, sqsRecord(copied))[effect](note);

      await expect(copying).rejects.toMatchObject({ code: 'queue-unconfirmed' });
    },
  );
});
