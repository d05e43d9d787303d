import { writeFile } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import type { BulkInput, Row } from './rows.ts';

/** The files beside an input. What comes from stdin has its own in the current folder, by its content. */
export function filesBeside(file: string, input: BulkInput): { ledger: string; failed: string } {
  const extension = file === '-' ? `.${input.format}` : extname(file);
  const stem =
    file === '-' ? `bulk-${input.digest.slice(0, 12)}` : join(dirname(file), basename(file, extension));
  return { ledger: `${stem}${extension}.ledger`, failed: `${stem}.failed${extension}` };
}

/** Writes rows in the format of the input, as they stood there, so that they can be mended and given again. */
export async function writeFailedRows(path: string, input: BulkInput, rows: readonly Row[]): Promise<void> {
  if (rows.length === 0) return;
  const inOrder = rows.toSorted((one, other) => one.number - other.number).map(({ raw }) => raw);
  const lines = [...(input.header === undefined ? [] : [input.header]), ...inOrder];
  await writeFile(path, `${lines.join('\n')}\n`, { mode: 0o600 });
}
