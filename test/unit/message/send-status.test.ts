import { describe, expect, it } from 'vitest';
import { toSendStatus } from '../../../lib/message/send-status.ts';

describe('the status of a send', () => {
  it.each([{ sendId: 'order-42' }, { sendId: 'order-42', businessId: 'business-2', vendorId: 'V1' }])(
    'is read as it was written: %j',
    (status) => {
      const read = toSendStatus(JSON.stringify(status));

      expect(read).toEqual(status);
    },
  );

  it.each([
    null,
    [],
    'order-42',
    {},
    { sendId: 7 },
    { sendId: 'a', businessId: null },
    { sendId: 'a', vendorId: 1 },
  ])('is not %j', (value) => {
    const read = toSendStatus(JSON.stringify(value));

    expect(read).toBeUndefined();
  });

  it.each(['', '{', '{"sendId":"a"'])('is not the text %j, which is no JSON', (text) => {
    const read = toSendStatus(text);

    expect(read).toBeUndefined();
  });
});
