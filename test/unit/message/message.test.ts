import { describe, expect, it } from 'vitest';
import { callbackDataOf } from '../../../lib/message/message.ts';

const text = { type: 'text', to: '+15555555555', text: 'hello!' } as const;

describe('the callbackData of a request', () => {
  it.each([
    ['neither id nor data', {}, undefined],
    ['a business and nothing to find it by', { businessId: 'business-2' }, undefined],
    ['an id', { id: 'order-42' }, { relay: { v: 1, id: 'order-42' } }],
    [
      'an id and the business that it names',
      { id: 'order-42', businessId: 'business-2' },
      { relay: { v: 1, id: 'order-42', businessId: 'business-2' } },
    ],
    ['data', { callbackData: { order: 42 } }, { relay: { v: 1 }, data: { order: 42 } }],
    ['null for data', { callbackData: null }, { relay: { v: 1 }, data: null }],
  ])('of a message with %s', (_, fields, expected) => {
    const callbackData = callbackDataOf({ ...text, ...fields });

    expect(callbackData).toEqual(expected);
  });
});
