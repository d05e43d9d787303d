import * as z from 'zod';
import { configurationError } from '../errors.ts';
import { givenOptionsSchema } from './options.ts';

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
export type LedgerLine = z.infer<typeof lineSchema>;

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

/** What a ledger says; undefined when there is none, or one that broke off before it said anything. */
export function parseLedger(text: string, name: string): FoundLedger | undefined {
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
      `${name} is not a ledger of this relay bulk, or somebody has changed it. Name another one: --ledger FILE`,
      { cause },
    );
  }
}
