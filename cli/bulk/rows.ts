import { setImmediate } from 'node:timers/promises';
import { inexactNumbers } from '../../lib/message/exact-numbers.ts';
import { jsonDepth, maximumDepth } from '../../lib/message/json-depth.ts';
import type { Problem } from '../../lib/message/parse.ts';

/** A row of the input, whatever its format. */
export interface Row {
  /** From 1, without the header. */
  readonly number: number;
  /** Where it begins in the input, from 1. */
  readonly line: number;
  /** As it stands there, without the line feed at its end. */
  readonly raw: string;
}

/** What a row says. Not kept once it is checked: large inputs have many. */
export interface ReadRow {
  readonly row: Row;
  /** The fields of its message, as far as they could be read. */
  readonly fields: Readonly<Record<string, unknown>>;
  /** What kept them from being read. */
  readonly problems: readonly Problem[];
}

/** A row that was not queued, and why. */
export interface FailedRow {
  readonly row: Row;
  /** The id that its message has, or would have had. */
  readonly id: string;
  readonly error: string;
}

/** What `relay bulk` has been given. */
export interface BulkInput {
  readonly format: 'csv' | 'ndjson';
  /** SHA-256 of its bytes. */
  readonly digest: string;
  /** Reads it from its beginning. The event loop turns meanwhile, and an interruption ends it. */
  readonly rows: () => AsyncIterable<ReadRow>;
  /** Rows in the format of the input, its line ends and its byte order mark, with their ids and errors, so that they can be mended and given again. */
  readonly withErrors: (rows: readonly FailedRow[]) => string;
}

/** How an input is read. */
export interface ReadOptions {
  readonly lineEnd: string;
  readonly signal: AbortSignal;
}

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

/** Lets the event loop turn, which hears of Ctrl-C only then; throws when there was one. */
export async function nextTurn(signal: AbortSignal): Promise<void> {
  await setImmediate();
  signal.throwIfAborted();
}
