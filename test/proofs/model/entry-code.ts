import type { LedgerEntry } from '../../../lib/delivery/ledger/entry.ts';
import { entryDoubts, entryStates, type World } from './world.ts';

// A moment at which a lease may last, may have lapsed, or be long gone: the same for all, because time only tells these apart.
export const now = 1_000_000;
export const leaseMs = 100;
export const longWaitMs = 100;
const leaseUntilByAge = [now + leaseMs, now, now - longWaitMs];
export const content = 'content';
/** More than any attempt in a decoded world: what is claimed next. */
export const nextAttempt = 7;

const entries: readonly (LedgerEntry | undefined)[] = Array.from({ length: 3 * 5 * 8 * 3 }, (_, index) => {
  const state = entryStates[Math.floor((index % 120) / 24) - 1];
  const leaseUntil = leaseUntilByAge[index % 3];
  if (state === undefined || leaseUntil === undefined) return undefined;
  const attemptId = String(Math.floor(index / 3) % 8);
  const doubt = entryDoubts[Math.floor(index / 120) - 1];
  return {
    state,
    content,
    attemptId,
    leaseUntil,
    ...(doubt !== undefined && { doubt }),
    forgetAt: Number.MAX_SAFE_INTEGER,
  };
});

export const entryOf = ({ entryState, entryAttempt, entryAge, entryDoubt }: World): LedgerEntry | undefined =>
  entries[entryDoubt * 120 + entryState * 24 + entryAttempt * 3 + entryAge];

export function writeEntry(world: World, entry: LedgerEntry): void {
  world.entryState = entryStates.indexOf(entry.state) + 1;
  const attempt = Number(entry.attemptId);
  // A status on the way is waited for only while its attempt is the entry's.
  if (attempt !== world.entryAttempt) world.statusDue = 0;
  world.entryAttempt = attempt;
  world.entryDoubt = entry.doubt === undefined ? 0 : entryDoubts.indexOf(entry.doubt) + 1;
  if (entry.leaseUntil > now) world.entryAge = 0;
  else world.entryAge = entry.leaseUntil + longWaitMs > now ? 1 : 2;
}
