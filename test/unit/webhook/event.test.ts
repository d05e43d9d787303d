import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toQueuedEvent } from '../../../lib/webhook/event.ts';

const receivedAt = Date.UTC(2026, 10, 22, 10);

const queued = (body: string | Uint8Array) => toQueuedEvent(Buffer.from(body), receivedAt);
const envelope = (body: string | Uint8Array): unknown => JSON.parse(queued(body).body);
const sha256 = (body: string | Uint8Array) => createHash('sha256').update(body).digest('hex');

/** What SQS takes: the characters of XML 1.0 (AWS, "Amazon SQS message quotas"). */
const legalForSqs = /^[\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]*$/u;

describe('the id of an event', () => {
  it.each([
    ['a delivery status', { statusUpdate: { id: 'S1', status: 'delivered' } }, 'S1:delivered'],
    ['an inbound message', { message: { id: 'M1', text: 'hi' } }, 'M1'],
    ['a button reply', { buttonResponse: { id: 'B1', text: 'Yes' } }, 'B1'],
    ['a report', { report: { id: 'R1', last_run: { id: 'run-1' } } }, 'R1:run-1'],
    [
      'a status beside a message',
      { message: { id: 'M1' }, statusUpdate: { id: 'S1', status: 'read' } },
      'S1:read',
    ],
    ['a message beside a button reply', { buttonResponse: { id: 'B1' }, message: { id: 'M1' } }, 'M1'],
    [
      'a status without its status beside a message',
      { statusUpdate: { id: 'S1' }, message: { id: 'M1' } },
      'M1',
    ],
  ])("is the vendor's own for %s", (_, event, id) => {
    const { id: found } = queued(JSON.stringify(event));

    expect(found).toBe(id);
  });

  it.each([
    ['a message without an id', { message: { text: 'hi' } }],
    ['a report without a run', { report: { id: 'R1' } }],
    ['a run without a report id', { report: { last_run: { id: 'run-1' } } }],
    ['a status without an id', { statusUpdate: { status: 'read' } }],
    ['an id that is no text', { message: { id: 7 } }],
    ['an empty id', { message: { id: '' } }],
    ['an id of 129 characters', { message: { id: 'x'.repeat(129) } }],
    ['an id with a line feed', { message: { id: 'a\nb' } }],
    ['an id with an escape sequence of terminals', { message: { id: '\u001b[31mred' } }],
    ['an id that SQS refuses', { message: { id: 'a\uffff' } }],
    ['an id with half a surrogate pair', { message: { id: 'a\ud83d' } }],
    ['a message that is a list', { message: [{ id: 'M1' }] }],
    ['nothing known', { hello: 1 }],
  ])('is the hash of the body for %s', (_, event) => {
    const body = JSON.stringify(event);

    const { id } = queued(body);

    expect(id).toBe(sha256(body));
  });

  it('may be 128 characters long', () => {
    const id = 'x'.repeat(128);

    const event = queued(JSON.stringify({ message: { id } }));

    expect(event.id).toBe(id);
  });

  it('does not come from the prototype', () => {
    const body = '{"__proto__":{"message":{"id":"forged"}}}';

    const event = queued(body);

    expect(event.id).toBe(sha256(body));
    expect(Object.hasOwn(Object.prototype, 'message')).toBe(false);
  });

  it('is the same for every delivery of the same bytes', () => {
    const body = Buffer.from('{"message":{"text":"hi"}}');

    const first = toQueuedEvent(body, receivedAt);
    const second = toQueuedEvent(body, receivedAt + 60_000);

    expect(second.id).toBe(first.id);
  });
});

