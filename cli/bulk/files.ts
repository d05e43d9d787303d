import { constants, existsSync } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { usageError } from '../errors.ts';
import type { BulkInput } from './rows.ts';

/** Stands for stdin. */
const stdin = '-';

/** The name of an input that files can lie beside, and that can be read again; `-` for what comes through a pipe. */
export async function sourceOf(file: string): Promise<string> {
  return file === stdin || !(await stat(file)).isFile() ? stdin : file;
}

/** The ledger beside an input. What comes from stdin has its own in the current folder, by its content. */
export function ledgerBeside(source: string, digest: string): string {
  return source === stdin ? `${stemByContent(digest)}.ledger` : `${source}.ledger`;
}

/** The file beside an input for rows that were not queued. */
export function failedBeside(
  source: string,
  { digest, format }: Pick<BulkInput, 'digest' | 'format'>,
): string {
  if (source === stdin) return `${stemByContent(digest)}.failed.${format}`;
  const extension = extname(source);
  return `${join(dirname(source), basename(source, extension))}.failed${extension}`;
}

const stemByContent = (digest: string) => `bulk-${digest.slice(0, 12)}`;

/** A file's name with a number before its extension; the first is the name itself. */
export function numbered(path: string, number: number): string {
  if (number === 1) return path;
  const extension = extname(path);
  return join(dirname(path), `${basename(path, extension)}.${number}${extension}`);
}

/** The first of the numbered names that is free. */
export function firstFree(path: string): string {
  for (let number = 1; ; number += 1) {
    if (!existsSync(numbered(path, number))) return numbered(path, number);
  }
}

export interface WrittenFiles {
  readonly source: string;
  readonly ledger: string;
  readonly failed: string;
}

/** Throws for what would come to light only when rows are queued: files that are one, or that cannot be written. */
export async function checkFiles({ source, ledger, failed }: WrittenFiles): Promise<void> {
  if (new Set([source, failed, ledger].map((each) => resolve(each))).size < 3)
    throw usageError('The input, --ledger and --failed must be three different files.');
  await checkWritable(ledger, '--ledger');
  await checkWritable(failed, '--failed');
}

async function checkWritable(path: string, option: string): Promise<void> {
  const other = `Nothing was queued. Name another file: ${option} FILE`;
  if (existsSync(path) && !(await stat(path)).isFile())
    throw usageError(`${path} is no file that can be written. ${other}`);
  try {
    await access(dirname(path), constants.W_OK);
  } catch (cause) {
    const reason = cause instanceof Error && 'code' in cause ? ` (${String(cause.code)})` : '';
    throw usageError(`${path} cannot be written${reason}. ${other}`, { cause });
  }
}
