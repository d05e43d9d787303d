import { describe, expect, it, vi } from 'vitest';
import type { LedgerEntry } from '../../../../lib/delivery/ledger/entry.ts';
import { decideOn, type LedgerStore } from '../../../../lib/delivery/ledger/ledger.ts';
import { decisionBudgetMs } from '../../../../lib/delivery/time.ts';
import { createMemoryLedger } from '../../../support/memory-ledger.ts';

const entry = (change: Partial<LedgerEntry> = {}): LedgerEntry => ({
  state: 'SENDING',
  content: 'content-1',
  attemptId: 'attempt-1',
  leaseUntil: 1,
  forgetAt: 1000,
  ...change,
});

/** Writes this entry over whatever there is, and remembers what it saw. */
function overwriting(write: LedgerEntry | undefined) {
  const seen: (LedgerEntry | undefined)[] = [];
  const decide = (current: LedgerEntry | undefined) => {
    seen.push(current);
    return { write };
  };
  return { seen, decide };
}

/** Lets somebody else write before each of the first writes. */
function racing(store: LedgerStore, others: readonly LedgerEntry[]): LedgerStore {
  const left = [...others];
  async function race(key: string): Promise<void> {
    const other = left.shift();
    if (other === undefined) return;
    const current = await store.read(key);
    if (current === undefined) await store.insert(key, other);
    else await store.replace(key, current.revision, other);
  }
  return {
    read: (key) => store.read(key),
    async insert(key, written) {
      await race(key);
      return store.insert(key, written);
    },
    async replace(key, revision, written) {
      await race(key);
      return store.replace(key, revision, written);
    },
  };
}

describe('a decision about an entry', () => {
  it('is made on what is there, and written', async () => {
    const store = createMemoryLedger();
    await store.insert('key', entry());
    const { seen, decide } = overwriting(entry({ state: 'SENT' }));

    const { stored } = await decideOn(store, 'key', decide);

    expect(seen).toEqual([entry()]);
    expect(stored).toEqual({ entry: entry({ state: 'SENT' }), revision: 2 });
    expect(store.entries.get('key')).toEqual(stored);
  });

  it('that writes nothing leaves everything as it is, and says what is there', async () => {
    const store = createMemoryLedger();
    await store.insert('key', entry());

    const { stored } = await decideOn(store, 'key', () => ({ write: undefined }));

    expect(stored).toEqual({ entry: entry(), revision: 1 });
    expect(store.counts.calls).toBe(2);
  });

  it('saves the read when the caller is right about what is there', async () => {
    const store = createMemoryLedger();

    await decideOn(store, 'key', () => ({ write: entry() }), { assumed: { stored: undefined } });

    expect(store.counts.calls).toBe(1);
  });

  it('is made anew when the caller is wrong about what is there', async () => {
    const store = createMemoryLedger();
    await store.insert('key', entry({ attemptId: 'attempt-0' }));
    const { seen, decide } = overwriting(entry());

    await decideOn(store, 'key', decide, { assumed: { stored: undefined } });

    expect(seen).toEqual([undefined, entry({ attemptId: 'attempt-0' })]);
  });

  it('is made anew on what somebody else has written in between', async () => {
    const store = createMemoryLedger();
    const other = entry({ attemptId: 'attempt-0', state: 'SENT' });
    const seen: (LedgerEntry | undefined)[] = [];

    const { decision } = await decideOn(racing(store, [other]), 'key', (current) => {
      seen.push(current);
      return { write: current === undefined ? entry() : undefined };
    });

    expect(seen).toEqual([undefined, other]);
    expect(decision).toEqual({ write: undefined });
    expect(store.entries.get('key')?.entry).toEqual(other);
  });

  it('is made on nothing when the entry has gone in between', async () => {
    const store = createMemoryLedger();
    const { seen, decide } = overwriting(entry({ state: 'SENT' }));

    const { stored } = await decideOn(store, 'key', decide, {
      assumed: { stored: { entry: entry(), revision: 7 } },
    });

    expect(seen).toEqual([entry(), undefined]);
    expect(stored?.revision).toBe(1);
  });

  it('wins the fifth race, and gives up after it', async () => {
    const others = (count: number) =>
      Array.from({ length: count }, (_, index) => entry({ attemptId: `other-${index}` }));
    const write = entry();

    const won = await decideOn(racing(createMemoryLedger(), others(4)), 'key', () => ({ write }));
    const lost = decideOn(racing(createMemoryLedger(), others(5)), 'key', () => ({ write }));

    expect(won.stored?.entry).toEqual(write);
    await expect(lost).rejects.toMatchObject({ code: 'ledger-contended' });
  });

  it('shares one time budget among all its calls, however many there are', async () => {
    const timeout = vi.spyOn(AbortSignal, 'timeout');
    const signals: unknown[] = [];
    const store: LedgerStore = {
      async read(_, signal) {
        signals.push(signal);
        return { entry: entry(), revision: 1 };
      },
      async replace(_, revision, __, signal) {
        signals.push(signal);
        return { ok: false, current: revision < 3 ? { entry: entry(), revision: revision + 1 } : undefined };
      },
      async insert(_, __, signal) {
        signals.push(signal);
        return { ok: true, stored: { entry: entry(), revision: 1 } };
      },
    };

    await decideOn(store, 'key', () => ({ write: entry() }));

    expect(timeout.mock.calls).toEqual([[decisionBudgetMs]]);
    expect(signals).toEqual(Array.from({ length: 5 }, () => timeout.mock.results[0]?.value));
    expect(new Set(signals).size).toBe(1);
    timeout.mockRestore();
  });

  it('fails with the store: nothing is decided on a guess', async () => {
    const store = createMemoryLedger({ faults: { throttle: { every: 1 } } });
    const { seen, decide } = overwriting(entry());

    const call = decideOn(store, 'key', decide);

    await expect(call).rejects.toMatchObject({ code: 'ledger-unavailable' });
    expect(seen).toEqual([]);
  });
});
