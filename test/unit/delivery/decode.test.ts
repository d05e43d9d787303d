import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type DeliverySettings,
  decode,
  messageKey,
  type QueuedMessage,
} from '../../../lib/delivery/decode.ts';
import { hourMs, newMessage, queuedAt, text } from './delivery-scene.ts';

const settings: DeliverySettings = { businessId: 'business-1', ifUnclear: 'hold', onlyTo: undefined };
const isoAt = (time: number) => new Date(time).toISOString();

function sendable(
  message: object = text,
  queued: Partial<QueuedMessage> = {},
  change: Partial<DeliverySettings> = {},
) {
  const decoded = decode(newMessage(message, queued), { ...settings, ...change });
  if (!decoded.ok) throw new Error(decoded.refusal.code);
  return decoded.sendable;
}

function refused(
  message: object | string,
  queued: Partial<QueuedMessage> = {},
  change: Partial<DeliverySettings> = {},
) {
  const decoded = decode(newMessage(message, queued), { ...settings, ...change });
  if (decoded.ok) throw new Error('It was not refused.');
  return decoded;
}

describe('a message that may be sent', () => {
  it("has the producer's id, or that of its first copy, and the key of that", () => {
    const own = sendable({ ...text, id: 'order-42' });
    const none = sendable(text, { originalId: 'sqs-7' });

    expect([own.originalId, none.originalId]).toEqual(['order-42', 'sqs-7']);
    expect(own.key).toBe(messageKey({ businessId: 'business-1', id: 'order-42' }));
    expect(none.key).toBe(messageKey({ businessId: 'business-1', id: 'sqs-7' }));
  });

  it('has the same key in every copy, whichever queue it comes from', () => {
    const first = sendable({ ...text, id: 'order-42' });
    const copy = sendable(
      { ...text, id: 'order-42' },
      { originalId: 'sqs-9', isCopy: true, queuedAt: queuedAt + hourMs, expiresAt: queuedAt + hourMs },
    );

    expect(copy.key).toBe(first.key);
    expect(copy.content).toBe(first.content);
  });

  it('has its own policy and business, or those of the settings', () => {
    const own = sendable({ ...text, ifUnclear: 'resend', businessId: 'business-2' });
    const none = sendable(text, {}, { ifUnclear: 'settle' });

    expect([own.ifUnclear, own.businessId]).toEqual(['resend', 'business-2']);
    expect([none.ifUnclear, none.businessId]).toEqual(['settle', 'business-1']);
  });

  it('to a recipient of the stage is sendable', () => {
    const found = sendable(text, {}, { onlyTo: new Set(['US.1', '+15555555555']) });

    expect(found.message).toEqual(text);
  });
});

describe('the expiry', () => {
  it.each([
    ['4 hours after the message was queued', {}, {}, 4 * hourMs],
    ['its own', { expiresAt: isoAt(queuedAt + hourMs) }, {}, hourMs],
    ['its own, in the past', { expiresAt: isoAt(queuedAt - hourMs) }, {}, -hourMs],
    ['its own, 3 days ahead', { expiresAt: isoAt(queuedAt + 72 * hourMs) }, {}, 72 * hourMs],
    ['that of its copy', {}, { expiresAt: queuedAt + hourMs }, hourMs],
    ['that of its copy, in the past', {}, { expiresAt: queuedAt - hourMs }, -hourMs],
    ['that of its copy, 3 days ahead', {}, { expiresAt: queuedAt + 72 * hourMs }, 72 * hourMs],
    ['3 days when its copy says more', {}, { expiresAt: queuedAt + 72 * hourMs + 1 }, 72 * hourMs],
    [
      'that of its copy, not its own',
      { expiresAt: isoAt(queuedAt + hourMs) },
      { expiresAt: queuedAt + 2 * hourMs },
      2 * hourMs,
    ],
  ])('is %s', (_, fields, queued, lifeMs) => {
    const { expiresAt } = sendable({ ...text, ...fields }, queued);

    expect(expiresAt).toBe(queuedAt + lifeMs);
  });

  it('is never more than 3 days ahead, whatever anybody writes', () => {
    const copied = fc.option(fc.integer({ min: -8.64e15, max: 8.64e15 }), { nil: undefined });
    const own = fc.option(fc.integer({ min: queuedAt - 1e12, max: queuedAt + 1e12 }));

    fc.assert(
      fc.property(copied, own, (expiresAt, time) => {
        const message = { ...text, ...(time !== null && { expiresAt: isoAt(time) }) };

        const decoded = decode(newMessage(message, { expiresAt }), settings);

        const found = decoded.ok ? decoded.sendable.expiresAt : decoded.expiresAt;
        expect(found).toBeLessThanOrEqual(queuedAt + 72 * hourMs);
      }),
    );
  });
});

describe('a message that is refused', () => {
  it.each([
    ['is no JSON', '{', 'message-invalid', {}],
    ['has an unknown field', { ...text, txt: 'typo' }, 'message-invalid', {}],
    [
      'would live for more than 3 days',
      { ...text, expiresAt: isoAt(queuedAt + 72 * hourMs + 1) },
      'message-invalid',
      {},
    ],
    ['has no business', text, 'business-missing', { businessId: undefined }],
    ['goes to somebody else', text, 'recipient-not-allowed', { onlyTo: new Set(['+1999']) }],
    [
      'goes to somebody while the stage sends to nobody',
      text,
      'recipient-not-allowed',
      { onlyTo: new Set<string>() },
    ],
  ])('because it %s says so', (_, message, code, change) => {
    const { refusal } = refused(message, {}, change);

    expect(refusal).toEqual({ kind: 'refused', code, message: expect.stringMatching(/\w/), ours: true });
  });

  it('names every problem of a message that cannot be read', () => {
    const { refusal } = refused({ type: 'text', to: 'Ana', txt: 'hi' });

    expect(refusal.message).toMatch(/to: .*text: .*txt: /s);
    expect(refusal.message).not.toContain('Ana');
  });

  it('keeps the id of its first copy when its own cannot be read, and its own when it can', () => {
    const unread = refused('{"id":"order-42"', { originalId: 'sqs-1' });
    const read = refused(
      { ...text, id: 'order-42' },
      { originalId: 'sqs-1' },
      { onlyTo: new Set(['+1999']) },
    );

    expect([unread.originalId, read.originalId]).toEqual(['sqs-1', 'order-42']);
  });

  it('keeps the expiry that its copy had, else its own when that can be read, else 4 hours', () => {
    const own = { ...text, expiresAt: isoAt(queuedAt + hourMs) };
    const nobody = { onlyTo: new Set(['+1999']) };

    const expiries = [
      refused('{', { expiresAt: queuedAt + 2 * hourMs }),
      refused('{', { expiresAt: queuedAt + 99 * hourMs }),
      refused('{'),
      refused(own, {}, nobody),
      refused(own, { expiresAt: queuedAt + 2 * hourMs }, nobody),
    ].map(({ expiresAt }) => expiresAt - queuedAt);

    expect(expiries).toEqual([2, 72, 4, 1, 2].map((hours) => hours * hourMs));
  });
});
