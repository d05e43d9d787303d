import { describe, expect, it } from 'vitest';
import { sendStatusSchema } from '../../../lib/message/send-status.ts';

describe('the status of a send', () => {
  it.each([{ sendId: 'order-42' }, { sendId: 'order-42', businessId: 'business-2', vendorId: 'V1' }])(
    'is read as it was written: %j',
    (status) => {
      const read = sendStatusSchema.safeParse(JSON.parse(JSON.stringify(status)));

      expect(read).toEqual({ success: true, data: status });
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
    const read = sendStatusSchema.safeParse(value);

    expect(read.success).toBe(false);
  });
});
