import type { LedgerEntry } from '../../../../lib/delivery/ledger/entry.ts';
import type { LedgerStore } from '../../../../lib/delivery/ledger/ledger.ts';
import type { MemoryLedger } from '../../../support/memory-ledger.ts';

/** Calls of a store that go wrong: before they are done, or after. */
export interface Failures {
  readonly before?: (operation: keyof LedgerStore) => boolean;
  readonly after?: (operation: keyof LedgerStore) => boolean;
}

/** A store whose calls fail as told, whatever it fails with. */
export function failingStore(ledger: LedgerStore, error: unknown, { before, after }: Failures): LedgerStore {
  const call = async <Value>(operation: keyof LedgerStore, run: () => Promise<Value>): Promise<Value> => {
    if (before?.(operation)) throw error;
    const value = await run();
    if (after?.(operation)) throw error;
    return value;
  };
  return {
    read: (key) => call('read', () => ledger.read(key)),
    insert: (key, entry) => call('insert', () => ledger.insert(key, entry)),
    replace: (key, revision, entry) => call('replace', () => ledger.replace(key, revision, entry)),
  };
}

/** The one entry of a ledger that has at most one. */
export function onlyEntry({ entries }: MemoryLedger): LedgerEntry | undefined {
  const [stored, ...others] = entries.values();
  if (others.length > 0) throw new Error('There is more than one entry.');
  return stored?.entry;
}