describe('the topic of an event', () => {
  it.each([
    ['what the vendor says', { topic: 'brand_new', message: {} }, 'brand_new'],
    ['"report" for a report', { report: {} }, 'report'],
    ['"delivery_status" for a status', { statusUpdate: {} }, 'delivery_status'],
    ['"messages" for a message', { message: {} }, 'messages'],
    ['"messages" for a button reply', { buttonResponse: {} }, 'messages'],
    ["derived when the vendor's is empty", { topic: '', message: {} }, 'messages'],
    ["derived when the vendor's is no text", { topic: { a: 1 }, report: {} }, 'report'],
    ['"report" before any other shape', { report: {}, statusUpdate: {}, message: {} }, 'report'],
    ['"delivery_status" before "messages"', { statusUpdate: {}, message: {} }, 'delivery_status'],
    ['"unknown" for any other object', { hello: 1 }, 'unknown'],
    ['"unknown" for a list', [1], 'unknown'],
    ['"unknown" for null', null, 'unknown'],
  ])('is %s', (_, event, topic) => {
    const { topic: found } = queued(JSON.stringify(event));

    expect(found).toBe(topic);
  });
});

describe('the envelope', () => {
  it('holds the id, the topic, the time and the event', () => {
    const found = envelope('{"message":{"id":"M1","text":"hi"}}');

    expect(found).toEqual({
      id: 'M1',
      topic: 'messages',
      receivedAt: '2026-11-22T10:00:00.000Z',
      event: { message: { id: 'M1', text: 'hi' } },
    });
  });

  it("holds the producer's id and data when the event answers one of our sends", () => {
    const callbackData = { relay: { v: 1, id: 'order-42-ready' }, data: { order: 42 } };

    const found = envelope(JSON.stringify({ statusUpdate: { id: 'S1', status: 'sent' }, callbackData }));

    expect(found).toMatchObject({
      sendId: 'order-42-ready',
      callbackData: { order: 42 },
      event: { callbackData },
    });
  });

  it("holds neither for somebody else's callbackData", () => {
    const found = envelope('{"message":{"id":"M1"},"callbackData":{"order":1}}');

    expect(Object.keys(Object(found))).toEqual(['id', 'topic', 'receivedAt', 'event']);
  });

  it("carries the vendor's text verbatim: spacing, order, escapes, doubled keys and long numbers", () => {
    const text = '\n { "b" : 1.0, "a":12345678901234567890, "a": "\\u00e9\\/", "__proto__": {"x": 1} }\r\n';

    const { body } = queued(text);

    expect(body.endsWith(`,"event":${text}}`)).toBe(true);
  });

  it('carries a timestamp that is a string as a string', () => {
    const found = envelope('{"timestamp":"1639083206"}');

    expect(found).toMatchObject({ event: { timestamp: '1639083206' } });
  });

  it('escapes the two characters that SQS refuses and JSON allows, and nothing else', () => {
    const { body } = queued('{"a":"\ufffe|\uffff|\ufffd|\u2028|\u007f|😀"}');

    expect(body.endsWith(',"event":{"a":"\\ufffe|\\uffff|\ufffd|\u2028|\u007f|😀"}}')).toBe(true);
    expect(legalForSqs.test(body)).toBe(true);
  });

  it('escapes them in the copy of callbackData, too', () => {
    const callbackData = { relay: { v: 1 }, data: '\uffff' };

    const { body } = queued(JSON.stringify({ callbackData }));

    expect(legalForSqs.test(body)).toBe(true);
    expect(JSON.parse(body)).toMatchObject({ callbackData: '\uffff' });
  });

  it('is legal for SQS and gives back any JSON value that was sent', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5, stringUnit: 'binary' }), (value) => {
        const text = JSON.stringify(value);

        const { body, parsed } = queued(text);

        const restored: unknown = JSON.parse(body);
        expect(parsed).toBe(true);
        expect(legalForSqs.test(body)).toBe(true);
        expect(JSON.stringify(Object(restored).event)).toBe(JSON.stringify(JSON.parse(text)));
      }),
    );
  });
});

const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);

/** Grows to about 1 MiB by escaping, and by a byte for each of the padding. */
const bytesWith = (padding: number) => Buffer.from(`"${'\uffff'.repeat(174_000)}${'x'.repeat(padding)}"`);

