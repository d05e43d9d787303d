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
  /** The cells of the header as they stand there. */
  readonly rawNames: readonly string[];
  /** What the header says, and what each of its columns fills. */
  readonly names: readonly string[];
  readonly columns: readonly Column[];
}

export function readCsv(
  text: Buffer,
  { ignored, lineEnd, signal }: ReadOptions & { readonly ignored: readonly string[] },
): Pick<BulkInput, 'rows' | 'withErrors'> {
  const { delimiter, names, rawNames } = headerOf(text);
  const columns = names.length === 0 ? [] : readColumns(names, ignored);
  const form = { delimiter, rawNames, names, columns };
  return {
    rows: () => rowsOf(text, form, signal),
    withErrors: (rows) =>
      withErrors(rows, form)
        .map((cells) => cells.join(delimiter) + lineEnd)
        .join(''),
  };
}

/** A spreadsheet in English separates with commas, one of half the world with semicolons, and some other programs with tabs. */
const delimiters = [',', ';', '\t'];

/** Each record may end in another way: people put files together. */
const dialect = {
  record_delimiter: ['\r\n', '\n', '\r'],
  relax_column_count: true,
  skip_empty_lines: true,
};

type Header = Omit<CsvForm, 'columns'>;

/** The header by the delimiter that gives it a column "to", or else the most columns. */
function headerOf(text: Buffer): Header {
  let best: Header | undefined;
  let unread: unknown;
  const rank = (header: Header | undefined) =>
    header?.names.includes('to') ? Infinity : (header?.names.length ?? -1);
  for (const delimiter of delimiters) {
    try {
      const header = headerBy(text, delimiter);
      if (rank(header) > rank(best)) best = header;
    } catch (error) {
      unread ??= error;
    }
  }
  if (best === undefined) throw unreadable(unread);
  return best;
}

function headerBy(text: Buffer, delimiter: string): Header {
  const [told] = parseAtOnce(text, { ...dialect, delimiter, info: true, to: 1 });
  if (told === undefined) return { delimiter, names: [], rawNames: [] };
  const { record, info } = recordSchema.parse(told);
  const rawNames = rawCells(pieces(text, 0, info.bytes).raw, delimiter);
  return { delimiter, rawNames, names: record.map((name) => name.trim()) };
}

/** What the parser tells of each record when it is asked for more than the cells. */
const recordSchema = z.object({
  record: z.array(z.string()),
  info: z.object({ bytes: z.int() }),
});

async function* rowsOf(text: Buffer, form: CsvForm, signal: AbortSignal): AsyncGenerator<ReadRow> {
  const parser = parse({
    ...dialect,
    delimiter: form.delimiter,
    info: true,
  });
  // What goes wrong comes out of the parser, too.
  pipeline(slicesOf(text, signal), parser, () => {});
  try {
    let number = 0;
    let line = 1;
    let from = 0;
    for await (const told of parser) {
      const { record, info } = recordSchema.parse(told);
      const { before, raw, end } = pieces(text, from, info.bytes);
      from = info.bytes;
      line += lineEndsIn(before);
      // The first one is the header.
      if (number > 0) yield { row: { number, line, raw }, ...fieldsOf(record, form.columns) };
      number += 1;
      line += lineEndsIn(raw) + lineEndsIn(end);
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

/** The text of a record by its bytes: with the empty lines before it, and its own end. */
function pieces(text: Buffer, from: number, to: number) {
  const [, before = '', raw = '', end = ''] =
    /^([\r\n]*)(.*?)(\r\n|\n|\r|)$/s.exec(text.toString('utf8', from, to)) ?? [];
  return { before, raw, end };
}

const lineEndsIn = (text: string) => text.match(/\r\n|\n|\r/g)?.length ?? 0;

const emptyCells = new Set(['', '""']);

/** The cells of a record as they stand there, with their quotes. */
function rawCells(raw: string, delimiter: string): string[] {
  const cell = new RegExp(`("(?:[^"]|"")*"|[^${delimiter}]*)(${delimiter}|$)`, 'gy');
  const cells: string[] = [];
  for (const [, found = '', end] of raw.matchAll(cell)) {
    cells.push(found);
    if (end === '') break;
  }
  return cells;
}

/**
 * The cells of the header and of the rows as they stood there, with the ids that they would have had and, in the last
 * column, what was wrong.
 */
function withErrors(
  rows: readonly FailedRow[],
  { delimiter, rawNames, names, columns }: CsvForm,
): string[][] {
  const errorAt = names.indexOf(errorColumn);
  const idAt = columns.findIndex((column) => column.kind === 'text' && column.field === 'id');
  // A column of this name that was ignored is something else.
  const addsId = !names.includes('id');
  const asCell = (text: string) => stringify([[text]], { delimiter, eof: false, quoted_match: /[\r\n]/ });

  function rowWithError({ row, id, error }: FailedRow): string[] {
    const cells = rawCells(row.raw, delimiter);
    const added = addsId ? [asCell(id)] : [];
    // As many too many or too few as before: it must not come to look right.
    if (cells.length !== names.length)
      return [...cells, ...added, ...(errorAt === -1 ? [asCell(error)] : [])];
    const filled = cells.map((cell, index) => (index === idAt && emptyCells.has(cell) ? asCell(id) : cell));
    return [...withoutError(filled), ...added, asCell(error)];
  }

  function withoutError(cells: readonly string[]): string[] {
    return cells.filter((_, index) => index !== errorAt);
  }

  return [[...withoutError(rawNames), ...(addsId ? ['id'] : []), errorColumn], ...rows.map(rowWithError)];
}
