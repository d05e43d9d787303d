import { pipeline } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { parse as parseAtOnce } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';
import * as z from 'zod';
import { configurationError } from '../errors.ts';
import { type Column, errorColumn, fieldsOf, readColumns } from './columns.ts';
import { type BulkInput, type FailedRow, nextTurn, type ReadOptions, type ReadRow } from './rows.ts';

/** Bytes between two turns of the event loop. */
const sliceBytes = 64 * 1024;

interface CsvForm {
  readonly delimiter: string;
  /** What the header says, and what each of its columns fills. */
  readonly names: readonly string[];
  readonly columns: readonly Column[];
}

export function readCsv(
  text: Buffer,
  { ignored, lineEnd, signal }: ReadOptions & { readonly ignored: readonly string[] },
): Pick<BulkInput, 'rows' | 'withErrors'> {
  // Spreadsheets of half the world separate with semicolons.
  const delimiter = /^[^\n,]*;/.test(text.toString('utf8', 0, sliceBytes)) ? ';' : ',';
  const names = headerOf(text, delimiter);
  const form = { delimiter, names, columns: names.length === 0 ? [] : readColumns(names, ignored) };
  return {
    rows: () => rowsOf(text, form, signal),
    withErrors: (rows) =>
      stringify(withErrors(rows, form), { delimiter, record_delimiter: lineEnd, quoted_match: /[\r\n]/ }),
  };
}

const cellsSchema = z.array(z.array(z.string()));

/** The cells of a text's first record; none when it holds no record. */
function firstCells(text: Buffer | string, delimiter: string): string[] {
  const records = parseAtOnce(text, { delimiter, relax_column_count: true, skip_empty_lines: true, to: 1 });
  return cellsSchema.parse(records)[0] ?? [];
}

function headerOf(text: Buffer, delimiter: string): string[] {
  try {
    return firstCells(text, delimiter).map((name) => name.trim());
  } catch (cause) {
    throw unreadable(cause);
  }
}

/** What the parser tells of each record when it is asked for more than the cells. */
const recordSchema = z.object({
  record: z.array(z.string()),
  raw: z.string(),
  info: z.object({ lines: z.int() }),
});

async function* rowsOf(text: Buffer, form: CsvForm, signal: AbortSignal): AsyncGenerator<ReadRow> {
  const parser = parse({
    delimiter: form.delimiter,
    from: 2,
    info: true,
    raw: true,
    relax_column_count: true,
    skip_empty_lines: true,
  });
  // What goes wrong comes out of the parser, too.
  pipeline(slicesOf(text, signal), parser, () => {});
  try {
    let number = 0;
    for await (const told of parser) {
      const { record, raw, info } = recordSchema.parse(told);
      number += 1;
      // Empty lines before it come along.
      const row = raw.replace(/^[\r\n]+/, '').replace(/\r?\n?$/, '');
      // A row is known by the line that it begins on, and told by the one that it ends on.
      const line = info.lines - (row.match(/\n/g)?.length ?? 0);
      yield { row: { number, line, raw: row }, ...fieldsOf(record, form.columns) };
    }
  } catch (cause) {
    throw unreadable(cause);
  }
}

async function* slicesOf(text: Buffer, signal: AbortSignal): AsyncGenerator<Buffer> {
  for (let from = 0; from < text.length; from += sliceBytes) {
    await nextTurn(signal);
    yield text.subarray(from, from + sliceBytes);
  }
}

function unreadable(cause: unknown): unknown {
  if (!(cause instanceof CsvError)) return cause;
  const line = 'lines' in cause && typeof cause.lines === 'number' ? ` near line ${cause.lines}` : '';
  return configurationError(
    'csv-invalid',
    `The CSV cannot be read${line}: a quote is out of place. Quotes inside a cell are doubled. Nothing was queued.`,
    { cause },
  );
}

/** The header and the rows, with the ids that they would have had and, in the last column, what was wrong. */
function withErrors(rows: readonly FailedRow[], { delimiter, names, columns }: CsvForm): string[][] {
  const errorAt = names.indexOf(errorColumn);
  const idAt = columns.findIndex((column) => column.kind === 'text' && column.field === 'id');
  // A column of this name that was ignored is something else.
  const addsId = !names.includes('id');

  function rowWithError({ row, id, error }: FailedRow): string[] {
    const cells = firstCells(row.raw, delimiter);
    // As many too many or too few as before: it must not come to look right.
    if (cells.length !== names.length)
      return [...cells, ...(addsId ? [id] : []), ...(errorAt === -1 ? [error] : [])];
    const filled = cells.map((cell, index) => (index === idAt && cell === '' ? id : cell));
    return [...withoutError(filled), ...(addsId ? [id] : []), error];
  }

  function withoutError(cells: readonly string[]): string[] {
    return cells.filter((_, index) => index !== errorAt);
  }

  return [[...withoutError(names), ...(addsId ? ['id'] : []), errorColumn], ...rows.map(rowWithError)];
}
