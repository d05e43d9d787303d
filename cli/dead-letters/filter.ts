import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import type { DeadLetter } from './dead-letter.ts';

/** Which dead letters are meant; everything by default. */
export interface DeadLetterFilter {
  readonly code?: readonly string[];
  readonly id?: readonly string[];
  /** In milliseconds, of the time on this queue. */
  readonly olderThan?: number;
  readonly newerThan?: number;
  readonly expired?: boolean;
  readonly limit?: number;
}

/** Adds the options by which `relay dlq` commands choose. */
export function addFilterOptions(command: Command): Command {
  return command
    .option('--code <code...>', 'only with these error codes')
    .option('--id <id...>', "only these: the producer's id, or the id that SQS gave the copy")
    .option('--older-than <age>', 'only what has been here longer, such as 30m, 6h or 2d', parseAgeMs)
    .option('--newer-than <age>', 'only what has been here for less', parseAgeMs)
    .option('--expired', 'only what must not be sent any more')
    .option('--limit <count>', 'so many at most', parseCount);
}

/** Whether a letter is meant, leaving `limit` aside. `now` in epoch milliseconds. */
export function isMeant(
  letter: Pick<DeadLetter, 'code' | 'originalId' | 'messageId' | 'queuedAt' | 'expiresAt'>,
  { code, id, olderThan, newerThan, expired = false }: DeadLetterFilter,
  now: number,
): boolean {
  const ageMs = now - letter.queuedAt;
  return (
    (code === undefined || code.some((each) => isSameCode(each, letter.code))) &&
    (id === undefined || id.includes(letter.originalId) || id.includes(letter.messageId)) &&
    (olderThan === undefined || ageMs > olderThan) &&
    (newerThan === undefined || ageMs < newerThan) &&
    (!expired || letter.expiresAt <= now)
  );
}

/** Case and the kind of hyphen do not count, as in `relay explain`. */
function isSameCode(one: string, other: string): boolean {
  return normalCode(one) === normalCode(other);
}

function normalCode(code: string): string {
  return code.trim().toLowerCase().replaceAll('_', '-');
}

const unitMs = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** An age such as `30m`, in milliseconds. */
export function parseAgeMs(text: string): number {
  const match = /^(\d+(?:\.\d+)?)([smhd])$/.exec(text);
  const unit = match?.[2];
  if (unit !== 's' && unit !== 'm' && unit !== 'h' && unit !== 'd')
    throw new InvalidArgumentError('It is a number and a unit: 45s, 30m, 6h or 2d.');
  return Number(match?.[1]) * unitMs[unit];
}

/** A whole number above 0. */
export function parseCount(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('It is a whole number above 0.');
  return Number(text);
}
