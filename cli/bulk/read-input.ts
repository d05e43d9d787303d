import { hash } from 'node:crypto';
import { byteOrderMark, utf8Of } from '../terminal/text.ts';
import { readCsv } from './csv.ts';
import { readNdjson } from './ndjson.ts';
import type { BulkInput } from './rows.ts';

export interface ReadInputOptions {
  /** Told by what the input begins with when it is not given. */
  readonly format?: BulkInput['format'];
  /** Columns of a CSV that are not looked at. */
  readonly ignored: readonly string[];
  readonly signal: AbortSignal;
}

/** What a ledger knows an input by. */
export const digestOf = (bytes: Buffer) => hash('sha256', bytes);

/** Reads an input. Throws for what makes the whole of it unusable; what is wrong with one row stays with the row. */
export function readBulkInput(bytes: Buffer, { format, ignored, signal }: ReadInputOptions): BulkInput {
  utf8Of(bytes, 'The input');
  const isMarked = bytes.subarray(0, byteOrderMark.length).equals(byteOrderMark);
  const text = isMarked ? bytes.subarray(byteOrderMark.length) : bytes;
  const found = format ?? formatOf(text);
  const lineEnd = lineEndOf(text);
  const { rows, withErrors } =
    found === 'csv' ? readCsv(text, { ignored, lineEnd, signal }) : readNdjson(text, { lineEnd, signal });
  return {
    format: found,
    digest: digestOf(bytes),
    rows,
    // Without its mark, what a spreadsheet has written would be read by it in another charset.
    withErrors: (failed) => `${isMarked ? byteOrderMark.toString() : ''}${withErrors(failed)}`,
  };
}

/** As its first line ends, if that is not very long. */
function lineEndOf(text: Buffer): string {
  return /\r\n|\n|\r/.exec(text.toString('utf8', 0, 64 * 1024))?.[0] ?? '\n';
}

function formatOf(text: Buffer): BulkInput['format'] {
  return /^\s*\{/.test(text.toString('utf8', 0, 4096)) ? 'ndjson' : 'csv';
}
