import { RelayError } from '../../errors.ts';
import { decisionBudgetMs } from '../time.ts';
import type { LedgerEntry } from './entry.ts';

/** An entry as it is stored. The revision changes with every write. */
export interface StoredEntry {
  readonly entry: LedgerEntry;
  readonly revision: number;
}

/** The ledger's table: a compare-and-set for each key. Every call rejects when the store does not answer before `signal`. */
export interface LedgerStore {
  read(key: string, signal?: AbortSignal): Promise<StoredEntry | undefined>;
  /** Stores an entry where there is none; otherwise resolves to the one that is there, undefined when it has gone. */
  insert(key: string, entry: LedgerEntry, signal?: AbortSignal): Promise<Written>;
  /** Replaces the entry of that revision; otherwise resolves to the one that is there. */
  replace(key: string, revision: number, entry: LedgerEntry, signal?: AbortSignal): Promise<Written>;
}

export type Written =
  | { readonly ok: true; readonly stored: StoredEntry }
  | { readonly ok: false; readonly current: StoredEntry | undefined };

/** How often somebody else may be faster before it is left to a later try. */
const maximumRaces = 5;

/** A decision about an entry: what to write, if anything. */
export interface Decision {
  readonly write?: LedgerEntry | undefined;
}

/**
 * Decides on an entry and writes what was decided, anew whenever somebody else has written in between. `assumed` saves
 * a read when the caller knows what to expect: a wrong assumption costs one refused write. All calls share the one time
 * budget of a decision. Rejects with `ledger-contended` when the entry never holds still, and with the store's own errors.
 */
export async function decideOn<D extends Decision>(
  store: LedgerStore,
  key: string,
  decide: (entry: LedgerEntry | undefined) => D,
  assumed?: { readonly stored: StoredEntry | undefined },
): Promise<{ readonly decision: D; readonly stored: StoredEntry | undefined }> {
  const signal = AbortSignal.timeout(decisionBudgetMs);
  let current = assumed === undefined ? await store.read(key, signal) : assumed.stored;
  for (let race = 0; race < maximumRaces; race++) {
    const decision = decide(current?.entry);
    if (decision.write === undefined) return { decision, stored: current };
    const written =
      current === undefined
        ? await store.insert(key, decision.write, signal)
        : await store.replace(key, current.revision, decision.write, signal);
    if (written.ok) return { decision, stored: written.stored };
    current = written.current;
  }
  throw new RelayError('ledger-contended', 'The ledger entry changed faster than it could be decided on.');
}
