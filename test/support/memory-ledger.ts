import type { LedgerEntry } from '../../lib/delivery/ledger/entry.ts';
import type { LedgerStore, StoredEntry, Written } from '../../lib/delivery/ledger/ledger.ts';
import { RelayError } from '../../lib/errors.ts';
import type { Clock } from '../../local/clock.ts';

/** How often a fault strikes: every so many calls, or with a probability from 0 to 1. */
export type Rate = { readonly every: number } | { readonly probability: number };

export interface LedgerFaults {
  /** The call is refused and nothing is written. */
  readonly throttle?: Rate;
  /** The call is done, and its answer never comes. */
  readonly lostAnswer?: Rate;
  /** The call is done after this time. */
  readonly latency?: Rate & { readonly milliseconds: number | (() => number) };
}

export interface MemoryLedger extends LedgerStore {
  /** What has been injected so far, and how many calls there were. */
  readonly counts: Readonly<Record<'calls' | 'throttled' | 'answersLost' | 'delayed', number>>;
  readonly entries: ReadonlyMap<string, StoredEntry>;
  /** Faults from now on, in place of those before. */
  inject(faults: LedgerFaults): void;
}

export interface MemoryLedgerOptions {
  readonly faults?: LedgerFaults;
  /** From 0 up to 1; needed for probabilities. */
  readonly random?: () => number;
  /** Needed for latency. */
  readonly clock?: Pick<Clock, 'after'>;
}

/**
 * A ledger for simulations, with the table's rules: compare-and-set by revision, `forgetAt` in whole seconds rounded
 * up, and a write that meets its own result is confirmed.
 */
export function createMemoryLedger({ faults = {}, random, clock }: MemoryLedgerOptions = {}): MemoryLedger {
  const entries = new Map<string, StoredEntry>();
  const counts = { calls: 0, throttled: 0, answersLost: 0, delayed: 0 };
  let current = faults;

  function strikes(rate: Rate | undefined): boolean {
    if (rate === undefined) return false;
    if ('every' in rate) return counts.calls % rate.every === 0;
    if (random === undefined) throw new Error('A probability needs a random.');
    return random() < rate.probability;
  }

  async function call<Value>(operation: () => Value): Promise<Value> {
    counts.calls++;
    const { throttle, lostAnswer, latency } = current;
    if (strikes(throttle)) {
      counts.throttled++;
      throw unavailable('It was throttled.');
    }
    // All decided now, so that calls that overlap do not take each other's turn.
    const isLost = strikes(lostAnswer);
    if (latency !== undefined && strikes(latency)) {
      counts.delayed++;
      await pause(typeof latency.milliseconds === 'number' ? latency.milliseconds : latency.milliseconds());
    }
    const value = operation();
    if (!isLost) return value;
    counts.answersLost++;
    throw unavailable('Its answer was lost.');
  }

  function pause(milliseconds: number): Promise<void> {
    if (clock === undefined) throw new Error('Latency needs a clock.');
    return new Promise((resolve) => void clock.after(milliseconds, resolve));
  }

  function write(key: string, expected: number | undefined, entry: LedgerEntry): Written {
    const found = entries.get(key);
    const stored = { entry: inWholeSeconds(entry), revision: (expected ?? 0) + 1 };
    if (found?.revision === expected) {
      entries.set(key, stored);
      return { ok: true, stored };
    }
    return found !== undefined && areSame(found, stored)
      ? { ok: true, stored: found }
      : { ok: false, current: found };
  }

  return {
    counts,
    entries,
    inject(next) {
      current = next;
    },
    read: (key) => call(() => entries.get(key)),
    insert: (key, entry) => call(() => write(key, undefined, entry)),
    replace: (key, revision, entry) => call(() => write(key, revision, entry)),
  };
}

const inWholeSeconds = (entry: LedgerEntry): LedgerEntry => ({
  ...entry,
  forgetAt: Math.ceil(entry.forgetAt / 1000) * 1000,
});

function areSame(one: StoredEntry, other: StoredEntry): boolean {
  return (
    one.revision === other.revision &&
    one.entry.state === other.entry.state &&
    one.entry.content === other.entry.content &&
    one.entry.attemptId === other.entry.attemptId &&
    one.entry.leaseUntil === other.entry.leaseUntil &&
    one.entry.vendorId === other.entry.vendorId &&
    one.entry.doubt === other.entry.doubt &&
    one.entry.forgetAt === other.entry.forgetAt
  );
}

const unavailable = (why: string) =>
  new RelayError('ledger-unavailable', 'The ledger table did not answer.', { cause: new Error(why) });
