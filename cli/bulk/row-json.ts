import { inexactNumbers } from '../../lib/message/exact-numbers.ts';
import { jsonDepth, maximumDepth } from '../../lib/message/json-depth.ts';

export type RowJson =
  | {
      readonly ok: true;
      readonly value: unknown;
      /** The paths of numbers that would not survive being written again. */
      readonly altered: ReturnType<typeof inexactNumbers>;
    }
  /** What is wrong, and never the text itself. */
  | { readonly ok: false; readonly text: string };

/** What is wrong with a field that holds one of the altered. */
export const holdsAltered = 'holds a number that would be altered on the way: write it as a string';

/** Reads the JSON in a row. */
export function readRowJson(text: string): RowJson {
  if (jsonDepth(text) > maximumDepth)
    return { ok: false, text: `is nested more than ${maximumDepth} levels deep: flatten it` };
  try {
    return { ok: true, value: JSON.parse(text), altered: inexactNumbers(text) };
  } catch {
    return { ok: false, text: 'is not valid JSON' };
  }
}
