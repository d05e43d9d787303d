import { constants } from 'node:fs';
import { type FileHandle, open, rm } from 'node:fs/promises';
import { noFollow } from '../../local/links.ts';
import { configurationError, systemReason } from '../errors.ts';
import { lockFile } from './file-lock.ts';
import { type NamedFile, readIfPresent } from './files.ts';
import {
  type FoundLedger,
  type LedgerHeader,
  type LedgerLine,
  parseLedger,
  type QueuedRow,
} from './ledger-format.ts';
import { nothingBegun, refuseOther, type WhatToType } from './ledger-refusals.ts';

/**
 * The file beside an input that says which rows are queued. It only ever grows, by whole lines, each on the disk before
 * the next batch of its worker: `kill -9` costs at most what was under way. Those rows are queued again by `--resume`,
 * under the same ids, and the sender's own ledger sends them once.
 */
export interface LedgerFile {
  /** Numbers of the rows that were queued before. */
  readonly queuedBefore: ReadonlySet<number>;
  /** Digests of the files of failed rows that were written before. */
  readonly failedBefore: ReadonlySet<string>;
  /** Resolves once the rows are on the disk. */
  record(rows: readonly QueuedRow[]): Promise<void>;
  recordFailedFile(digest: string): Promise<void>;
  /** Never rejects: `record` has said what could not be written. */
  close(): Promise<void>;
}

export interface OpenLedgerOptions {
  readonly header: LedgerHeader;
  readonly resume: boolean;
  readonly type: WhatToType;
}

/** Begins a ledger, or goes on with one; nobody else can meanwhile. Throws when there is one already, or one of something else. */
export async function openLedger(file: NamedFile, options: OpenLedgerOptions): Promise<LedgerFile> {
  const unlock = await lockFile(file);
  try {
    const found = await readLedger(file);
    return found === undefined
      ? await begin(file, options, unlock)
      : await goOn(file, found, options, unlock);
  } catch (error) {
    await unlock();
    throw error;
  }
}

type Unlock = () => Promise<void>;

async function begin(
  { name, path }: NamedFile,
  { header, resume }: OpenLedgerOptions,
  unlock: Unlock,
): Promise<LedgerFile> {
  if (resume) throw nothingBegun(name);
  const { O_WRONLY, O_CREAT, O_TRUNC } = constants;
  const handle = await open(path, O_WRONLY | O_CREAT | O_TRUNC | noFollow, 0o600);
  const ledger = appending(handle, { name, bytes: 0, unlock });
  try {
    await ledger.append(header);
  } catch (error) {
    await handle.close();
    await rm(path, { force: true });
    throw error;
  }
  return { ...ledger, queuedBefore: new Set(), failedBefore: new Set() };
}

async function goOn(
  { name, path }: NamedFile,
  found: FoundLedger,
  { header, resume, type }: OpenLedgerOptions,
  unlock: Unlock,
): Promise<LedgerFile> {
  refuseOther({ name, found: found.header, wanted: header, type });
  if (!resume) {
    throw configurationError(
      'begun-already',
      `These rows have been queued, or some of them: ${name} says which. To go on: ${type.goOn}`,
    );
  }
  const handle = await open(path, constants.O_RDWR | noFollow);
  // A line that broke off with the process is no line.
  await handle.truncate(found.bytes);
  const ledger = appending(handle, { name, bytes: found.bytes, unlock });
  return { ...ledger, queuedBefore: found.queued, failedBefore: found.failed };
}

/** What a ledger says; undefined when there is none, or one that broke off before it said anything. */
export async function readLedger({ name, path }: NamedFile): Promise<FoundLedger | undefined> {
  return parseLedger((await readIfPresent(path))?.toString() ?? '', name);
}

interface Appending extends Pick<LedgerFile, 'record' | 'recordFailedFile' | 'close'> {
  append(line: LedgerLine | LedgerHeader): Promise<void>;
}

interface Place {
  readonly name: string;
  readonly bytes: number;
  readonly unlock: Unlock;
}

/** Lines that wait while others are written go to the disk together: one fsync for all of them. */
function appending(handle: FileHandle, { name, bytes: from, unlock }: Place): Appending {
  let end = from;
  let waiting: string[] = [];
  let last: Promise<void> = Promise.resolve();

  async function flush(): Promise<void> {
    if (waiting.length === 0) return;
    let left = Buffer.from(waiting.join(''));
    waiting = [];
    try {
      // A disk that is nearly full takes a part.
      while (left.length > 0) {
        const { bytesWritten } = await handle.write(left, 0, left.length, end);
        end += bytesWritten;
        left = left.subarray(bytesWritten);
      }
      await handle.datasync();
    } catch (cause) {
      throw configurationError(
        'ledger-not-written',
        `The ledger ${name} cannot be written${systemReason(cause)}`,
        { cause },
      );
    }
  }

  function append(line: LedgerLine | LedgerHeader): Promise<void> {
    waiting.push(`${JSON.stringify(line)}\n`);
    last = last.then(flush);
    return last;
  }

  return {
    append,
    record: (queued) => append({ queued: [...queued] }),
    recordFailedFile: (failed) => append({ failed }),
    async close() {
      await last.catch(() => {});
      await handle.close();
      await unlock();
    },
  };
}
