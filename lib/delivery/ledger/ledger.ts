import { faultOf, RelayError } from '../../errors.ts';
import type { Sendable } from '../decode.ts';
import { type Outcome, ownRefusal } from '../outcome.ts';
import { decisionBudgetMs } from '../time.ts';
import { abandon, claim, finish, type LedgerEntry, yieldLease } from './entry.ts';

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

/** What an attempt may do: send, and then record what came of it; or nothing but end in an outcome. */
export type Claim =
  | {
      readonly granted: true;
      readonly record: Record;
      /** An attempt before this one may have been accepted. */
      readonly isInDoubt?: boolean;
    }
  | { readonly granted: false; readonly outcome: Outcome; readonly record: Record };

/** Writes the end of an attempt into the ledger, after its effects and before the acknowledgement. */
export type Record = (end: AttemptEnd) => Promise<void>;

export type AttemptEnd =
  | { readonly known: 'accepted'; readonly vendorId: string | undefined }
  | { readonly known: 'not-accepted' }
  /** `parked`: a copy waits on the outcomes queue; otherwise the message itself goes back to be sent again. */
  | { readonly known: 'nothing'; readonly parked: boolean };

export interface ClaimsOptions {
  readonly store: LedgerStore;
  /** Longer than any attempt can take, in milliseconds. */
  readonly leaseMs: number;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** A new one each time, never used before. */
  readonly newAttemptId: () => string;
}

/**
 * Claims messages in the ledger, so that one key is sent once. Fails closed: without the ledger's word nothing is sent.
 * Never rejects; a record may.
 */
export function createClaims({ store, leaseMs, now, newAttemptId }: ClaimsOptions) {
  return async function claimFor({ key, content, ifUnclear }: Sendable, isCopy: boolean): Promise<Claim> {
    const attempt = newAttemptId();
    const resendUnclear = ifUnclear === 'resend';
    const decide = (entry: LedgerEntry | undefined) => {
      const decision = claim(entry, { attempt, content, now: now(), leaseMs, resendUnclear, isCopy });
      return { ...decision, write: 'write' in decision ? decision.write : undefined };
    };
    try {
      // Most messages are new: assuming so saves a read.
      const { decision, stored } = await decideOn(store, key, decide, { stored: undefined });
      switch (decision.verdict) {
        case 'send':
          return {
            granted: true,
            record: recordOwn(key, attempt, stored),
            isInDoubt: decision.write?.doubt !== undefined,
          };
        case 'duplicate':
          return denied({ kind: 'duplicate' });
        case 'busy':
          return denied(busy(decision.until - now()));
        case 'conflict':
          return denied(reused);
        case 'park':
          return { granted: false, outcome: lost, record: recordLost(key, decision.attempt) };
      }
    } catch (error) {
      // The claim may have been written all the same. Nothing follows it, so it must not look like an attempt that was
      // lost once its lease has lapsed.
      return { granted: false, outcome: unavailable(error), record: recordOwn(key, attempt) };
    }
  };

  function recordOwn(key: string, attempt: string, stored?: StoredEntry): Record {
    return async (end) => {
      const decide = (entry: LedgerEntry | undefined) => ({
        write:
          end.known === 'nothing' && !end.parked
            ? yieldLease(entry, attempt, now())
            : finish(entry, attempt, end, now()),
      });
      await decideOn(store, key, decide, stored && { stored });
    };
  }

  /** For an attempt of somebody else that never ended, once a copy of its message is parked. */
  function recordLost(key: string, attempt: string): Record {
    return async () => {
      await decideOn(store, key, (entry) => ({ write: abandon(entry, attempt, now()) }));
    };
  }
}

const lost: Outcome = { kind: 'unclear', code: 'attempt-lost', ours: true };

const reused: Outcome = {
  kind: 'refused',
  ...ownRefusal('id-reused'),
  ours: true,
};

/** No word of the ledger, or none that makes sense. */
function unavailable(error: unknown): Outcome {
  const code = error instanceof RelayError ? error.code : 'ledger-unavailable';
  const fault = faultOf(error);
  return { kind: 'not-sent', code, ours: true, ...(fault !== undefined && { fault }) };
}

function busy(leftMs: number): Outcome {
  return { kind: 'not-sent', code: 'being-sent', retryAfterSeconds: Math.ceil(leftMs / 1000), ours: true };
}

function denied(outcome: Outcome): Claim {
  return { granted: false, outcome, record: () => Promise.resolve() };
}
