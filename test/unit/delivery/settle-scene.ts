import { type DeliverySettings, decode, type QueuedMessage } from '../../../lib/delivery/decode.ts';
import type { AttemptEnd, LedgerEntry } from '../../../lib/delivery/ledger/entry.ts';
import { createClaim, type LedgerStore, update } from '../../../lib/delivery/ledger/ledger.ts';
import { createSettle } from '../../../lib/delivery/settle.ts';
import type { SendStatus } from '../../../lib/message/send-status.ts';
import { createMemoryLedger } from '../../support/memory-ledger.ts';
import { type Call, hourMs, newMessage, queuedAt } from './delivery-scene.ts';
import { onlyEntry } from './ledger/ledger-scene.ts';

export const leaseMs = 90_000;
const minuteMs = 60_000;
export const waitMs = 30 * minuteMs;
export const order = { type: 'text', to: '+15555555555', text: 'hello!', id: 'order-42' };

export interface Setup {
  readonly message?: object;
  readonly settings?: Partial<DeliverySettings>;
  readonly waitMs?: number;
  readonly failing?: 'deadLetter' | 'sendAgain' | 'comeBackIn';
  readonly change?: (store: LedgerStore) => LedgerStore;
}

/** The use case over a ledger in memory, with effects that write down what was asked of them, and the entry by then. */
export function scene(setup: Setup = {}) {
  const ledger = createMemoryLedger();
  const store = setup.change?.(ledger) ?? ledger;
  const settings: DeliverySettings = {
    businessId: 'business-1',
    ifUnclear: 'hold',
    onlyTo: undefined,
    ...setup.settings,
  };
  const calls: Call[] = [];
  let now = queuedAt;
  let attempts = 0;
  const { confirmSend, settleParked } = createSettle({
    store,
    settings,
    waitMs: setup.waitMs ?? waitMs,
    now: () => now,
  });
  /** A status comes off the queue that has nothing to do with the message. */
  const read = () => confirmSend({ sendId: 'order-43' }, { queuedAt: now, receiveCount: 1 });
  const claimFor = createClaim({
    store: ledger,
    leaseMs,
    now: () => now,
    newAttemptId: () => `attempt-${++attempts}`,
  });
  const message = newMessage(setup.message ?? order, { isCopy: true, expiresAt: queuedAt + 4 * hourMs });
  const effect = async (name: NonNullable<Setup['failing']>, given: unknown) => {
    calls.push([name, given, onlyEntry(ledger)?.state]);
    if (setup.failing === name) throw new Error(`${name} failed`);
  };
  return {
    ledger,
    calls,
    confirmSend: (
      given: SendStatus,
      received: Partial<Pick<QueuedMessage, 'queuedAt' | 'receiveCount'>> = {},
    ) => confirmSend(given, { queuedAt: now, receiveCount: 1, ...received }),
    read,
    now: () => now,
    entry: () => onlyEntry(ledger),
    /** The queue is read all the while. */
    advance: async (milliseconds: number) => {
      const until = now + milliseconds;
      while (until - now > minuteMs) {
        now += minuteMs;
        await read();
      }
      now = until;
    },
    /** Nobody reads the queue meanwhile. */
    leaveAlone: (milliseconds: number) => void (now += milliseconds),
    settleParked: (change: Partial<QueuedMessage> = {}) =>
      settleParked(
        { ...message, ...change },
        {
          deadLetter: (note) => effect('deadLetter', note),
          sendAgain: (note) => effect('sendAgain', note),
          comeBackIn: (seconds) => effect('comeBackIn', seconds),
        },
      ),
    /** An attempt of that message; without an end it is lost. */
    attempt: async (end?: AttemptEnd) => {
      const decoded = decode({ ...message, isCopy: false }, settings);
      const claim = decoded.ok ? await claimFor(decoded.sendable, false) : undefined;
      if (!claim?.granted) throw new Error('The claim was not granted.');
      if (end !== undefined) await claim.finish(end);
      return claim.finish;
    },
    write: (decide: (entry: LedgerEntry | undefined) => LedgerEntry | undefined) =>
      Promise.all(Array.from(ledger.entries.keys(), (key) => update(ledger, key, decide))),
  };
}

export const parked: AttemptEnd = { known: 'nothing', parked: true };
export const accepted: AttemptEnd = { known: 'accepted', vendorId: 'V1' };
export const notAccepted: AttemptEnd = { known: 'not-accepted' };
export const status = { sendId: 'order-42', vendorId: 'V9' };