describe('a signed body that cannot be looked into', () => {
  it.each([
    ['not JSON', Buffer.from('{"message":')],
    ['empty', Buffer.alloc(0)],
    ['blank', Buffer.from('  ')],
    ['compressed', gzipSync('{"message":{"id":"M1"}}')],
    ['a compressed bomb', gzipSync(Buffer.alloc(1024 * 1024))],
    ['not UTF-8', Buffer.from([0x22, 0xff, 0x22])],
    ['half a surrogate pair in bytes', Buffer.from([0x22, 0xed, 0xa0, 0xbd, 0x22])],
    ['an overlong encoding', Buffer.from([0x22, 0xc0, 0xaf, 0x22])],
    ['UTF-16', Buffer.from('\ufeff{}', 'utf16le')],
    ['led by a byte order mark', Buffer.from('\ufeff{"message":{"id":"M1"}}')],
    ['two JSON texts', Buffer.from('{}{}')],
    ['nested 65 levels deep', Buffer.from(nested(65))],
    ['nested 100,000 levels deep', Buffer.from(nested(100_000))],
  ])('is queued as base64 and marked as unparsed when it is %s', (_, bytes) => {
    const event = toQueuedEvent(bytes, receivedAt);

    expect(event).toMatchObject({ id: sha256(bytes), topic: 'unknown', parsed: false });
    expect(JSON.parse(event.body)).toEqual({
      id: sha256(bytes),
      topic: 'unknown',
      receivedAt: '2026-11-22T10:00:00.000Z',
      event: null,
      raw: bytes.toString('base64'),
    });
  });

  it('is never one that is nested 64 levels deep', () => {
    const event = queued(nested(64));

    expect(event.parsed).toBe(true);
  });

  it('is never one whose strings hold many brackets', () => {
    const event = queued(JSON.stringify({ text: '[{'.repeat(500), quoted: '\\"[[[' }));

    expect(event.parsed).toBe(true);
  });

  it("is one that would outgrow SQS's 1 MiB by escaping", () => {
    const bytes = Buffer.from(`"${'\uffff'.repeat(174_760)}"`);

    const event = toQueuedEvent(bytes, receivedAt);

    expect(bytes.length).toBeLessThanOrEqual(512 * 1024);
    expect(event.parsed).toBe(false);
    expect(JSON.parse(event.body)).toMatchObject({ event: null, raw: bytes.toString('base64') });
  });

  it('is one that would outgrow it by a byte, and none that just fits', () => {
    const left = 1024 * 1024 - 4 * 1024 - Buffer.byteLength(toQueuedEvent(bytesWith(0), receivedAt).body);

    const fitting = toQueuedEvent(bytesWith(left), receivedAt);
    const outgrown = toQueuedEvent(bytesWith(left + 1), receivedAt);

    expect(left).toBeGreaterThan(0);
    expect([fitting.parsed, outgrown.parsed]).toEqual([true, false]);
  });

  it('is one whose copied callbackData would outgrow it', () => {
    const callbackData = { relay: { v: 1 }, data: '\u0001'.repeat(87_000) };
    const bytes = Buffer.from(JSON.stringify({ callbackData, more: 'x'.repeat(1_500) }));

    const event = toQueuedEvent(bytes, receivedAt);

    expect(bytes.length).toBeGreaterThan(500_000);
    expect(event.parsed).toBe(false);
  });

  it('always fits into one SQS message, whatever the largest body is made of', () => {
    const bodies = ['\uffff', '\u0001', 'x', '😀'].map((character) => {
      const count = Math.floor((512 * 1024 - 40) / Buffer.byteLength(character));
      return Buffer.from(`{"callbackData":"${character.repeat(count)}"}`).subarray(0, 512 * 1024);
    });

    const sizes = bodies.map((bytes) => Buffer.byteLength(toQueuedEvent(bytes, receivedAt).body));

    expect(Math.max(...sizes)).toBeLessThanOrEqual(1024 * 1024 - 4 * 1024);
  });

  it('comes back byte for byte from its base64, whatever the bytes were', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (array) => {
        const bytes = Buffer.from(array);

        const event = toQueuedEvent(bytes, receivedAt);

        const { raw } = Object(JSON.parse(event.body));
        expect(event.parsed || Buffer.from(raw, 'base64').equals(bytes)).toBe(true);
        expect(legalForSqs.test(event.body)).toBe(true);
      }),
    );
  });
});
