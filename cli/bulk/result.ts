import * as z from 'zod';
import { CommandError, interruptedError, partlyDoneError } from '../errors.ts';
import { table } from '../terminal/table.ts';
import type { Warning } from './preflight.ts';

const placed = z.array(z.strictObject({ line: z.int(), text: z.string() }));

export const resultSchema = z.strictObject({
  rows: z.int(),
  queued: z.int(),
  /** By an earlier run of which this is the rest. */
  queuedBefore: z.int(),
  invalid: placed,
  /** SQS would not take them. */
  failed: placed,
  /** Not tried: interrupted, or ended by an error. */
  left: z.int(),
  warnings: placed,
  /** Where the rows are that were not queued. */
  failedFile: z.string().optional(),
});

export type Result = z.infer<typeof resultSchema>;

export interface End {
  /** What ended the queueing before its time. */
  readonly error: unknown;
  /** What kept the failed rows from being written. */
  readonly writingError: unknown;
  readonly interrupted: boolean;
  /** The command that queues the rest. */
  readonly goOn: string;
  /** The one for what is invalid, once it is mended. */
  readonly mended: string;
}

/** The error to end with, or undefined when all is queued. */
export function endOf(result: Result, { error, writingError, interrupted, goOn, mended }: End): unknown {
  const { rows, queued, queuedBefore, left, invalid, failed, failedFile } = result;
  const rest = `${queued + queuedBefore} of ${rows} rows are queued, ${left} are left. Go on with: ${goOn}`;
  if (error !== undefined) {
    // Who may not, or has no network, has not begun.
    if (queued + queuedBefore === 0) return error;
    return partly(`${reasonOf(error)}. ${rest}`, error);
  }
  if (interrupted && left > 0) return interruptedError(`Interrupted. ${rest}`);
  if (writingError !== undefined) {
    return partly(
      `The rows that were not queued cannot be written: ${reasonOf(writingError)}. Have them written elsewhere: ${goOn} --failed FILE`,
      writingError,
    );
  }
  const refused = `SQS refused ${failed.length} of ${rows} rows`;
  if (invalid.length === 0)
    return failed.length === 0 ? undefined : partly(`${refused}. Try them again: ${goOn}`);
  const others = failed.length === 0 ? '' : `${refused} (to try them again: ${goOn}). `;
  return partly(
    `${others}${invalid.length} of ${rows} rows were not queued. Correct them in ${failedFile}, then: ${mended}`,
  );
}

function partly(message: string, cause?: unknown): CommandError {
  return partlyDoneError('partly-queued', message, { cause });
}

const reasonOf = (error: unknown) => (error instanceof Error ? error.message : 'Something went wrong');

/** So many are told in words; with --json all are. */
const maximumTold = 50;

export function tellAll(places: readonly Warning[], say: (text: string) => void, before = ''): void {
  for (const { line, text } of places.slice(0, maximumTold)) say(`${before}line ${line}: ${text}`);
  if (places.length > maximumTold) say(`${before}and ${places.length - maximumTold} more`);
}

export function summaryOf({ rows, queued, queuedBefore, invalid, failed, left, warnings }: Result): string[] {
  return table(
    ['outcome', 'rows'],
    [
      ['queued', queued],
      ...(queuedBefore > 0 ? [['queued before', queuedBefore] as const] : []),
      ['invalid', invalid.length],
      ['refused by SQS', failed.length],
      ['not tried', left],
      ['all', rows],
      ...(warnings.length > 0 ? [['with a warning', warnings.length] as const] : []),
    ],
  );
}
