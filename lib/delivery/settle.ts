import type { SendStatus } from '../message/send-status.ts';
import { createCatchUp } from './catch-up.ts';
import { type DeliverySettings, decode, messageKey, type QueuedMessage, type Sendable } from './decode.ts';
import type { CopyNote } from './deliver.ts';
import { confirm, decideParked, type LedgerEntry } from './ledger/entry.ts';
import { decideOn, type LedgerStore } from './ledger/ledger.ts';
import { ownRefusal } from './outcome.ts';

/** The longest that SQS keeps a received message out of sight, in seconds, with a margin. */
const longestDelaySeconds = 11 * 60 * 60;

/**
 * A parked send that was received so often is decided on, whatever may lie on the queue: it would be put off for ever if
 * each look at it were the first of a new environment. A queue that settle-send cannot serve for half a day costs as many.
 */
const mostReceives = 200;

/** The queue effects of settling, for one parked send. Each resolves once SQS has confirmed. */
export interface SettleEffects {
  deadLetter(note: CopyNote): Promise<void>;
  /** Copies the message back to the sends queue. */
  sendAgain(note: Pick<CopyNote, 'originalId' | 'expiresAt'>): Promise<void>;
  comeBackIn(delaySeconds: number): Promise<void>;
}

export interface SettlePorts {
  readonly store: LedgerStore;
  readonly settings: DeliverySettings;
  /** How long a delivery status may take to settle a send, in milliseconds. */
  readonly waitMs: number;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** How settling ended. Only `waiting` is not acknowledged. */
export type Settlement =
  | { readonly result: 'waiting'; readonly retryInSeconds: number }
  /** It was sent after all, or the status has been written down. */
  | { readonly result: 'settled' }
  /** A status of a send that the ledger has as sent: nearly every one. */
  | { readonly result: 'known' }
  /** Back on the sends queue. */
  | { readonly result: 'released' }
  /** In the sends DLQ, for people. */
  | { readonly result: 'outcome-unknown' }
  /** A status about a send that the ledger does not know, or knows as never accepted. */
  | { readonly result: 'not-ours' }
  /** Called a status, and none: the relay did not write it, and it settles nothing. */
  | { readonly result: 'unreadable' };

/**
 * Finds out what became of sends whose outcome nobody knew: by a delivery status if one comes, else by waiting, and then
 * as the message's `ifUnclear` says. Rejects when the ledger or a queue does not answer: nothing is acknowledged then.
 */
export function createSettle({ store, settings, waitMs, now }: SettlePorts) {
  const catchUp = createCatchUp({ waitMs, now });

  /** A delivery status names one of our sends: whatever was believed of an attempt, Connectly has it. */
  async function confirmSend(
    { sendId, businessId, vendorId }: SendStatus,
    received: Pick<QueuedMessage, 'queuedAt' | 'receiveCount'>,
  ): Promise<Settlement> {
    catchUp.noteStatus(received);
    const business = businessId ?? settings.businessId;
    if (business === undefined) return { result: 'not-ours' };
    const key = messageKey({ businessId: business, id: sendId });
    const { stored, decision } = await decideOn(store, key, (entry) => ({ write: confirm(entry, vendorId) }));
    catchUp.noteProgress();
    if (stored?.entry.state !== 'SENT') return { result: 'not-ours' };
    return { result: decision.write === undefined ? 'known' : 'settled' };
  }

  async function settleParked(parked: QueuedMessage, effects: SettleEffects): Promise<Settlement> {
    const decoded = decode(parked, settings);
    if (!decoded.ok) return giveUp(decoded, effects);
    const { sendable } = decoded;
    const decide = (entry: LedgerEntry | undefined) => {
      // Past its expiry it must not be sent again; in the DLQ, "expired" would say that it never was.
      const resendSilent = sendable.ifUnclear === 'settle' && now() < sendable.expiresAt;
      catchUp.noteProgress();
      const lookAgainAt = parked.receiveCount > mostReceives ? undefined : catchUp.lookAgainAt();
      return decideParked(entry, {
        content: sendable.content,
        now: now(),
        waitMs,
        lookAgainAt,
        resendSilent,
      });
    };
    const { decision } = await decideOn(store, sendable.key, decide);
    switch (decision.verdict) {
      case 'forget':
        return { result: 'settled' };
      case 'wait':
        return waitFor(decision.until - now(), effects);
      case 'send-again':
        return sendAgain(sendable, effects);
      case 'hand-over':
        return giveUp(sendable, effects);
    }
  }

  return { confirmSend, settleParked };
}

async function waitFor(milliseconds: number, effects: SettleEffects): Promise<Settlement> {
  const retryInSeconds = Math.min(longestDelaySeconds, Math.ceil(milliseconds / 1000));
  await effects.comeBackIn(retryInSeconds);
  return { result: 'waiting', retryInSeconds };
}

async function sendAgain({ originalId, expiresAt }: Sendable, effects: SettleEffects): Promise<Settlement> {
  await effects.sendAgain({ originalId, expiresAt });
  return { result: 'released' };
}

async function giveUp(
  { originalId, expiresAt }: Pick<CopyNote, 'originalId' | 'expiresAt'>,
  effects: SettleEffects,
): Promise<Settlement> {
  const { code, message } = ownRefusal('outcome-unknown');
  await effects.deadLetter({ originalId, expiresAt, code, message, traceId: undefined });
  return { result: 'outcome-unknown' };
}
