import type { Sendable } from '../../../../lib/delivery/decode.ts';
import type { AttemptEnd } from '../../../../lib/delivery/ledger/entry.ts';
import type { LedgerStore } from '../../../../lib/delivery/ledger/ledger.ts';
import { createClaim } from '../../../../lib/delivery/ledger/ledger.ts';
import { createMemoryLedger } from '../../../support/memory-ledger.ts';
import { onlyEntry } from './ledger-scene.ts';

export const startAt = Date.UTC(2026, 10, 22, 10);
export const leaseMs = 90_000;

export const sendable = (change: Partial<Sendable> = {}): Sendable => ({
  message: { type: 'text', to: '+15555555555', text: 'hello!' },
  businessId: 'business-1',
  ifUnclear: 'hold',
  originalId: 'order-42',
  key: 'key-1',
  content: 'content-1',
  expiresAt: startAt + 1_000_000,
  ...change,
});

/** Claims over a ledger in memory, at a time that moves by hand. Attempts are called attempt-1, attempt-2, ... */
export function scene(change: (store: LedgerStore) => LedgerStore = (store) => store) {
  const ledger = createMemoryLedger();
  let now = startAt;
  let attempts = 0;
  const claimFor = createClaim({
    store: change(ledger),
    leaseMs,
    now: () => now,
    newAttemptId: () => `attempt-${++attempts}`,
  });
  const claim = (message: Partial<Sendable> = {}, isCopy = false) => claimFor(sendable(message), isCopy);
  return {
    ledger,
    claim,
    entry: () => onlyEntry(ledger),
    advance: (milliseconds: number) => void (now += milliseconds),
    /** An attempt from its claim to its end. */
    attempt: async (end: AttemptEnd, message: Partial<Sendable> = {}) => {
      const claimed = await claim(message);
      if (!claimed.granted) throw new Error('The claim was not granted.');
      await claimed.finish(end);
    },
  };
}

export const accepted: AttemptEnd = { known: 'accepted', vendorId: 'V1' };
export const notAccepted: AttemptEnd = { known: 'not-accepted' };
export const parked: AttemptEnd = { known: 'nothing', parked: true };
export const goesBack: AttemptEnd = { known: 'nothing', parked: false };
export const reasonOf = (claim: Awaited<ReturnType<ReturnType<typeof scene>['claim']>>) =>
  claim.granted ? 'granted' : claim.outcome;
export const duplicate = { kind: 'duplicate' };
export const lost = { kind: 'unclear', code: 'attempt-lost', ours: true };
export const unavailable = { kind: 'not-sent', code: 'ledger-unavailable', ours: true };
