import { describe, expect, it } from 'vitest';
import { RelayError } from '../../../lib/errors.ts';
import { answerTo } from '../../../lib/webhook/answer.ts';
import { toQueuedEvent } from '../../../lib/webhook/event.ts';
import type { Receipt } from '../../../lib/webhook/receive.ts';

const event = toQueuedEvent(Buffer.from('{"topic":"messages","message":{"id":"M1","text":"canary"}}'), 0);

const receipts: readonly (readonly [Receipt, string, string])[] = [
  [{ status: 200, result: 'queued', event, bytes: 61, secretAge: 'only' }, 'Queued', 'info'],
  [{ status: 401, result: 'signature-missing' }, 'Unauthorized', 'warn'],
  [{ status: 401, result: 'signature-wrong' }, 'Unauthorized', 'warn'],
  [{ status: 413, result: 'too-large' }, 'Payload Too Large', 'warn'],
  [{ status: 503, result: 'secret-unavailable', cause: new Error('canary') }, 'Service Unavailable', 'error'],
  [{ status: 503, result: 'secret-stale' }, 'Service Unavailable', 'error'],
  [{ status: 503, result: 'queue-unavailable', cause: 'canary' }, 'Service Unavailable', 'error'],
];

describe('answerTo', () => {
  it.each(receipts.map(([receipt, message, level]) => ({ receipt, message, level })))(
    'answers $receipt.result with the one text of status $receipt.status',
    ({ receipt, message, level }) => {
      const answer = answerTo(receipt);

      expect(answer.response).toEqual({
        statusCode: receipt.status,
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ message }),
      });
      expect(answer.level).toBe(level);
      expect(answer.fields).toMatchObject({ status: receipt.status, result: receipt.result });
      expect(JSON.stringify(answer)).not.toContain('canary');
    },
  );

  it('names a queued event in the log by its id, topic and size', () => {
    const answer = answerTo({ status: 200, result: 'queued', event, bytes: 61, secretAge: 'older' });

    expect(answer.fields).toStrictEqual({
      status: 200,
      result: 'queued',
      topic: 'messages',
      eventId: 'M1',
      parsed: true,
      bytes: 61,
      secretAge: 'older',
    });
  });

  it('tells a delivery status by what it says, for the funnel', () => {
    const status = toQueuedEvent(Buffer.from('{"statusUpdate":{"id":"V1","status":"delivered"}}'), 0);

    const answer = answerTo({ status: 200, result: 'queued', event: status, bytes: 53, secretAge: 'only' });

    expect(answer.fields).toMatchObject({ topic: 'delivery_status', deliveryStatus: 'delivered' });
  });

  it('names the code behind a 503 in the log', () => {
    const cause = new RelayError('secret-not-set', 'The secret has no value yet.');

    const answer = answerTo({ status: 503, result: 'secret-unavailable', cause });

    expect(answer.fields).toMatchObject({ code: 'secret-not-set', errorName: 'RelayError' });
  });
});
