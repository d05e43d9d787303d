import { describe, expect, it } from 'vitest';
import type { LedgerEntry } from '../../../lib/delivery/ledger/entry.ts';
import { createRandom } from '../../proofs/harness/random.ts';
import { createMemoryLedger, type MemoryLedger } from '../../support/memory-ledger.ts';
import { createVirtualClock } from '../../support/virtual-clock.ts';

const entry: LedgerEntry = { state: 'SENDING', content: 'c', attemptId: 'a', leaseUntil: 1, forgetAt: 1000 };

async function codesOf(ledger: MemoryLedger, count: number): Promise<string[]> {
  const calls = Array.from({ length: count }, (_, index) =>
    ledger.insert(`key-${index}`, entry).then(
      () => 'ok',
      (error: unknown) => (error instanceof Error && 'code' in error ? String(error.code) : 'other'),
    ),
  );
  return Promise.all(calls);
}

describe('the ledger in memory', () => {
  it('refuses every so many calls before anything is written', async () => {
    const ledger = createMemoryLedger({ faults: { throttle: { every: 3 } } });

    const codes = await codesOf(ledger, 6);

    expect(codes).toEqual(['ok', 'ok', 'ledger-unavailable', 'ok', 'ok', 'ledger-unavailable']);
    expect([...ledger.entries.keys()]).toEqual(['key-0', 'key-1', 'key-3', 'key-4']);
    expect(ledger.counts).toEqual({ calls: 6, throttled: 2, answersLost: 0, delayed: 0 });
  });

  it('loses answers after everything is written', async () => {
    const ledger = createMemoryLedger({ faults: { lostAnswer: { every: 2 } } });

    const codes = await codesOf(ledger, 2);

    expect(codes).toEqual(['ok', 'ledger-unavailable']);
    expect(ledger.entries.size).toBe(2);
    expect(ledger.counts.answersLost).toBe(1);
  });

  it('counts exactly what it injects by chance', async () => {
    const random = createRandom(7, 0);
    const ledger = createMemoryLedger({
      faults: { throttle: { probability: 0.1 }, lostAnswer: { probability: 0.1 } },
      random: () => random.int(1_000_000) / 1_000_000,
    });

    const codes = await codesOf(ledger, 1_000);

    const failed = codes.filter((code) => code !== 'ok').length;
    expect(failed).toBe(ledger.counts.throttled + ledger.counts.answersLost);
    expect(ledger.entries.size).toBe(1_000 - ledger.counts.throttled);
    expect(ledger.counts.throttled).toBeGreaterThan(50);
    expect(ledger.counts.answersLost).toBeGreaterThan(50);
  });

  it('is slow where it is told to be, and writes at the end of that time', async () => {
    const clock = createVirtualClock();
    const ledger = createMemoryLedger({ faults: { latency: { every: 1, milliseconds: 500 } }, clock });
    const call = ledger.insert('key', entry);

    await clock.advance(499);
    const before = ledger.entries.size;
    await clock.advance(1);
    await call;

    expect(before).toBe(0);
    expect(ledger.entries.size).toBe(1);
    expect(ledger.counts.delayed).toBe(1);
  });

  it('stops when the faults are taken away', async () => {
    const ledger = createMemoryLedger({ faults: { throttle: { every: 1 } } });
    await codesOf(ledger, 1);

    ledger.inject({});
    const codes = await codesOf(ledger, 2);

    expect(codes).toEqual(['ok', 'ok']);
  });

  it('says what a fault needs that it was not given', async () => {
    const byChance = createMemoryLedger({ faults: { throttle: { probability: 1 } } });
    const slow = createMemoryLedger({ faults: { latency: { every: 1, milliseconds: 1 } } });

    await expect(byChance.read('key')).rejects.toThrow('needs a random');
    await expect(slow.read('key')).rejects.toThrow('needs a clock');
  });
});
