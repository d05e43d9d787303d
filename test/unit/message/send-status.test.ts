import { describe, expect, it } from 'vitest';
import { sendReportSchema } from '../../../lib/message/send-status.ts';

describe('a report on a send', () => {
  it.each([{ sendId: 'order-42' }, { sendId: 'order-42', businessId: 'business-2', vendorId: 'V1' }])(
    'is read as it was written: %j',
    (report) => {
      const read = sendReportSchema.safeParse(JSON.parse(JSON.stringify(report)));

      expect(read).toEqual({ success: true, data: report });
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
    const read = sendReportSchema.safeParse(value);

    expect(read.success).toBe(false);
  });
});
