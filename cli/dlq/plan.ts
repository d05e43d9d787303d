import type { LedgerEntry } from '../../lib/delivery/ledger/entry.ts';
import type { DeadLetter } from './dead-letter.ts';

/**
 * What a redrive does with a dead letter. `send`: back to the sends queue. `resend`: the same, though it may have been sent,
 * because a person has said so. `settled`: Connectly has it after all, so the
 * letter is removed. The others stay where they are: `expired`: it must not be sent any more. `invalid`: it would be
 * refused again as it is. `unknown`: nobody knows whether it was sent, and nobody has said to send it again.
 */
export type Plan = 'send' | 'resend' | 'settled' | 'expired' | 'invalid' | 'unknown';

/** In the order in which a person is told. */
export const plans = [
  'send',
  'resend',
  'settled',
  'expired',
  'invalid',
  'unknown',
] as const satisfies readonly Plan[];

/** Whether a letter with this plan goes back to the sends queue. */
export function isSent(plan: Plan): boolean {
  return plan === 'send' || plan === 'resend';
}

export const planMeanings: Readonly<Record<Plan, string>> = {
  send: 'back to the sends queue',
  resend: 'back there, too, though it may have been sent: the customer may get it twice',
  settled: 'Connectly has it after all: removed',
  expired: 'must not be sent any more: kept',
  invalid: 'would be refused again as it is: kept',
  unknown: 'may have been sent: kept without --resend-unknown',
};

/** Whether the ledger has to be asked before anything is decided about it. */
export function isInDoubt({ code, send }: DeadLetter): boolean {
  return code === 'outcome-unknown' && send !== undefined;
}

/** Decides about one letter. `entry` is the ledger's, for a letter in doubt. `now` in epoch milliseconds. */
export function planOf(
  letter: DeadLetter,
  { entry, resendUnknown, now }: { entry: LedgerEntry | undefined; resendUnknown: boolean; now: number },
): Plan {
  if (letter.send === undefined || letter.code === 'message-invalid') return 'invalid';
  if (isInDoubt(letter) && entry?.state === 'SENT') return 'settled';
  if (letter.expiresAt <= now) return 'expired';
  if (!isInDoubt(letter)) return 'send';
  // Without its business the ledger cannot be told: the sender would park it again.
  return !resendUnknown || letter.send.key === undefined ? 'unknown' : 'resend';
}
