import { createHash } from 'node:crypto';
import { CsvError, parse } from 'csv-parse/sync';
import * as z from 'zod';
import { configurationError } from '../command-error.ts';
import { fieldsOf, readColumns } from './columns.ts';
import { readRowJson } from './row-json.ts';
import type { BulkInput, Row } from './rows.ts';

export interface ReadInputOptions {
  /** Told by what the input begins with when it is not given. */
  readonly format?: BulkInput['format'];
  /** Columns of a CSV that are not looked at. */
  readonly ignored: readonly string[];
}

/** Reads a whole input. Throws for what makes the whole of it unusable; what is wrong with one row stays with the row. */
export function readBulkInput(bytes: Buffer, { format, ignored }: ReadInputOptions): BulkInput {
  const text = decode(bytes);
  const digest = createHash('sha256').update(bytes).digest('hex');
  const found = format ?? (text.trimStart().startsWith('{') ? 'ndjson' : 'csv');
  const input =
    found === 'csv'
      ? { format: found, digest, ...readCsv(text, ignored) }
      : { format: found, digest, header: undefined, rows: readNdjson(text) };
  if (input.rows.length === 0)
    throw configurationError('no-rows', 'The input holds no row. Nothing was queued.');
  return input;
}

function decode(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw configurationError(
      'not-utf-8',
      'The input is not UTF-8. Save it as "CSV UTF-8", or convert it: iconv -f latin1 -t utf-8',
      { cause },
    );
  }
}

/** What the parser tells of each record when it is asked for more than the cells. */
const recordsSchema = z.array(
  z.object({ record: z.array(z.string()), raw: z.string(), info: z.object({ lines: z.int() }) }),
);

function readCsv(text: string, ignored: readonly string[]): Pick<BulkInput, 'header' | 'rows'> {
  const [header, ...records] = parseCsv(text);
  if (header === undefined) return { header: undefined, rows: [] };
  const columns = readColumns(
    header.cells.map((name) => name.trim()),
    ignored,
  );
  const rows = records.map(({ cells, raw, line }, index): Row => {
    const { fields, problems } = fieldsOf(cells, columns);
    return { number: index + 1, line, raw, fields, problems };
  });
  return { header: header.raw, rows };
}

function parseCsv(text: string): { cells: string[]; raw: string; line: number }[] {
  try {
    // Spreadsheets of half the world separate with semicolons.
    const delimiter = /^[^\n,]*;/.test(text) ? ';' : ',';
    const records: unknown = parse(text, {
      delimiter,
      info: true,
      raw: true,
      relax_column_count: true,
      skip_empty_lines: true,
    });
    return recordsSchema.parse(records).map(({ record: cells, raw, info: { lines } }) => {
      // Empty lines before it come along.
      const row = raw.replace(/^[\r\n]+/, '').replace(/\r?\n?$/, '');
      // A row is known by the line that it begins on, and told by the one that it ends on.
      return { cells, raw: row, line: lines - (row.match(/\n/g)?.length ?? 0) };
    });
  } catch (cause) {
    if (!(cause instanceof CsvError)) throw cause;
    const line = 'lines' in cause && typeof cause.lines === 'number' ? ` near line ${cause.lines}` : '';
    throw configurationError(
      'csv-invalid',
      `The CSV cannot be read${line}: a quote is out of place. Quotes inside a cell are doubled. Nothing was queued.`,
      { cause },
    );
  }
}

function readNdjson(text: string): Row[] {
  return text
    .split('\n')
    .map((raw, index) => ({ raw: raw.replace(/\r$/, ''), line: index + 1 }))
    .filter(({ raw }) => raw.trim() !== '')
    .map(({ raw, line }, index): Row => {
      const json = readRowJson(raw);
      const number = index + 1;
      if (!json.ok) return { number, line, raw, fields: {}, problems: [{ path: '', text: json.text }] };
      const fields = z.record(z.string(), z.unknown()).safeParse(json.value);
      if (fields.success) return { number, line, raw, fields: fields.data, problems: [] };
      return { number, line, raw, fields: {}, problems: [{ path: '', text: 'must be a JSON object' }] };
    });
}
