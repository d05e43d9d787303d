import { isUtf8 } from 'node:buffer';
import { hash } from 'node:crypto';
import { configurationError } from '../errors.ts';
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

const byteOrderMark = Buffer.from('\uFEFF');

/** Reads an input. Throws for what makes the whole of it unusable; what is wrong with one row stays with the row. */
export function readBulkInput(bytes: Buffer, { format, ignored, signal }: ReadInputOptions): BulkInput {
  if (!isUtf8(bytes)) {
    throw configurationError(
      'not-utf-8',
      'The input is not UTF-8. Save it as "CSV UTF-8", or convert it: iconv -f latin1 -t utf-8',
    );
  }
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

/** As its first line ends. */
function lineEndOf(text: Buffer): string {
  return text[text.indexOf('\n') - 1] === '\r'.charCodeAt(0) ? '\r\n' : '\n';
}

function formatOf(text: Buffer): BulkInput['format'] {
  return /^\s*\{/.test(text.toString('utf8', 0, 4096)) ? 'ndjson' : 'csv';
}
