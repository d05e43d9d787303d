import * as z from 'zod';
import { parseJson } from '../../lib/message/json.ts';
import { jsonFields } from './columns.ts';
import {
  type BulkInput,
  type FailedRow,
  holdsAltered,
  nextTurn,
  type ReadOptions,
  type ReadRow,
  type Row,
  readRowJson,
} from './rows.ts';

const lineFeed = 10;

/** Lines between two turns of the event loop. */
const linesATurn = 500;

export function readNdjson(
  text: Buffer,
  { lineEnd, signal }: ReadOptions,
): Pick<BulkInput, 'rows' | 'withErrors'> {
  return {
    rows: () => rowsOf(text, signal),
    withErrors: (rows) => rows.map((failed) => `${lineWithError(failed)}${lineEnd}`).join(''),
  };
}

async function* rowsOf(text: Buffer, signal: AbortSignal): AsyncGenerator<ReadRow> {
  let number = 0;
  let line = 0;
  for (let fed = 1, from = 0; from < text.length; fed += 1) {
    if (fed % linesATurn === 1) await nextTurn(signal);
    const found = text.indexOf(lineFeed, from);
    const end = found === -1 ? text.length : found;
    // Lines may end in any way, and each in another: before a line feed, a carriage return belongs to it.
    for (const raw of text.toString('utf8', from, end).replace(/\r$/, '').split('\r')) {
      line += 1;
      if (raw.trim() === '') continue;
      number += 1;
      yield readLine({ number, line, raw });
    }
    from = end + 1;
  }
}

function readLine(row: Row): ReadRow {
  const json = readRowJson(row.raw);
  if (!json.ok) return { row, fields: {}, problems: [{ path: '', text: json.text }] };
  const object = z.record(z.string(), z.unknown()).safeParse(json.value);
  if (!object.success) return { row, fields: {}, problems: [{ path: '', text: 'must be a JSON object' }] };
  // In any other field a number is refused anyway.
  const altered = jsonFields.filter((field) => json.altered.some(([first]) => first === field));
  if (altered.length > 0)
    return { row, fields: {}, problems: altered.map((path) => ({ path, text: holdsAltered })) };
  const { error: _told, ...fields } = object.data;
  return { row, fields, problems: [] };
}

const ownError = /,\s*"error":\s*"(?:[^"\\]|\\.)*"\s*\}$/;

/** Spliced in: written anew, a number that a double cannot hold would be another one. */
function lineWithError({ row: { raw }, id, error }: FailedRow): string {
  const object = raw.trim().replace(ownError, '}');
  const fields = parseObject(object);
  // What is no object has no place for it.
  if (fields === undefined) return raw;
  const added = JSON.stringify({ ...(fields['id'] === undefined && { id }), error });
  const isEmpty = Object.keys(fields).length === 0;
  return `${object.slice(0, -1).trimEnd()}${isEmpty ? '' : ','}${added.slice(1)}`;
}

function parseObject(text: string): Record<string, unknown> | undefined {
  return z.record(z.string(), z.unknown()).safeParse(parseJson(text)).data;
}
