import { inexactNumbers } from '../../lib/message/exact-numbers.ts';
import { usageError } from '../errors.ts';

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
