import { InvalidArgumentError } from 'commander';
import { usageError } from '../errors.ts';

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
