import { describe, expect, it } from 'vitest';
import { release } from '../../../lib/delivery/ledger/entry.ts';
import { failingStore } from './ledger/ledger-scene.ts';
import { leaseMs, parked, scene, status, waitMs } from './settle-scene.ts';

const minuteMs = 60_000;
const lookAgain = { result: 'waiting', retryInSeconds: 20 };
const other = { sendId: 'order-43' };

/** A send whose wait is over, in an environment that has just started. */
async function gap(...[setup]: Parameters<typeof scene>) {
  const started = scene(setup);
  await started.attempt(parked);
  started.leaveAlone(leaseMs + waitMs);
  return started;
}

/** Looks at the send again as often as it asks for, and says how long that took, in milliseconds. */
async function settleInTime({ settleParked, advance }: ReturnType<typeof scene>) {
  let tookMs = 0;
  for (;;) {
    const settlement = await settleParked();
    if (settlement.result !== 'waiting') return { result: settlement.result, tookMs };
    await advance(settlement.retryInSeconds * 1_000);
    tookMs += settlement.retryInSeconds * 1_000;
  }
}

describe('a parked send whose wait is over, where nobody has read the queue for a while', () => {
  it.each([
    ['hold', 'outcome-unknown'],
    ['settle', 'released'],
  ] as const)(
    'is looked at again for five minutes under %s, by its own coming back',
    async (ifUnclear, result) => {
      const cold = await gap({ settings: { ifUnclear } });

      const first = await cold.settleParked();
      const after = await settleInTime(cold);

      expect(first).toEqual(lookAgain);
      expect(after).toEqual({ result, tookMs: 5 * minuteMs });
    },
  );

  it('is settled by the status that comes only then', async () => {
    const { settleParked, confirmSend, calls, entry } = await gap({ settings: { ifUnclear: 'settle' } });
    await settleParked();

    await confirmSend(status);

    expect(await settleParked()).toEqual({ result: 'settled' });
    expect(calls.map(([name]) => name)).toEqual(['comeBackIn']);
    expect(entry()?.state).toBe('SENT');
  });

  it('is decided on at once where the queue has been read for five minutes', async () => {
    const { attempt, advance, settleParked } = scene();
    await attempt(parked);
    await advance(leaseMs + waitMs);

    expect(await settleParked()).toEqual({ result: 'outcome-unknown' });
  });

  it.each([
    ['three minutes, which is none', 3 * minuteMs, { result: 'outcome-unknown' }],
    ['longer', 3 * minuteMs + 1, lookAgain],
  ])('is looked at again after a gap of %s', async (_, gapMs, expected) => {
    const { attempt, advance, leaveAlone, read, settleParked } = scene();
    await attempt(parked);
    await advance(leaseMs + waitMs);
    await read();
    leaveAlone(gapMs);

    expect(await settleParked()).toEqual(expected);
  });

  it('waits no longer for what was missed than for a status, where that is short', async () => {
    const cold = await gap({ waitMs: 30_000 });

    expect(await settleInTime(cold)).toEqual({ result: 'outcome-unknown', tookMs: 30_000 });
  });

  it('is decided on in the end, though each look at it is the first of a new environment', async () => {
    const { settleParked } = await gap();

    const [often, tooOften] = [
      await settleParked({ receiveCount: 200 }),
      await settleParked({ receiveCount: 201 }),
    ];

    expect([often, tooOften]).toEqual([lookAgain, { result: 'outcome-unknown' }]);
  });

  it('is sent again at once where that had been decided before', async () => {
    const { settleParked, write } = await gap();
    await write((entry) => release(entry, Number.MAX_SAFE_INTEGER));

    expect(await settleParked()).toEqual({ result: 'released' });
  });
});

/** The wait of a send is over while the queue is read, and such a status comes. */
async function whileReading(statusAgeMs: number, receiveCount: number) {
  const reading = scene();
  await reading.attempt(parked);
  await reading.advance(leaseMs + waitMs);
  await reading.confirmSend(other, { queuedAt: reading.now() - statusAgeMs, receiveCount });
  return reading;
}

describe('a parked send whose wait is over, while old statuses come', () => {
  it('is looked at again until none has come for a minute', async () => {
    const reading = await whileReading(3 * minuteMs + 1, 1);

    const first = await reading.settleParked();

    expect(first).toEqual(lookAgain);
    expect(await settleInTime(reading)).toEqual({ result: 'outcome-unknown', tookMs: minuteMs });
  });

  it.each([
    ['that have waited for three minutes, and no longer', 3 * minuteMs, 1],
    ['that come back because something had failed', 10 * minuteMs, 2],
  ])('is decided on among statuses %s', async (_, statusAgeMs, receiveCount) => {
    const { settleParked } = await whileReading(statusAgeMs, receiveCount);

    expect(await settleParked()).toEqual({ result: 'outcome-unknown' });
  });
});

async function afterOutage(outageMs: number) {
  let isDown = false;
  const reading = scene({
    change: (ledger) => failingStore(ledger, new Error('down'), { before: () => isDown }),
  });
  await reading.attempt(parked);
  await reading.advance(leaseMs + waitMs);
  await reading.read();
  isDown = true;
  // The queue is read all the while, in vain.
  for (let left = outageMs; left > 0; left -= 30_000) {
    reading.leaveAlone(30_000);
    await expect(reading.confirmSend(status)).rejects.toThrow('down');
  }
  isDown = false;
  return reading;
}

describe('a parked send whose wait is over, after the ledger was away', () => {
  it('waits for the statuses that could not be written down, and come back', async () => {
    const reading = await afterOutage(4 * minuteMs);

    const first = await reading.settleParked();

    expect(first).toEqual(lookAgain);
    expect(await settleInTime(reading)).toEqual({ result: 'outcome-unknown', tookMs: 5 * minuteMs });
  });

  it('does not wait after a single failure, which has nothing to say about the others', async () => {
    const { settleParked } = await afterOutage(minuteMs);

    expect(await settleParked()).toEqual({ result: 'outcome-unknown' });
  });
});
