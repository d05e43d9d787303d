import { InvalidArgumentError } from 'commander';

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
