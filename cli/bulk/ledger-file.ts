import { type FileHandle, open, readFile } from 'node:fs/promises';
import * as z from 'zod';
import { configurationError } from '../command-error.ts';

/** What a ledger is about: going on with anything else would queue something else. */
const headerSchema = z.strictObject({
  v: z.literal(1),
  /** SHA-256 of the input. */
  input: z.string(),
  /** SHA-256 of the messages that it comes to, with the options given. */
  messages: z.string(),
  queue: z.string(),
});

/** Rows that the queue has confirmed: each its number, and the id that SQS gave the message. */
const batchSchema = z.strictObject({ queued: z.array(z.tuple([z.int(), z.string()])) });

export type LedgerHeader = z.infer<typeof headerSchema>;
export type QueuedRow = z.infer<typeof batchSchema>['queued'][number];

/**
 * The file beside an input that says which rows are queued. It only ever grows, by whole lines, each on the disk before
 * the next batch of its worker: `kill -9` costs at most what was under way. Those rows are queued again by `--resume`,
 * under the same ids, and the sender's own ledger sends them once.
 */
export interface LedgerFile {
  /** Numbers of the rows that were queued before. */
  readonly queuedBefore: ReadonlySet<number>;
  /** Resolves once the rows are on the disk. */
  record(rows: readonly QueuedRow[]): Promise<void>;
  close(): Promise<void>;
}

export interface OpenLedgerOptions {
  readonly header: LedgerHeader;
  readonly resume: boolean;
  /** What to type to go on. */
  readonly resumeCommand: string;
}

/** Begins a ledger, or goes on with one. Throws when there is one already, or one of something else. */
export async function openLedger(path: string, options: OpenLedgerOptions): Promise<LedgerFile> {
  const { header, resume } = options;
  const existing = await readIfPresent(path);
  if (existing !== undefined && existing.trim() !== '') {
    const found = parseLedger(path, existing);
    refuseOther(path, found.header, options);
    const handle = await open(path, 'r+');
    // A line that broke off with the process is no line.
    await handle.truncate(found.bytes);
    return appending(handle, found.bytes, found.queued);
  }
  if (resume) {
    throw configurationError(
      'no-ledger',
      `There is nothing to go on with: ${path} does not exist. Leave out --resume to begin.`,
    );
  }
  const handle = await open(path, 'w', 0o600);
  const line = `${JSON.stringify(header)}\n`;
  await handle.write(line, 0);
  await handle.sync();
  return appending(handle, Buffer.byteLength(line), new Set());
}

async function readIfPresent(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

function parseLedger(
  path: string,
  text: string,
): { header: LedgerHeader; queued: Set<number>; bytes: number } {
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  const [first = '', ...lines] = whole.split('\n').slice(0, -1);
  try {
    const queued = new Set<number>();
    for (const line of lines) for (const [row] of batchSchema.parse(JSON.parse(line)).queued) queued.add(row);
    return { header: headerSchema.parse(JSON.parse(first)), queued, bytes: Buffer.byteLength(whole) };
  } catch (cause) {
    throw configurationError(
      'ledger-invalid',
      `${path} is not a ledger of relay bulk, or somebody has changed it. Name another one: --ledger FILE`,
      { cause },
    );
  }
}

function refuseOther(
  path: string,
  found: LedgerHeader,
  { header, resume, resumeCommand }: OpenLedgerOptions,
): void {
  if (found.input !== header.input) {
    throw configurationError(
      'input-changed',
      `The input is not the one that ${path} is about: it has changed since. Nothing was queued. Restore it and --resume; or give what is left as a file of its own.`,
    );
  }
  if (found.queue !== header.queue) {
    throw configurationError(
      'other-target',
      `${path} is about another stage. Name that one to go on, or another ledger: --ledger FILE`,
    );
  }
  if (found.messages !== header.messages) {
    throw configurationError(
      'options-changed',
      `With these options other messages would be sent than those that ${path} is about. Give the same ones as before.`,
    );
  }
  if (!resume) {
    throw configurationError(
      'begun-already',
      `These rows have been queued, or some of them: ${path} says which. To go on: ${resumeCommand}`,
    );
  }
}

/** Lines that wait while others are written go to the disk together: one fsync for all of them. */
function appending(handle: FileHandle, from: number, queuedBefore: ReadonlySet<number>): LedgerFile {
  let end = from;
  let waiting: string[] = [];
  let last: Promise<void> = Promise.resolve();

  async function flush(): Promise<void> {
    if (waiting.length === 0) return;
    const bytes = Buffer.from(waiting.join(''));
    waiting = [];
    await handle.write(bytes, 0, bytes.length, end);
    end += bytes.length;
    await handle.datasync();
  }

  return {
    queuedBefore,
    record(queued) {
      waiting.push(`${JSON.stringify({ queued })}\n`);
      last = last.then(flush);
      return last;
    },
    async close() {
      try {
        await last;
      } finally {
        await handle.close();
      }
    },
  };
}
