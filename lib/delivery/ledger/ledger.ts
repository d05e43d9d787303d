import { faultOf, RelayError } from '../../errors.ts';
import type { Sendable } from '../decode.ts';
import { type Outcome, ownRefusal } from '../outcome.ts';
import { decisionBudgetMs, requestDeadlineMs } from '../time.ts';
import { type AttemptEnd, abandon, decideClaim, finish, type LedgerEntry, withdraw } from './entry.ts';

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

/** What an attempt may do: send, and then write down how it ended; or nothing but end in an outcome. */
export type Claim =
  | {
      readonly granted: true;
      /** An attempt before this one may have been accepted. */
      readonly isInDoubt: boolean;
      readonly finish: FinishAttempt;
    }
  | { readonly granted: false; readonly outcome: Outcome; readonly finish: FinishAttempt };

/** Writes the end of an attempt into the ledger, after its effects and before the acknowledgement. */
export type FinishAttempt = (end: AttemptEnd) => Promise<void>;

export interface ClaimOptions {
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
 * A claim never rejects; finishing it may.
 */
export function createClaim({ store, leaseMs, now, newAttemptId }: ClaimOptions) {
  return async function claim({ key, content, ifUnclear }: Sendable, isCopy: boolean): Promise<Claim> {
    const attemptId = newAttemptId();
    const request = { attemptId, content, leaseMs, resendUnclear: ifUnclear === 'resend', isCopy };
    const finishOwn = (end: AttemptEnd, assumed?: Assumed) =>
      update(store, key, (entry) => finish(entry, attemptId, end, now()), { assumed });
    const withdrawOwn = (budgetMs?: number) =>
      update(store, key, (entry) => withdraw(entry, { ...request, now: now() }), { budgetMs });
    try {
      const { decision, stored } = await decideOn(
        store,
        key,
        (entry) => decideClaim(entry, { ...request, now: now() }),
        // Most messages are new: assuming so saves a read.
        { assumed: { stored: undefined } },
      );
      switch (decision.verdict) {
        case 'send':
          return {
            granted: true,
            isInDoubt: decision.write.doubt !== undefined,
            finish: (end) => finishOwn(end, { stored }),
          };
        case 'duplicate':
          return denied({ kind: 'duplicate' });
        case 'busy':
          return denied(busy(decision.until - now()));
        case 'conflict':
          return denied(ownRefusal('id-reused'));
        case 'park':
          // The attempt of somebody else, which never ended. Its message has a parked copy by the time of the finish.
          return {
            granted: false,
            outcome: lost,
            finish: () => update(store, key, (entry) => abandon(entry, decision.attemptId, now())),
          };
      }
    } catch (error) {
      // The claim may have been written all the same. Nothing follows it, so it must not look like an attempt that was
      // lost once its lease has lapsed. Withdrawing it has the time of the request that is not made. Until then this
      // attempt is under way: a ledger that is slow must not be asked for more and more.
      const isWithdrawn = await withdrawOwn(requestDeadlineMs).then(
        () => true,
        () => false,
      );
      return {
        granted: false,
        outcome: unavailable(error),
        finish: () => (isWithdrawn ? Promise.resolve() : withdrawOwn()),
      };
    }
  };
}

/** A decision about an entry: what to write, if anything. */
interface Decision {
  readonly verdict?: string;
  readonly write?: LedgerEntry | undefined;
}

/** What a caller expects to be stored. */
interface Assumed {
  readonly stored: StoredEntry | undefined;
}

export interface DecisionOptions {
  /** Saves a read when the caller knows what to expect: a wrong assumption costs one refused write. */
  readonly assumed?: Assumed | undefined;
  /** For all calls together, in milliseconds. */
  readonly budgetMs?: number | undefined;
}

/** How often somebody else may be faster before it is left to a later try. */
const maximumRaces = 5;

/**
 * Decides on an entry and writes what was decided, anew whenever somebody else has written in between. Rejects with
 * `ledger-contended` when the entry never holds still, and with the store's own errors.
 */
export async function decideOn<D extends Decision>(
  store: LedgerStore,
  key: string,
  decide: (entry: LedgerEntry | undefined) => D,
  { assumed, budgetMs = decisionBudgetMs }: DecisionOptions = {},
): Promise<{ readonly decision: D; readonly stored: StoredEntry | undefined }> {
  const signal = AbortSignal.timeout(budgetMs);
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

/** Writes what `change` makes of the entry; undefined leaves it as it is. As `decideOn` otherwise. */
export async function update(
  store: LedgerStore,
  key: string,
  change: (entry: LedgerEntry | undefined) => LedgerEntry | undefined,
  options?: DecisionOptions,
): Promise<void> {
  await decideOn(store, key, (entry) => ({ write: change(entry) }), options);
}

const lost: Outcome = { kind: 'unclear', code: 'attempt-lost', ours: true };

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
  return { granted: false, outcome, finish: () => Promise.resolve() };
}
