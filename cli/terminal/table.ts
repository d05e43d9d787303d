import { stripVTControlCharacters } from 'node:util';
import { visibleInCell } from './visible.ts';

/** Rows in aligned columns. Numbers stand on the right, everything else on the left. Cells may have styles. */
export function table(headers: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const widths = headers.map((header, column) =>
    Math.max(width(header), ...rows.map((row) => width(textOf(row[column])))),
  );
  const numeric = headers.map(
    (_, column) => rows.length > 0 && rows.every((row) => typeof row[column] === 'number'),
  );
  const line = (cells: readonly (string | number)[]) =>
    headers
      .map((_, column) => {
        const text = textOf(cells[column]);
        const padding = ' '.repeat((widths[column] ?? 0) - width(text));
        return numeric[column] ? `${padding}${text}` : `${text}${padding}`;
      })
      .join('  ')
      .trimEnd();
  return [headers, ...rows].map(line).join('\n');
}

function textOf(cell: string | number = ''): string {
  return visibleInCell(String(cell));
}

function width(text: string): number {
  return Array.from(stripVTControlCharacters(text)).length;
}
