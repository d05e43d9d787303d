import * as z from 'zod';
import type { LedgerStore } from '../../lib/delivery/ledger/ledger.ts';
import { keyPrefix } from '../../lib/delivery/log-lines.ts';
import { leaseMs } from '../../lib/delivery/time.ts';
import { RelayError } from '../../lib/errors.ts';
import { present } from '../present.ts';
import type { DeadLetter } from './dead-letter.ts';
import { maskId } from './letter-result.ts';

/** What an attempt has left behind besides its letter: something to ask Connectly with, and to search the log for. */
export const tracesSchema = z.strictObject({
  /** As it stands in the log. */
  key: z.string().optional(),
  /** The ledger's word; absent when it has none, or could not be asked. */
  ledger: z
    .strictObject({
      state: z.enum(['RETRY', 'SENDING', 'SENT', 'UNKNOWN']),
      /** The ISO time at which the last attempt began; absent while one is under way. */
      attemptedAt: z.string().optional(),
      /** Connectly's id of the message. */
      vendorId: z.string().optional(),
    })
    .optional(),
  /** The command that finds its attempts in the log. */
  search: z.string().optional(),
  /** Of an unknown outcome: the command that sends it again. */
  resend: z.string().optional(),
});

export type Traces = z.infer<typeof tracesSchema>;

export interface TracesOptions {
  readonly ledger: Pick<LedgerStore, 'read'>;
  /** Epoch milliseconds. */
  readonly now: number;
  /** Of the target. */
  readonly targetOptions: string;
}

const hourMs = 3_600_000;

export async function tracesOf(
  letter: DeadLetter,
  { ledger, now, targetOptions }: TracesOptions,
): Promise<Traces> {
  const key = letter.send?.key;
  if (key === undefined) return {};
  const entry = await entryOf(ledger, key);
  // While an attempt is under way, or has given its lease back, the lease does not say when it began.
  const attemptedAt =
    entry === undefined || entry.state === 'SENDING' ? undefined : entry.leaseUntil - leaseMs;
  const since = Math.min(letter.queuedAt - hourMs, attemptedAt ?? Infinity);
  return {
    key: keyPrefix(key),
    ...(entry !== undefined && {
      ledger: present({
        state: entry.state,
        attemptedAt: attemptedAt === undefined ? undefined : new Date(attemptedAt).toISOString(),
        vendorId: entry.vendorId,
      }),
    }),
    search: `npx relay tail --key ${keyPrefix(key)} --since ${Math.ceil((now - since) / hourMs)}h --no-follow ${targetOptions}`,
    ...(letter.code === 'outcome-unknown' && {
      resend: `npx relay dlq redrive --id ${typedId(letter)} --resend-unknown --yes ${targetOptions}`,
    }),
  };
}

/** A letter tells enough without its ledger. */
async function entryOf(ledger: Pick<LedgerStore, 'read'>, key: string) {
  try {
    return (await ledger.read(key))?.entry;
  } catch (error) {
    if (error instanceof RelayError) return undefined;
    throw error;
  }
}

/** An id that can be pasted into a shell, and shown. */
function typedId({ originalId, messageId, send }: DeadLetter): string {
  const plain = /^[\w.:@/-]+$/.test(originalId) && !originalId.startsWith('-');
  return plain && maskId(originalId, send?.to) === originalId ? originalId : messageId;
}
