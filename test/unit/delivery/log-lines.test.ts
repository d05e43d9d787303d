import { describe, expect, it } from 'vitest';
import { decode, type QueuedMessage, type Sendable } from '../../../lib/delivery/decode.ts';
import type { Delivery } from '../../../lib/delivery/deliver.ts';
import {
  attemptFields,
  attemptLevel,
  keyPrefix,
  pauseFields,
  probeFields,
  settlementLine,
  untouchedFields,
} from '../../../lib/delivery/log-lines.ts';
import type { Outcome } from '../../../lib/delivery/outcome.ts';
import type { Settlement } from '../../../lib/delivery/settle.ts';
import { RelayError } from '../../../lib/errors.ts';
import { newMessage } from './delivery-scene.ts';

const message = {
  type: 'text',
  to: '+15550001111',
  text: 'text-canary',
  id: 'id-canary',
  callbackData: 'data-canary',
};
const queued = newMessage(message, { originalId: 'sqs-1', queuedAt: 1_000, receiveCount: 3 });
const times = { startedAt: 61_400, endedAt: 61_650 };

function sendableFrom(from: QueuedMessage, businessId = 'business-1'): Sendable {
  const decoded = decode(from, { businessId, ifUnclear: 'hold', onlyTo: undefined });
  if (!decoded.ok) throw new Error(decoded.refusal.message);
  return decoded.sendable;
}

const accepted: Outcome = { kind: 'accepted', vendorId: 'V1' };
const keyOf = (from: QueuedMessage, businessId?: string) =>
  fieldsOf({ outcome: accepted, acknowledge: true, sendable: sendableFrom(from, businessId) }, from).key;
const fieldsOf = (delivery: Delivery, at = queued) => attemptFields(delivery, at, times);

describe('attemptFields', () => {
  it("tells an accepted message by the vendor's id, and no part of its content", () => {
    const sendable = sendableFrom(queued);

    const fields = fieldsOf({ outcome: accepted, acknowledge: true, sendable });

    expect(fields).toEqual({
      result: 'accepted',
      key: sendable.key.slice(0, 12),
      type: 'text',
      vendorId: 'V1',
      receiveCount: 3,
      secondsInQueue: 60,
      durationMs: 250,
    });
    expect(JSON.stringify(fields)).not.toMatch(/canary|5550001111/);
  });

  it('tells a failed one by its code, its trace id and its next try, but not by its text', () => {
    const outcome: Outcome = { kind: 'refused', code: 'expired', message: 'canary', traceId: '123' };

    const fields = fieldsOf({ outcome, acknowledge: false, retryInSeconds: 7 });

    expect(fields).toMatchObject({ result: 'refused', code: 'expired', traceId: '123', retryInSeconds: 7 });
    expect(JSON.stringify(fields)).not.toContain('canary');
  });

  it.each<[Outcome, object]>([
    [{ kind: 'accepted', vendorId: 'V1', status: 201 }, { status: 201 }],
    [
      { kind: 'not-sent', code: 'connection-failed', fault: 'ECONNREFUSED' },
      { code: 'connection-failed', fault: 'ECONNREFUSED' },
    ],
    [
      { kind: 'unclear', code: 'connectly-502', status: 502 },
      { code: 'connectly-502', status: 502 },
    ],
  ])('tells what lies underneath: %o', (outcome, underneath) => {
    const fields = fieldsOf({ outcome, acknowledge: true });

    expect(fields).toMatchObject(underneath);
  });

  it('tells the outcome together with the failure of its effect, whose code does not hide the own', () => {
    const failure = new RelayError('queue-unconfirmed', 'canary', { cause: new TypeError('canary') });

    const unclear = fieldsOf({
      outcome: { kind: 'unclear', code: 'no-answer' },
      acknowledge: false,
      failure,
    });

    expect(unclear).toMatchObject({
      result: 'unclear',
      code: 'no-answer',
      errorName: 'RelayError',
      fault: 'TypeError',
    });
    expect(JSON.stringify(unclear)).not.toContain('canary');
  });

  it('has neither a key nor a type for what is no message', () => {
    const fields = fieldsOf({
      outcome: { kind: 'refused', code: 'message-invalid', message: 'x' },
      acknowledge: true,
    });

    expect(fields).not.toHaveProperty('key');
    expect(fields).not.toHaveProperty('type');
  });

  it('leaves out what the outcome does not have', () => {
    const fields = [{ kind: 'duplicate' } as const, { kind: 'accepted', vendorId: undefined } as const].map(
      (outcome) => Object.keys(fieldsOf({ outcome, acknowledge: true })),
    );

    const always = ['result', 'receiveCount', 'secondsInQueue', 'durationMs'];
    expect(fields).toEqual([always, always]);
  });

  it('gives every copy of one message the same key, and other messages others', () => {
    const noId = { type: 'text', to: '+15550001111', text: 'hi' };

    const keys = [
      keyOf(queued),
      keyOf({ ...queued, originalId: 'sqs-2' }),
      keyOf(queued, 'business-2'),
      keyOf(newMessage(noId, { originalId: 'sqs-1' })),
      keyOf(newMessage(noId, { originalId: 'sqs-2' })),
    ];

    expect(keys[0]).toBe(keys[1]);
    expect(new Set(keys).size).toBe(4);
    expect(keys.every((key) => /^[0-9a-f]{12}$/.test(key ?? ''))).toBe(true);
  });

  it('never counts a negative time in the queue', () => {
    const fields = fieldsOf(
      { outcome: { kind: 'unclear', code: 'x' }, acknowledge: true },
      { ...queued, queuedAt: 99_000 },
    );

    expect(fields.secondsInQueue).toBe(0);
  });
});

