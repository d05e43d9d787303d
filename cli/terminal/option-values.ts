import { InvalidArgumentError, Option } from 'commander';
import { inexactNumbers } from '../../lib/message/exact-numbers.ts';
import { usageError } from '../errors.ts';
import { parseDuration } from './duration.ts';

/** A duration such as `10m`, in milliseconds. */
export function readDuration(text: string): number {
  const durationMs = parseDuration(text);
  if (durationMs === undefined)
    throw new InvalidArgumentError('Give a number and a unit, such as 90s, 10m, 4h or 2d.');
  return durationMs;
}

/** An option that takes a duration. Its value is in milliseconds. */
export function durationOption(flags: string, description: string, byDefault: string): Option {
  return new Option(flags, description).argParser(readDuration).default(readDuration(byDefault), byDefault);
}

/** A whole number, within bounds that are included. `what` it is called: "a port". */
export function wholeNumber(what: string, from: number, to: number): (text: string) => number {
  return (text) => {
    const number = Number(text);
    if (!Number.isInteger(number) || number < from || number > to)
      throw new InvalidArgumentError(`Give ${what} from ${from} to ${to}.`);
    return number;
  };
}

/** Degrees: of latitude up to 90, of longitude up to 180, on either side of zero. */
export function degreesUpTo(most: 90 | 180): (text: string) => number {
  return (text) => {
    const degrees = Number(text);
    if (text.trim() === '' || !(Math.abs(degrees) <= most))
      throw new InvalidArgumentError(`Give degrees from -${most} to ${most}, like 49.2827.`);
    return degrees;
  };
}

/** What was typed as `name=value`. */
export interface NameValue {
  readonly name: string;
  readonly value: string;
}

/** For an option that may be repeated; the value may hold further equals signs. */
export function collectNameValues(text: string, before: readonly NameValue[] = []): readonly NameValue[] {
  const at = text.indexOf('=');
  if (at < 1) throw new InvalidArgumentError('Write it as name=value.');
  return [...before, { name: text.slice(0, at), value: text.slice(at + 1) }];
}

/** Of two values for one name nobody knows which is meant. */
export function refuseRepeated(option: string, given: readonly NameValue[]): void {
  const names = given.map(({ name }) => name);
  const repeated = names.find((name, index) => names.indexOf(name) < index);
  if (repeated !== undefined)
    throw usageError(`${option} gives ${repeated} more than once: leave all but one out.`);
}

/** Reads JSON that is going to be written again. Throws for what would not be the same then; never quotes it. */
export function readExactJson(text: string, what: string): unknown {
  if (text.trim() === '') throw usageError(`${what} is empty.`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw usageError(`${what} is not valid JSON. A text needs its own quotes: '"text"'`, { cause });
  }
  if (inexactNumbers(text).length > 0) {
    throw usageError(`${what} holds a number that would be altered on the way: write it as a string.`);
  }
  return value;
}
