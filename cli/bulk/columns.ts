import { nearest } from '../../lib/message/nearest.ts';
import type { Problem } from '../../lib/message/parse.ts';
import { configurationError } from '../errors.ts';
import { holdsAltered, readRowJson } from './rows.ts';

/** Columns that hold a text each. */
const textFields = [
  'type',
  'to',
  'id',
  'text',
  'templateName',
  'language',
  'campaignName',
  'from',
  'businessId',
  'channelType',
  'ifUnclear',
  'expiresAt',
] as const;

/** Columns that hold JSON, which is passed on as it came. */
export const jsonFields = ['message', 'callbackData'] as const;

/** Connectly's own names for the places of a template, which need no prefix. */
const templatePlace = /^(body_\d{1,2}|header_(text|image|video|document)|button_\d_url)$/;

/** What a column fills. */
export type Column =
  | { readonly kind: 'text' | 'json'; readonly field: string }
  | { readonly kind: 'parameter' | 'filename'; readonly name: string }
  | { readonly kind: 'ignored' };

/** Told beside rows that were not queued; nothing is read from it. */
export const errorColumn = 'error';

/** So many problems of a header are told. */
const maximumTold = 10;

/** What the header of a CSV says. Throws, naming the columns that are unknown, twice there or missing. */
export function readColumns(names: readonly string[], ignored: readonly string[]): Column[] {
  const hasRecipient = names.includes('to');
  const problems = hasRecipient ? [] : ['the column "to" is missing; the first line must be a header'];
  const seen = new Set<string>();
  const columns = names.map((name, index): Column => {
    if (ignored.includes(name) || name === errorColumn) return { kind: 'ignored' };
    if (seen.has(name)) problems.push(`column ${index + 1} has the name of another one`);
    seen.add(name);
    const column = columnOf(name);
    if (column !== undefined) return column;
    problems.push(unknownColumn(name, index));
    return { kind: 'ignored' };
  });
  const filled = new Set(columns.map((column) => (column.kind === 'parameter' ? column.name : undefined)));
  if (columns.some((column) => column.kind === 'filename' && !filled.has(column.name)))
    problems.push('a file name has no column for its parameter');
  if (problems.length > 0) {
    const more = problems.length - maximumTold;
    throw configurationError(
      'columns-invalid',
      `The header cannot be used: ${problems.slice(0, maximumTold).join('; ')}${more > 0 ? `; and ${more} more` : ''}. Nothing was queued. Correct it, or leave columns out: --ignore NAME`,
    );
  }
  return columns;
}

function columnOf(name: string): Column | undefined {
  const text = textFields.find((field) => field === name);
  if (text !== undefined) return { kind: 'text', field: text };
  const json = jsonFields.find((field) => field === name);
  if (json !== undefined) return { kind: 'json', field: json };
  if (templatePlace.test(name)) return { kind: 'parameter', name };
  const [, parameter, filename] = /^parameters\.([^.]+)(\.filename)?$/.exec(name) ?? [];
  if (parameter === undefined) return undefined;
  return { kind: filename === undefined ? 'parameter' : 'filename', name: parameter };
}

/** Its name is not shown: without a header, the first line is somebody's data. */
function unknownColumn(name: string, index: number): string {
  const meant = name.length <= 64 ? nearest(name, [...textFields, ...jsonFields]) : undefined;
  return `column ${index + 1} has no name that is known here${meant === undefined ? '' : `, did you mean "${meant}"?`}`;
}

export interface RowFields {
  readonly fields: Record<string, unknown>;
  readonly problems: readonly Problem[];
}

/** The fields of one row. An empty cell is an absent field; a parameter must not be empty. */
export function fieldsOf(cells: readonly string[], columns: readonly Column[]): RowFields {
  const fields: Record<string, unknown> = {};
  const problems: Problem[] = [];
  if (cells.length !== columns.length) {
    const text = `has ${cells.length} ${cells.length === 1 ? 'cell' : 'cells'} instead of ${columns.length}: look at its commas and quotes`;
    return { fields, problems: [{ path: '', text }] };
  }
  const parameters = new Map<string, { name: string; value: string; filename?: string }>();
  columns.forEach((column, index) => {
    const cell = cells[index] ?? '';
    switch (column.kind) {
      case 'ignored':
        return;
      case 'text':
        if (cell !== '') fields[column.field] = cell;
        return;
      case 'json': {
        if (cell === '') return;
        const json = readRowJson(cell);
        if (!json.ok) problems.push({ path: column.field, text: json.text });
        else if (json.altered.length > 0) problems.push({ path: column.field, text: holdsAltered });
        else fields[column.field] = json.value;
        return;
      }
      case 'parameter':
        parameters.set(column.name, { name: column.name, value: cell });
        if (cell === '')
          problems.push({
            path: `parameters.${column.name}`,
            text: 'is empty: fill it, or take its column out',
          });
        return;
      case 'filename':
        return;
    }
  });
  columns.forEach((column, index) => {
    const parameter = column.kind === 'filename' ? parameters.get(column.name) : undefined;
    const filename = cells[index] ?? '';
    if (parameter !== undefined && filename !== '') parameter.filename = filename;
  });
  if (parameters.size > 0) fields['parameters'] = Array.from(parameters.values());
  return { fields, problems };
}
