import { refreshIntervalMs, timeToLiveMs } from '../../lib/secrets/cache.ts';
import type { SecretAge } from '../../lib/webhook/receive.ts';
import { configurationError } from '../errors.ts';
import { isInLog } from '../logs/function-log.ts';
import type { Target } from '../target/target.ts';
import { durationInWords } from '../terminal/duration.ts';
import { testTopic } from '../webhook/round-trip.ts';

/**
 * After this time, in milliseconds, every running function has a new value: the life of its cache, and two more tries
 * should Secrets Manager fail.
 */
export const takenUpAfterMs = timeToLiveMs + 2 * refreshIntervalMs;

/** Whether events came that were signed with the old secret, and with the new one. */
export interface SecretUse {
  readonly old: boolean;
  readonly new: boolean;
}

/** Reads in the webhook's log which secrets made the signatures since then (epoch milliseconds). */
export async function secretUse(
  target: Target,
  { since: from, signal }: { since: number; signal: AbortSignal },
): Promise<SecretUse> {
  // Our own test events say nothing of what Connectly does.
  const ignoring = JSON.stringify({ topic: testTopic }).slice(1, -1);
  const wasSeen = (age: SecretAge) =>
    isInLog(target, { of: 'receive-webhook', pattern: `{ $.secretAge = "${age}" }`, from, ignoring, signal });
  // "only": by a function that has not seen the list yet, and so knows nothing but the old one.
  const [older, only, newest] = await Promise.all([wasSeen('older'), wasSeen('only'), wasSeen('newest')]);
  return { old: older || only, new: newest };
}

export interface RotationState {
  /** When the new secret was added, epoch milliseconds. */
  readonly addedAt: number;
  readonly now: number;
  /** How long the old secret must have been out of use, in milliseconds. */
  readonly unusedForMs: number;
}

/** Since when the log has to be read. Throws `rotation-too-young` while there is not so much of it. */
export function evidenceSince({ addedAt, now, unusedForMs }: RotationState): number {
  const since = now - unusedForMs;
  if (since < addedAt) {
    throw configurationError(
      'rotation-too-young',
      `The new secret was added ${durationInWords((now - addedAt) / 1000)} ago, and the old one must have been out of use for ${durationInWords(unusedForMs / 1000)}. Run this again after ${new Date(addedAt + unusedForMs).toISOString()}.`,
    );
  }
  return since;
}
