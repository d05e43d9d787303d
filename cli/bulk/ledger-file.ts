import { type FileHandle, open, readFile, rm } from 'node:fs/promises';
import * as z from 'zod';
import { configurationError } from '../errors.ts';
import { lockFile } from './file-lock.ts';
import { givenOptionsSchema } from './given-options.ts';
import { nothingBegun, refuseOther, type WhatToType } from './ledger-refusals.ts';

/** What a ledger is about: going on with anything else would queue something else. */
const headerSchema = z.strictObject({
  v: z.literal(2),
  /** SHA-256 of the input. */
  input: z.string(),
  /** SHA-256 of the messages that it comes to, with the options given. */
  messages: z.string(),
  queue: z.string(),
  /** The options that name where the queue is, such as `--stage dev --region us-east-1`. */
  place: z.string(),
  options: givenOptionsSchema,
});

/** Rows that the queue has confirmed: each its number, and the id that SQS gave the message. */
const batchSchema = z.strictObject({ queued: z.array(z.tuple([z.int(), z.string()])) });

const lineSchema = z.union([
  batchSchema,
  /** SHA-256 of a file of failed rows: one that is another by now has been changed by somebody. */
  z.strictObject({ failed: z.string() }),
]);

export type LedgerHeader = z.infer<typeof headerSchema>;
export type QueuedRow = z.infer<typeof batchSchema>['queued'][number];
type Line = z.infer<typeof lineSchema>;

/** What a ledger says. */
export interface FoundLedger {
  readonly header: LedgerHeader;
  /** Numbers of the rows that are queued. */
  readonly queued: ReadonlySet<number>;
  /** Digests of the files of failed rows that were written. */
  readonly failed: ReadonlySet<string>;
  /** Up to the end of its last whole line. */
  readonly bytes: number;
}

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
export async function openLedger(path: string, options: OpenLedgerOptions): Promise<LedgerFile> {
  const unlock = await lockFile(path);
  try {
    const found = await readLedger(path);
    return found === undefined
      ? await begin(path, options, unlock)
      : await goOn(path, found, options, unlock);
  } catch (error) {
    await unlock();
    throw error;
  }
}

type Unlock = () => Promise<void>;

async function begin(
  path: string,
  { header, resume }: OpenLedgerOptions,
  unlock: Unlock,
): Promise<LedgerFile> {
  if (resume) throw nothingBegun(path);
  const handle = await open(path, 'w', 0o600);
  const ledger = appending(handle, { path, bytes: 0, unlock });
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
  path: string,
  found: FoundLedger,
  { header, resume, type }: OpenLedgerOptions,
  unlock: Unlock,
): Promise<LedgerFile> {
  refuseOther({ path, found: found.header, wanted: header, type });
  if (!resume) {
    throw configurationError(
      'begun-already',
      `These rows have been queued, or some of them: ${path} says which. To go on: ${type.goOn}`,
    );
  }
  const handle = await open(path, 'r+');
  // A line that broke off with the process is no line.
  await handle.truncate(found.bytes);
  const ledger = appending(handle, { path, bytes: found.bytes, unlock });
  return { ...ledger, queuedBefore: found.queued, failedBefore: found.failed };
}

/** What a ledger says; undefined when there is none, or one that broke off before it said anything. */
export async function readLedger(path: string): Promise<FoundLedger | undefined> {
  const text = await readIfPresent(path);
  // Nothing is queued before the first line is on the disk.
  if ('{"v":2,'.startsWith(text.slice(0, 7)) && !text.includes('\n')) return undefined;
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  const [first = '', ...rest] = whole.split('\n').slice(0, -1);
  try {
    const header = headerSchema.parse(JSON.parse(first));
    const lines = rest.map((line) => lineSchema.parse(JSON.parse(line)));
    return {
      header,
      queued: new Set(lines.flatMap((line) => ('queued' in line ? line.queued.map(([row]) => row) : []))),
      failed: new Set(lines.flatMap((line) => ('failed' in line ? [line.failed] : []))),
      bytes: Buffer.byteLength(whole),
    };
  } catch (cause) {
    throw configurationError(
      'ledger-invalid',
      `${path} is not a ledger of this relay bulk, or somebody has changed it. Name another one: --ledger FILE`,
      { cause },
    );
  }
}

async function readIfPresent(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
    throw error;
  }
}

interface Appending extends Pick<LedgerFile, 'record' | 'recordFailedFile' | 'close'> {
  append(line: Line | LedgerHeader): Promise<void>;
}

interface Place {
  readonly path: string;
  readonly bytes: number;
  readonly unlock: Unlock;
}

/** Lines that wait while others are written go to the disk together: one fsync for all of them. */
function appending(handle: FileHandle, { path, bytes: from, unlock }: Place): Appending {
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
      const reason = cause instanceof Error && 'code' in cause ? ` (${String(cause.code)})` : '';
      throw configurationError('ledger-not-written', `The ledger ${path} cannot be written${reason}`, {
        cause,
      });
    }
  }

  function append(line: Line | LedgerHeader): Promise<void> {
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
