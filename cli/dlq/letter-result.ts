import * as z from 'zod';
import { sendIdPattern } from '../../lib/message/send-id.ts';
import { isDerivedId } from '../bulk/row-id.ts';
import { present } from '../present.ts';
import { maskNumber } from '../terminal/masking.ts';
import type { DeadLetter } from './dead-letter.ts';

/** A dead letter as `--json` prints it. Times are ISO. */
export const letterSchema = z.strictObject({
  messageId: z.string(),
  /** The producer's id, or the id that SQS gave the first copy. A phone number in it is masked without `--reveal`. */
  id: z.string(),
  /** The id in the body of an invalid message, which it did not become the key of; masked likewise. */
  bodyId: z.string().optional(),
  code: z.string(),
  message: z.string().optional(),
  traceId: z.string().optional(),
  /** Of an unknown outcome: the code of the attempt that left it unknown. */
  cause: z.string().optional(),
  /** Masked without `--reveal`; absent when the body is no message. */
  to: z.string().optional(),
  type: z.string().optional(),
  queuedAt: z.string(),
  expiresAt: z.string(),
  expired: z.boolean(),
});

export type LetterResult = z.infer<typeof letterSchema>;

/** `now` in epoch milliseconds. */
export function letterResult(
  letter: DeadLetter,
  { now, reveal }: { now: number; reveal: boolean },
): LetterResult {
  const { messageId, originalId, bodyId, code, message, traceId, cause, send, queuedAt, expiresAt } = letter;
  const shownId = (id: string) => (reveal ? id : maskId(id, send?.to));
  return {
    messageId,
    // Anybody who may write to the queue chooses that attribute.
    id: sendIdPattern.test(originalId) ? shownId(originalId) : messageId,
    ...(bodyId !== undefined && bodyId !== originalId && { bodyId: shownId(bodyId) }),
    code,
    ...present({ message, traceId, cause }),
    ...(send !== undefined && { to: reveal ? send.to : maskNumber(send.to), type: send.type }),
    queuedAt: new Date(queuedAt).toISOString(),
    expiresAt: new Date(expiresAt).toISOString(),
    expired: expiresAt <= now,
  };
}

const uuid = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/i;

/**
 * An id as it is shown without `--reveal`: a producer may have made it of a phone number. That is the recipient's own, what
 * has a plus, and ten digits in a row; order numbers are shorter, and
 * SQS's ids and those of `relay bulk` are none.
 */
export function maskId(id: string, recipient: string | undefined): string {
  if (uuid.test(id) || isDerivedId(id)) return id;
  const without = id.replaceAll(/\+\d{4,}|\d{10,}/g, maskNumber);
  const own = recipient?.replace('+', '') ?? '';
  return own.length < 7 ? without : without.replaceAll(own, maskNumber);
}
