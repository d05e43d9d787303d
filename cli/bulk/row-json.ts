import { inexactNumbers } from '../../lib/message/exact-numbers.ts';
import { jsonDepth, maximumDepth } from '../../lib/message/json-depth.ts';

export type RowJson =
  | { readonly ok: true; readonly value: unknown }
  /** What is wrong, and never the text itself. */
  | { readonly ok: false; readonly text: string };

/** Reads the JSON in a row. What would not survive being written again is refused. */
export function readRowJson(text: string): RowJson {
  if (jsonDepth(text) > maximumDepth)
    return { ok: false, text: `is nested more than ${maximumDepth} levels deep: flatten it` };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { ok: false, text: 'is not valid JSON' };
  }
  return inexactNumbers(text).length === 0
    ? { ok: true, value }
    : { ok: false, text: 'holds a number that would be altered on the way: write it as a string' };
}
