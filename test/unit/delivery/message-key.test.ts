import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contentDigest, messageKey } from '../../../lib/delivery/decode.ts';
import { parseMessage } from '../../../lib/message/parse.ts';

function digestOf(message: unknown): string {
  const parsed = parseMessage(JSON.stringify(message), { queuedAt: Date.UTC(2026, 10, 22) });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return contentDigest(parsed.message);
}

const text = { type: 'text', to: '+15555555555', text: 'hello!' };
const template = {
  type: 'template',
  to: '+15555555555',
  templateName: 'order_ready',
  parameters: [
    { name: 'body_1', value: 'Ana' },
    { name: 'body_2', value: '42' },
  ],
};
const session = { type: 'session', to: '+15555555555', message: { text: 'hi', extra: { a: 1, b: [1, 2] } } };

/** The same JSON with the keys of every object in another order. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toReversed()
      .map(([key, inner]) => [key, reversed(inner)]),
  );
}

/** Made with sha256sum over the compact JSON with sorted keys. */
it('has the digests that earlier versions have stored: with others, what is queued meanwhile would look reused', () => {
  const digests = [
    messageKey({ businessId: 'business-1', id: 'order-42' }),
    digestOf(text),
    digestOf(session),
  ];

  expect(digests.map((digest) => digest.slice(0, 16))).toEqual([
    'd686b75ea85b7ef0',
    '4d8ee61c0b46ce18',
    'b9559f3395b3bb23',
  ]);
});

describe('the key of a message', () => {
  it('keeps business and id apart, wherever the border between them lies', () => {
    const keys = [
      messageKey({ businessId: 'a', id: 'bc' }),
      messageKey({ businessId: 'ab', id: 'c' }),
      messageKey({ businessId: 'a","b', id: 'c' }),
      messageKey({ businessId: 'a', id: 'b","c' }),
    ];

    expect(new Set(keys).size).toBe(4);
    expect(keys.every((key) => /^[0-9a-f]{64}$/.test(key))).toBe(true);
  });

  it('is the same for the same business and id, and only for those', () => {
    const parts = fc.record({ businessId: fc.string(), id: fc.string() });

    fc.assert(
      fc.property(parts, parts, (one, other) => {
        const same = one.businessId === other.businessId && one.id === other.id;

        expect(messageKey(one) === messageKey(other)).toBe(same);
        expect(messageKey(one)).toBe(messageKey({ ...one }));
      }),
    );
  });
});

describe('the content of a message', () => {
  it.each([
    ['its keys in another order', text, reversed(text)],
    ['the keys of its parameters in another order', template, reversed(template)],
    ["the keys of the vendor's object in another order", session, reversed(session)],
    ['another expiry', text, { ...text, expiresAt: '2026-11-23T00:00:00Z' }],
    ['another policy', text, { ...text, ifUnclear: 'settle' }],
    ['an id, which is part of the key', text, { ...text, id: 'order-42' }],
  ])('is the same with %s', (_, one, other) => {
    const digests = [digestOf(one), digestOf(other)];

    expect(digests[0]).toBe(digests[1]);
    expect(digests[0]).toMatch(/^[0-9a-f]{64}$/);
  });

  it.each([
    ['text', text, { ...text, text: 'hello?' }],
    ['recipient', text, { ...text, to: '+15555555556' }],
    ['sender', text, { ...text, from: '+14150000000' }],
    ['channel', text, { ...text, channelType: 'sms' }],
    ['callback data', text, { ...text, callbackData: null }],
    ['template', template, { ...template, templateName: 'order_late' }],
    ['language', template, { ...template, language: 'en' }],
    ['campaign', template, { ...template, campaignName: 'spring' }],
    ['parameters, fewer', template, { ...template, parameters: template.parameters.slice(1) }],
    ['parameters, in another order', template, { ...template, parameters: template.parameters.toReversed() }],
    ['type', text, { type: 'session', to: text.to, message: { text: text.text } }],
    ["vendor's object", session, { ...session, message: { ...session.message, extra: { a: 1, b: [2, 1] } } }],
  ])('is another one with another %s', (_, one, other) => {
    const digests = [digestOf(one), digestOf(other)];

    expect(digests[0]).not.toBe(digests[1]);
  });

  it.each([
    [{ a: 1 }, [['a', 1]]],
    [{}, []],
    [[[]], [{}]],
    [{ '0': 'a' }, ['a']],
    [1, '1'],
    [null, 'null'],
    [{ a: null }, {}],
    ['{"a":1}', { a: 1 }],
  ])('tells the data %j from %j', (one, other) => {
    const digests = [one, other].map((callbackData) => digestOf({ ...text, callbackData }));

    expect(digests[0]).not.toBe(digests[1]);
  });

  it.each([
    ['business', { businessId: 'business-1' }],
    ['channel', { channelType: 'whatsapp' }],
  ])('is the same with the %s spelt out that it has anyway', (_, spelt) => {
    const digests = [digestOf(text), digestOf({ ...text, ...spelt })];

    expect(digests[0]).toBe(digests[1]);
  });

  it('keeps a key called __proto__', () => {
    const [one, other] = ['1', '2'].map((value) => `{"text":"hi","__proto__":{"a":${value}}}`);
    const bodies = [one, other].map((inner) => `{"type":"session","to":"+15555555555","message":${inner}}`);

    const digests = bodies.map((body) => {
      const parsed = parseMessage(body, { queuedAt: 0 });
      return parsed.ok ? contentDigest(parsed.message) : body;
    });

    expect(digests[0]).toMatch(/^[0-9a-f]{64}$/);
    expect(digests[0]).not.toBe(digests[1]);
  });

  it('is the same exactly when the data is the same JSON, whatever the order of its keys', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 3 }), fc.jsonValue({ maxDepth: 3 }), (one, other) => {
        const [first, second] = [one, other].map((callbackData) => digestOf({ ...text, callbackData }));
        const again = digestOf({ ...text, callbackData: reversed(JSON.parse(JSON.stringify(one))) });

        expect(again).toBe(first);
        if (canonical(one) !== canonical(other)) expect(second).not.toBe(first);
      }),
    );
  });
});

/** An independent way to say the same of two pieces of JSON. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).map(([key, inner]) => `${JSON.stringify(key)}:${canonical(inner)}`);
  return `{${members.toSorted().join()}}`;
}
