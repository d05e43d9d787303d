import { describe, expect, it } from 'vitest';
import { attemptFields, attemptLevel } from '../../../lib/delivery/attempt-log.ts';
import type { Delivery, QueuedMessage } from '../../../lib/delivery/deliver.ts';
import type { Outcome } from '../../../lib/delivery/outcome.ts';

const queued: QueuedMessage = {
  body: 'canary',
  originalId: 'sqs-1',
  expiresAt: undefined,
  queuedAt: 1_000,
  receiveCount: 3,
};
const times = { startedAt: 61_400, endedAt: 61_650 };
const message = { type: 'text' as const, to: '+15550canary', text: 'canary', id: 'order-canary' };

const fieldsOf = (delivery: Delivery, at = queued) => attemptFields(delivery, at, times);

describe('attemptFields', () => {
  it("tells an accepted message by the vendor's id, and no part of its content", () => {
    const fields = fieldsOf({
      outcome: { kind: 'accepted', vendorId: 'V1' },
      acknowledge: true,
      message,
      businessId: 'b',
    });

    expect(fields).toEqual({
      result: 'accepted',
      key: expect.stringMatching(/^[0-9a-f]{12}$/),
      type: 'text',
      vendorId: 'V1',
      receiveCount: 3,
      secondsInQueue: 60,
      durationMs: 250,
    });
    expect(JSON.stringify(fields)).not.toContain('canary');
  });

  it('tells a failed one by its code, its trace id and its next try, but not by its text', () => {
    const outcome: Outcome = { kind: 'refused', code: 'expired', message: 'canary', traceId: '123' };

    const fields = fieldsOf({ outcome, acknowledge: false, retryInSeconds: 7 });

    expect(fields).toMatchObject({ result: 'refused', code: 'expired', traceId: '123', retryInSeconds: 7 });
    expect(JSON.stringify(fields)).not.toContain('canary');
  });

  it('gives every copy of one message the same key, and other messages others', () => {
    const delivery: Delivery = { outcome: { kind: 'accepted', vendorId: undefined }, acknowledge: true };
    const withId = { ...delivery, message, businessId: 'b' };

    const keys = [
      fieldsOf(withId),
      fieldsOf(withId, { ...queued, originalId: 'sqs-2' }),
      fieldsOf({ ...withId, businessId: 'c' }),
      fieldsOf(delivery),
      fieldsOf(delivery, { ...queued, originalId: 'sqs-2' }),
    ].map(({ key }) => key);

    expect(keys[0]).toBe(keys[1]);
    expect(new Set(keys).size).toBe(4);
  });

  it('never counts a negative time in the queue', () => {
    const fields = fieldsOf(
      { outcome: { kind: 'unclear', code: 'x' }, acknowledge: true },
      { ...queued, queuedAt: 99_000 },
    );

    expect(fields.secondsInQueue).toBe(0);
  });
});

describe('attemptLevel', () => {
  it.each<[string, Outcome, string]>([
    ['an accepted message', { kind: 'accepted', vendorId: 'V1' }, 'info'],
    ['an accepted message without an id', { kind: 'accepted', vendorId: undefined }, 'warn'],
    ['a refused one', { kind: 'refused', code: 'x', message: 'y' }, 'warn'],
    ['an unclear one', { kind: 'unclear', code: 'x' }, 'warn'],
    ['one that was not sent', { kind: 'not-sent', code: 'x' }, 'warn'],
    ['a configuration fault', { kind: 'not-sent', code: 'x', configurationFault: true }, 'error'],
  ])('of %s (%o) is %s', (_, outcome, level) => {
    const found = attemptLevel({ outcome, acknowledge: false });

    expect(found).toBe(level);
  });
});
