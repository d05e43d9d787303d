import * as z from 'zod';
import type { LedgerEntry } from '../../lib/delivery/ledger/entry.ts';
import type { Lines } from '../terminal/lines.ts';
import { table } from '../terminal/table.ts';
import type { DeadLetter } from './dead-letter.ts';

/**
 * What a redrive does with a dead letter, in the order in which a person is told. `invalid` would be refused again as it is;
 * of `unknown` nobody knows whether it was sent, and nobody has said to send it again, as somebody has of `resend`.
 */
const meanings = {
  send: 'back to the sends queue',
  resend: 'back there, too, though it may have been sent: the customer may get it twice',
  settled: 'Connectly has it after all: removed',
  expired: 'must not be sent any more: kept',
  invalid: 'would be refused again as it is: kept',
  unknown: 'may have been sent: kept without --resend-unknown',
  failed: 'AWS did not take it: kept',
};

export type Plan = Exclude<keyof typeof meanings, 'failed'>;

/** Whether a letter with this plan goes back to the sends queue. */
export function isSent(plan: Plan): boolean {
  return plan === 'send' || plan === 'resend';
}

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

/** How many letters a redrive did what with, or would. */
export const tallySchema = z.strictObject({
  /** Nothing was moved. */
  dryRun: z.boolean(),
  send: z.number(),
  /** Sent again though they may have been sent. */
  resend: z.number(),
  settled: z.number(),
  expired: z.number(),
  invalid: z.number(),
  unknown: z.number(),
  /** AWS did not take them. */
  failed: z.number(),
});

export type Tally = z.infer<typeof tallySchema>;

export function emptyTally(dryRun: boolean): Tally {
  return { dryRun, send: 0, resend: 0, settled: 0, expired: 0, invalid: 0, unknown: 0, failed: 0 };
}

export function tallyTable(tally: Tally): Lines {
  const { dryRun: _, ...counts } = tally;
  const told = new Map(Object.entries(meanings));
  const rows = Object.entries(counts)
    .filter(([, count]) => count > 0)
    .map(([what, count]) => [what, count, told.get(what) ?? '']);
  return rows.length === 0 ? 'There is no such dead letter.' : table(['what', 'count', ''], rows);
}
