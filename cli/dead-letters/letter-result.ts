import * as z from 'zod';
import { maskNumber } from '../terminal/masking.ts';
import type { DeadLetter } from './dead-letter.ts';

/** A dead letter as `--json` prints it. Times are ISO. */
export const letterSchema = z.strictObject({
  messageId: z.string(),
  /** The producer's id, or the id that SQS gave the first copy. */
  id: z.string(),
  code: z.string(),
  message: z.string().optional(),
  traceId: z.string().optional(),
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
  const { messageId, originalId: id, code, message, traceId, send, queuedAt, expiresAt } = letter;
  return {
    messageId,
    id,
    code,
    ...(message !== undefined && { message }),
    ...(traceId !== undefined && { traceId }),
    ...(send !== undefined && { to: reveal ? send.to : maskNumber(send.to), type: send.type }),
    queuedAt: new Date(queuedAt).toISOString(),
    expiresAt: new Date(expiresAt).toISOString(),
    expired: expiresAt <= now,
  };
}
