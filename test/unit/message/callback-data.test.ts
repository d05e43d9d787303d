import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { unwrapCallbackData, wrapCallbackData } from '../../../lib/message/callback-data.ts';
import { sendIdPattern } from '../../../lib/message/send-id.ts';

/** What an id may be. */
const sendId = fc
  .string({ unit: 'binary-ascii', minLength: 1, maxLength: 128 })
  .filter((id) => sendIdPattern.test(id));

const correlation = fc.record({ sendId, callbackData: fc.jsonValue() }, { requiredKeys: [] });

describe('callbackData', () => {
  it('comes back as the producer gave it, after a journey as JSON', () => {
    fc.assert(
      fc.property(correlation, (given) => {
        const journey = JSON.stringify(wrapCallbackData(given) ?? null);

        const found = unwrapCallbackData(JSON.parse(journey));

        expect(JSON.stringify(found)).toBe(JSON.stringify(given));
      }),
    );
  });

  it('brings the business along that a message named, beside its id', () => {
    const given = { sendId: 'order-42', businessId: 'business-2', callbackData: [1] };

    const wrapped = wrapCallbackData(given);
    const found = unwrapCallbackData(JSON.parse(JSON.stringify(wrapped)));

    expect(wrapped).toEqual({ relay: { v: 1, id: 'order-42', businessId: 'business-2' }, data: [1] });
    expect(found).toEqual(given);
  });

  it('says nothing about the business of a message without an id: nothing will be looked up by it', () => {
    const wrapped = [
      wrapCallbackData({ businessId: 'business-2' }),
      wrapCallbackData({ businessId: 'business-2', callbackData: 1 }),
    ];

    expect(wrapped).toEqual([undefined, { relay: { v: 1 }, data: 1 }]);
  });

  it.each([
    [{ relay: { v: 1, businessId: 'business-2' } }, {}],
    [{ relay: { v: 1, id: 'order-42', businessId: 7 } }, { sendId: 'order-42' }],
    [{ relay: { v: 1, id: 'order-42', businessId: '../x' } }, { sendId: 'order-42' }],
    [
      { relay: { v: 1, id: 'order-42', businessId: null }, data: 1 },
      { sendId: 'order-42', callbackData: 1 },
    ],
  ])('does not take a business from %j', (callbackData, expected) => {
    const found = unwrapCallbackData(callbackData);

    expect(found).toEqual(expected);
  });

  it('is absent without an id and without data', () => {
    const wrapped = wrapCallbackData({});

    expect(wrapped).toBeUndefined();
  });

  it('holds null when the data is null', () => {
    const wrapped = wrapCallbackData({ callbackData: null });

    expect(wrapped).toEqual({ relay: { v: 1 }, data: null });
  });

  it.each([
    undefined,
    null,
    { relay: { v: 1, id: '' }, data: 1 },
    { relay: { v: 1, id: 'i'.repeat(129) }, data: 1 },
    { relay: { v: 1, id: 'order-42\n' }, data: 1 },
    { relay: { v: 1, id: '\u001b]0;order\u0007' }, data: 1 },
    'text',
    [],
    {},
    { order: 42 },
    { relay: null },
    { relay: [] },
    { relay: {} },
    { relay: { v: 2, id: 'a' } },
    { relay: { v: '1' } },
    { relay: { v: 1, id: 7 } },
    { relay: { v: 1, id: null } },
  ])('of somebody else is left alone: %j', (foreign) => {
    const found = unwrapCallbackData(foreign);

    expect(found).toEqual({});
  });
});
