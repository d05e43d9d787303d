import { hash } from 'node:crypto';
import { constants, existsSync } from 'node:fs';
import { access, lstat, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { noFollow } from '../../local/links.ts';
import { systemCode, systemReason, usageError } from '../errors.ts';
import type { BulkInput } from './rows.ts';

/** A file by the name that a person knows it by, and where it is. */
export interface NamedFile {
  readonly name: string;
  readonly path: string;
}

/** `cwd`: the folder that names are relative to. */
export function fileNamed(name: string, cwd: string): NamedFile {
  return { name, path: resolve(cwd, name) };
}

/** Stands for stdin. */
const stdin = '-';

/** The name of an input that files can lie beside, and that can be read again; `-` for what comes through a pipe. */
export async function sourceOf({ name, path }: NamedFile): Promise<string> {
  return name === stdin || !(await stat(path)).isFile() ? stdin : name;
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

/** A file with a number before its extension; the first is the file itself. */
function numbered({ name, path }: NamedFile, number: number): NamedFile {
  if (number === 1) return { name, path };
  const numberedName = (own: string) => {
    const extension = extname(own);
    return join(dirname(own), `${basename(own, extension)}.${number}${extension}`);
  };
  return { name: numberedName(name), path: numberedName(path) };
}

/** The first of the numbered files that is not there. */
export function firstFree(file: NamedFile): NamedFile {
  for (let number = 1; ; number += 1) {
    const candidate = numbered(file, number);
    if (!existsSync(candidate.path)) return candidate;
  }
}

export interface WrittenFiles {
  readonly source: NamedFile;
  readonly ledger: NamedFile;
  readonly failed: NamedFile;
}

/** Throws for what would come to light only when rows are queued: files that are one, or that cannot be written. */
export async function checkFiles({ source, ledger, failed }: WrittenFiles): Promise<void> {
  if (new Set([source, failed, ledger].map(({ path }) => path)).size < 3)
    throw usageError('The input, --ledger and --failed must be three different files.');
  await checkWritable(ledger, '--ledger');
  await checkWritable(failed, '--failed');
}

async function checkWritable({ name, path }: NamedFile, option: string): Promise<void> {
  const other = `Nothing was queued. Name another file: ${option} FILE`;
  const found = await lstat(path).catch(() => undefined);
  // Of a link nobody knows whose file is written through it.
  if (found?.isSymbolicLink() === true)
    throw usageError(`${name} is a link, and links are not followed. ${other}`);
  if (found?.isFile() === false) throw usageError(`${name} is no file that can be written. ${other}`);
  try {
    await access(dirname(path), constants.W_OK);
  } catch (cause) {
    throw usageError(`${name} cannot be written${systemReason(cause)}. ${other}`, { cause });
  }
}

export interface FailedFileOptions {
  readonly file: NamedFile;
  /** Digests of those that were written before: whatever is another one by now is somebody's work. */
  readonly writtenBefore: ReadonlySet<string>;
}

export interface FailedFile {
  readonly name: string;
  /** SHA-256 of its content. */
  readonly digest: string;
}

/** Writes the rows that were not queued, for its owner alone, and never over what somebody has changed: under a number then. */
export async function writeFailedFile(
  text: string,
  { file, writtenBefore }: FailedFileOptions,
): Promise<FailedFile> {
  const digest = hash('sha256', text);
  const ours = new Set([...writtenBefore, digest]);
  for (let number = 1; ; number += 1) {
    const candidate = numbered(file, number);
    const found = await digestIfPresent(candidate.path);
    if (found === undefined || ours.has(found)) {
      await replace(candidate.path, text);
      return { name: candidate.name, digest };
    }
  }
}

/** Removes those of an earlier run that nobody has changed: their rows are queued by now. */
export async function removeFailedFiles({ file, writtenBefore }: FailedFileOptions): Promise<void> {
  for (let number = 1; ; number += 1) {
    const candidate = numbered(file, number);
    const found = await digestIfPresent(candidate.path);
    if (found === undefined) return;
    if (writtenBefore.has(found)) await rm(candidate.path);
  }
}

async function digestIfPresent(path: string): Promise<string | undefined> {
  const content = await readIfPresent(path);
  return content && hash('sha256', content);
}

/** The content of a file; undefined when there is none. Throws `usage` for a link. */
export async function readIfPresent(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path, { flag: constants.O_RDONLY | noFollow });
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    if (systemCode(error) === 'ELOOP')
      throw usageError(`${basename(path)} is a link, and links are not followed. Name another file.`);
    throw error;
  }
}

/** Whole or not at all, and with the mode of a new file. */
async function replace(path: string, text: string): Promise<void> {
  const beside = `${path}.${process.pid}`;
  try {
    await writeFile(beside, text, { flag: 'wx', mode: 0o600 });
    await rename(beside, path);
  } catch (error) {
    await rm(beside, { force: true });
    throw error;
  }
}
