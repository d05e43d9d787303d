import { expect, it } from 'vitest';
import { settlementFields } from '../../../lib/delivery/log-lines.ts';
import type { Settlement } from '../../../lib/delivery/settle.ts';

it.each<[Settlement, 'parked' | 'status', object]>([
  [
    { result: 'waiting', retryInSeconds: 1800 },
    'parked',
    { type: 'parked', result: 'waiting', retryInSeconds: 1800 },
  ],
  [{ result: 'settled' }, 'status', { type: 'report', result: 'settled' }],
  [{ result: 'released' }, 'parked', { type: 'parked', result: 'released' }],
  [{ result: 'outcome-unknown' }, 'parked', { type: 'parked', result: 'outcome-unknown' }],
  [{ result: 'not-ours' }, 'status', { type: 'report', result: 'not-ours' }],
])('the log says of %o that came as a %s: %o', (settlement, kind, fields) => {
  const found = settlementFields(settlement, kind);

  expect(found).toEqual(fields);
});