it('the prefix of a key is its first 12 characters', () => {
  const prefix = keyPrefix('0123456789abcdef');

  expect(prefix).toBe('0123456789ab');
});

describe('attemptLevel', () => {
  it.each<[string, Outcome, string]>([
    ['an accepted message', { kind: 'accepted', vendorId: 'V1' }, 'info'],
    ['an accepted message without an id', { kind: 'accepted', vendorId: undefined }, 'warn'],
    ['a duplicate', { kind: 'duplicate' }, 'info'],
    ['a refused one', { kind: 'refused', code: 'x', message: 'y' }, 'warn'],
    ['an unclear one', { kind: 'unclear', code: 'x' }, 'warn'],
    ['one that was not sent', { kind: 'not-sent', code: 'x' }, 'warn'],
    ['one that was turned down', { kind: 'not-sent', code: 'x', configurationFault: 'request' }, 'error'],
    ['a configuration fault', { kind: 'not-sent', code: 'x', configurationFault: 'business' }, 'error'],
  ])('of %s (%o) is %s', (_, outcome, level) => {
    const found = attemptLevel({ outcome, acknowledge: false });

    expect(found).toBe(level);
  });

  it('is error whenever an effect has failed', () => {
    const failure = new Error('down');

    const found = attemptLevel({ outcome: { kind: 'unclear', code: 'x' }, acknowledge: false, failure });

    expect(found).toBe('error');
  });
});

describe('the log of sending that pauses', () => {
  const closure = { since: 0, cause: 'connectly-401', nextTryAt: 15_000 };
  const away = (retryInSeconds: number): Delivery => ({
    outcome: { kind: 'not-sent', code: 'business-paused', ours: true },
    acknowledge: false,
    retryInSeconds,
    untouched: { closure },
  });

  it('says that it begins, since when, why, and when it is tried again', () => {
    const fields = pauseFields({ paused: 'sending-paused', isOver: false, ...closure });

    expect(fields).toEqual({
      code: 'sending-paused',
      cause: 'connectly-401',
      since: '1970-01-01T00:00:00.000Z',
      nextTryAt: '1970-01-01T00:00:15.000Z',
    });
  });

  it('says that it is over, and nothing of a next try', () => {
    const fields = pauseFields({ paused: 'business-paused', isOver: true, ...closure });

    expect(fields).toEqual({
      code: 'business-paused',
      cause: 'connectly-401',
      since: '1970-01-01T00:00:00.000Z',
    });
  });

  it('counts those of a batch that were left untouched, and says when the last comes back', () => {
    const fields = untouchedFields([away(15), away(17), away(16)]);

    expect(fields).toEqual({
      code: 'business-paused',
      cause: 'connectly-401',
      since: '1970-01-01T00:00:00.000Z',
      nextTryAt: '1970-01-01T00:00:15.000Z',
      count: 3,
      retryInSeconds: 17,
    });
  });

  it('says nothing of a pause where none is the reason, nor of a return that nobody arranged', () => {
    const outcome = { kind: 'not-sent', code: 'waits-for-earlier', ours: true } as const;

    const fields = untouchedFields([{ outcome, acknowledge: false, untouched: {} }]);

    expect(fields).toEqual({ code: 'waits-for-earlier', count: 1, retryInSeconds: 0 });
  });
});

it('the log of a probe has what kept it from being good, and no word of Connectly', () => {
  const fields = probeFields({
    kind: 'not-sent',
    code: 'connectly-401',
    configurationFault: 'business',
    status: 401,
    fault: 'ECONNRESET',
    traceId: '42',
  });

  expect(fields).toEqual({
    result: 'not-sent',
    code: 'connectly-401',
    status: 401,
    fault: 'ECONNRESET',
    traceId: '42',
  });
});

it.each<[Settlement, 'parked' | 'status' | 'junk', object]>([
  [
    { result: 'waiting', retryInSeconds: 1800 },
    'parked',
    {
      level: 'info',
      event: 'settle',
      fields: { type: 'parked', result: 'waiting', retryInSeconds: 1800 },
    },
  ],
  [
    { result: 'settled' },
    'status',
    { level: 'info', event: 'settle', fields: { type: 'report', result: 'settled' } },
  ],
  [
    { result: 'released' },
    'parked',
    { level: 'info', event: 'settle', fields: { type: 'parked', result: 'released' } },
  ],
  [
    { result: 'outcome-unknown' },
    'parked',
    { level: 'info', event: 'settle', fields: { type: 'parked', result: 'outcome-unknown' } },
  ],
  [
    { result: 'known' },
    'status',
    { level: 'debug', event: 'report', fields: { type: 'report', result: 'known' } },
  ],
  [
    { result: 'not-ours' },
    'status',
    { level: 'debug', event: 'report', fields: { type: 'report', result: 'not-ours' } },
  ],
  [
    { result: 'unreadable' },
    'junk',
    { level: 'warn', event: 'report', fields: { type: 'report', result: 'unreadable' } },
  ],
])('the log says of %o that came as a %s: %o', (settlement, kind, line) => {
  const found = settlementLine(settlement, kind);

  expect(found).toEqual(line);
});
