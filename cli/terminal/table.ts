import { stripVTControlCharacters } from 'node:util';
import { oneLine } from './lines.ts';

/** Rows in aligned columns. Numbers stand on the right, everything else on the left. Cells may have styles. */
export function table(headers: readonly string[], rows: readonly (readonly (string | number)[])[]): string[] {
  const widths = headers.map((header, column) =>
    // Not Math.max(...): a call takes some 100,000 arguments, and a queue may hold more.
    rows.reduce((widest, row) => Math.max(widest, width(textOf(row[column]))), width(header)),
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
  return [headers, ...rows].map(line);
}

function textOf(cell: string | number = ''): string {
  // Before it is measured.
  return oneLine(String(cell), { styles: true });
}

function width(text: string): number {
  return Array.from(stripVTControlCharacters(text)).length;
}

/** What is known of one thing, a line each: the label, as wide as all are, and the value; what is undefined is left out. */
export function labelled(facts: Readonly<Record<string, string | undefined>>, columns: number): string[] {
  return Object.entries(facts).flatMap(([label, value]) =>
    value === undefined ? [] : `  ${label.padEnd(columns)} ${value}`,
  );
}
