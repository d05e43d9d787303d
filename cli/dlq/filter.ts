import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import { bsuidPattern, e164Pattern } from '../../lib/message/phone-number.ts';
import { isMasked } from '../terminal/masking.ts';
import { readDuration } from '../terminal/option-values.ts';
import type { DeadLetter } from './dead-letter.ts';

/** Which dead letters are meant; everything by default. */
export interface DeadLetterFilter {
  readonly code?: readonly string[];
  readonly id?: readonly string[];
  /** A phone number or a business-scoped user id. */
  readonly to?: string;
  /** In milliseconds, of the time on this queue. */
  readonly olderThan?: number;
  readonly newerThan?: number;
  readonly expired?: boolean;
  readonly limit?: number;
}

/** Of a command that lists them. */
export interface ListOptions extends DeadLetterFilter {
  readonly reveal?: boolean;
}

/** Whether nothing has been chosen. A limit says how many, and not which. */
export function isEverything({ limit: _limit, ...chosen }: DeadLetterFilter): boolean {
  return Object.values(chosen).every((value) => value === undefined);
}

/** Adds the options by which `relay dlq` commands choose. */
export function addFilterOptions(command: Command): Command {
  return command
    .option('--code <code...>', 'only with these error codes')
    .option(
      '--id <id...>',
      "only these: the producer's id, or the id that SQS gave the copy",
      (id, before: readonly string[] | undefined) => [...(before ?? []), parseId(id)],
    )
    .option(
      '--to <recipient>',
      'only to this one: +15555555555, or a business-scoped user id',
      parseRecipient,
    )
    .option('--older-than <age>', 'only what has been here longer, such as 30m, 6h or 2d', readDuration)
    .option('--newer-than <age>', 'only what has been here for less', readDuration)
    .option('--expired', 'only what must not be sent any more')
    .option('--limit <count>', 'so many at most', parseCount);
}

/** Whether a letter is meant, leaving `limit` aside. `now` in epoch milliseconds. */
export function isMeant(
  letter: Pick<
    DeadLetter,
    'code' | 'originalId' | 'bodyId' | 'messageId' | 'body' | 'send' | 'queuedAt' | 'expiresAt'
  >,
  { code, id, to, olderThan, newerThan, expired = false }: DeadLetterFilter,
  now: number,
): boolean {
  const ageMs = now - letter.queuedAt;
  return (
    (code === undefined || code.some((each) => isSameCode(each, letter.code))) &&
    (id === undefined || idsOf(letter).some((own) => id.includes(own))) &&
    (to === undefined || isTo(letter, to)) &&
    (olderThan === undefined || ageMs > olderThan) &&
    (newerThan === undefined || ageMs < newerThan) &&
    (!expired || letter.expiresAt <= now)
  );
}

function idsOf({ originalId, bodyId, messageId }: Pick<DeadLetter, 'originalId' | 'bodyId' | 'messageId'>) {
  return bodyId === undefined ? [originalId, messageId] : [originalId, messageId, bodyId];
}

/** Of an invalid message nobody can say where its recipient stands: it is meant when the digits occur at all. */
function isTo({ send, body }: Pick<DeadLetter, 'send' | 'body'>, recipient: string): boolean {
  if (send !== undefined) return send.to === recipient;
  return withoutPunctuation(body).includes(withoutPunctuation(recipient));
}

/** A number as somebody may have written it: `+1 (555) 555-5555`. */
function withoutPunctuation(text: string): string {
  return text.replaceAll(/[\s().+-]/g, '');
}

/** An id as it is, and not as it is shown. */
export function parseId(text: string): string {
  if (!isMasked(text)) return text;
  throw new InvalidArgumentError('It is masked. Its digits are shown by: npx relay dlq ls --reveal');
}

/** A recipient as messages have it. */
export function parseRecipient(text: string): string {
  if (e164Pattern.test(text) || bsuidPattern.test(text)) return text;
  throw new InvalidArgumentError('It is a phone number in E.164 form, or a business-scoped user id.');
}

/** Case and the kind of hyphen do not count, as in `relay explain`. */
function isSameCode(one: string, other: string): boolean {
  return normalCode(one) === normalCode(other);
}

function normalCode(code: string): string {
  return code.trim().toLowerCase().replaceAll('_', '-');
}

/** A whole number above 0. */
export function parseCount(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('It is a whole number above 0.');
  return Number(text);
}
