import { hash } from 'node:crypto';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { numbered } from './files.ts';

export interface FailedFileOptions {
  readonly path: string;
  /** Digests of those that were written before: whatever is another one by now is somebody's work. */
  readonly writtenBefore: ReadonlySet<string>;
}

export interface FailedFile {
  readonly path: string;
  /** SHA-256 of its content. */
  readonly digest: string;
}

/** Writes the rows that were not queued, for its owner alone, and never over what somebody has changed: under a number then. */
export async function writeFailedFile(
  text: string,
  { path, writtenBefore }: FailedFileOptions,
): Promise<FailedFile> {
  const digest = hash('sha256', text);
  const ours = new Set([...writtenBefore, digest]);
  for (let number = 1; ; number += 1) {
    const candidate = numbered(path, number);
    const found = await digestIfPresent(candidate);
    if (found === undefined || ours.has(found)) {
      await replace(candidate, text);
      return { path: candidate, digest };
    }
  }
}

/** Removes those of an earlier run that nobody has changed: their rows are queued by now. */
export async function removeFailedFiles({ path, writtenBefore }: FailedFileOptions): Promise<void> {
  for (let number = 1; ; number += 1) {
    const candidate = numbered(path, number);
    const found = await digestIfPresent(candidate);
    if (found === undefined) return;
    if (writtenBefore.has(found)) await rm(candidate);
  }
}

async function digestIfPresent(path: string): Promise<string | undefined> {
  try {
    return hash('sha256', await readFile(path));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
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
