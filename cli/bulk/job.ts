import { setTimeout as sleep } from 'node:timers/promises';
import { summarize } from '../../lib/message/parse.ts';
import type { CommandContext } from '../command.ts';
import { present } from '../present.ts';
import { sharedFields } from '../send/message-options.ts';
import { suspicionAbout } from '../send/suspicious-number.ts';
import type { Target } from '../target/target.ts';
import {
  checkFiles,
  failedBeside,
  fileNamed,
  firstFree,
  ledgerBeside,
  type NamedFile,
  removeFailedFiles,
  sourceOf,
  type WrittenFiles,
  writeFailedFile,
} from './files.ts';
import { type LedgerFile, openLedger, readLedger } from './ledger-file.ts';
import type { FoundLedger } from './ledger-format.ts';
import { nothingBegun, refuseOther, refuseOtherInput, type WhatToType } from './ledger-refusals.ts';
import { type BulkOptions, nextCommands, toRemember, withRemembered } from './options.ts';
import { type Preflight, preflight } from './preflight.ts';
import { type Queued, queueRows, sendBatch } from './queue-rows.ts';
import { digestOf, readBulkInput } from './read-input.ts';
import { endOf, type Result, summaryOf } from './result.ts';
import type { BulkInput, FailedRow } from './rows.ts';

/** An input that has been read and checked, and of which nothing has been queued by this run. */
export interface Job {
  readonly files: WrittenFiles;
  readonly input: BulkInput;
  readonly checked: Preflight;
  /** Those of the run that is to go on among them. */
  readonly options: BulkOptions;
  /** The ledger of that run. */
  readonly begun: FoundLedger | undefined;
  /** What is known before anything is queued. */
  readonly before: Result;
}

/** Reads and checks a whole input. Rejects for what makes all of it unusable; what is wrong with a row stays with it. */
export async function readJob(
  { cwd, signal, readInput }: CommandContext,
  typed: BulkOptions,
  file: string,
): Promise<Job> {
  const bytes = await readInput(file);
  const digest = digestOf(bytes);
  const source = fileNamed(await sourceOf(fileNamed(file, cwd)), cwd);
  const ledger = fileNamed(typed.ledger ?? ledgerBeside(source.name, digest), cwd);
  const begun = typed.resume === true ? await readBegun(ledger, digest) : undefined;
  const options = withRemembered(typed, begun?.header.options ?? {});
  const ignored = options.ignore ?? [];
  const input = readBulkInput(bytes, present({ format: options.format, ignored, signal }));
  const now = Date.now();
  const { template, language, campaign } = options;
  const checked = await preflight(input, {
    defaults: {
      ...sharedFields(options, now),
      ...present({ templateName: template, language, campaignName: campaign }),
    },
    now,
    queuedBefore: begun?.queued ?? new Set(),
    suspicionAbout,
  });
  const failed = fileNamed(options.failed ?? failedBeside(source.name, input), cwd);
  return {
    files: { source, ledger, failed },
    input,
    checked,
    options,
    begun,
    before: resultBefore(checked, begun),
  };
}

/** The ledger of the run that is to go on. */
async function readBegun(ledger: NamedFile, digest: string): Promise<FoundLedger> {
  const begun = await readLedger(ledger);
  if (begun === undefined) throw nothingBegun(ledger.name);
  refuseOtherInput(ledger.name, begun.header, digest);
  return begun;
}

function resultBefore({ ready, invalid, warnings }: Preflight, begun: FoundLedger | undefined): Result {
  const queuedBefore = ready.filter(({ row }) => begun?.queued.has(row.number)).length;
  return {
    rows: ready.length + invalid.length,
    queued: 0,
    queuedBefore,
    invalid: invalid.map(({ row, problems }) => ({ line: row.line, text: summarize(problems) })),
    failed: [],
    left: ready.length - queuedBefore,
    warnings: [...warnings],
  };
}

/** Throws when the run that is to go on was about other messages. */
export function refuseOtherMessages(job: Job): void {
  const { files, input, checked, begun } = job;
  if (begun === undefined) return;
  refuseOther({
    name: files.ledger.name,
    found: begun.header,
    wanted: { input: input.digest, messages: checked.digest },
    type: commandsOf(job, begun.header.place),
  });
}

function commandsOf({ files: { source, ledger }, options }: Job, place: string) {
  return nextCommands({
    file: source.name,
    options: { ...options },
    place,
    otherLedger: firstFree(ledger).name,
  });
}

/** Queues what is left of a job, tells what came of it, and rejects unless all is queued. */
export async function queueJob(context: CommandContext<Result>, job: Job): Promise<void> {
  const { output, signal } = context;
  const { files, checked, before } = job;
  await checkFiles(files);
  const target = await context.target();
  const type = commandsOf(job, target.options);
  const ledger = await openLedgerOf(job, { target, type });
  try {
    const left = checked.ready.filter(({ row }) => !ledger.queuedBefore.has(row.number));
    const queued = await queueLeft(left, { context, job, target, ledger });
    const { failedFile, writingError } = await keepFailed(job, queued, ledger);
    const result: Result = {
      ...before,
      queued: queued.queued,
      queuedBefore: checked.ready.length - left.length,
      failed: queued.failed.map(({ ready, code }) => ({ line: ready.row.line, text: code })),
      left: left.length - queued.queued - queued.failed.length,
      ...present({ failedFile }),
    };
    output.result(result, summaryOf(result));
    const end = endOf(result, {
      error: queued.error,
      writingError,
      interrupted: signal.aborted,
      goOn: type.goOn,
      mended: type.mended(failedFile ?? files.failed.name),
    });
    if (end !== undefined) throw end;
  } finally {
    await ledger.close();
  }
}

function openLedgerOf(
  { files, input, checked, options }: Job,
  { target, type }: { readonly target: Target; readonly type: WhatToType },
): Promise<LedgerFile> {
  return openLedger(files.ledger, {
    header: {
      v: 2,
      input: input.digest,
      messages: checked.digest,
      queue: target.output('SendsQueueUrl'),
      place: target.options,
      options: toRemember(options, files.failed),
    },
    resume: options.resume ?? false,
    type,
  });
}

/** Each file is a tenant of its own. */
function groupOf(inputDigest: string): string {
  return `bulk-${inputDigest.slice(0, 12)}`;
}

interface Queueing {
  readonly context: CommandContext<Result>;
  readonly job: Job;
  readonly target: Target;
  readonly ledger: LedgerFile;
}

async function queueLeft(
  left: Preflight['ready'],
  { context, job, target, ledger }: Queueing,
): Promise<Queued> {
  const { signal } = context;
  const sqs = await target.aws.sqs();
  const progress = await context.progress({ label: 'Queueing', total: left.length });
  const to = { queueUrl: target.output('SendsQueueUrl'), group: groupOf(job.input.digest) };
  const queued = await queueRows(left, job.options.rate, {
    send: (bodies) => sendBatch(sqs, to, bodies),
    record: (rows) => ledger.record(rows),
    onQueued: (count) => progress.advance(count),
    now: Date.now,
    sleep: (ms) => sleep(ms, undefined, { signal }).catch(() => {}),
    isInterrupted: () => signal.aborted,
  });
  progress.stop();
  return queued;
}

interface Kept {
  /** Where the rows are that were not queued, if there are any. */
  readonly failedFile?: string;
  readonly writingError?: unknown;
}

/** Writes the rows that were not queued. What an earlier run wrote of them, and nobody has changed, goes. */
async function keepFailed({ files, input, checked }: Job, queued: Queued, ledger: LedgerFile): Promise<Kept> {
  const unqueued: FailedRow[] = [
    ...checked.invalid.map(({ row, id, problems }) => ({ row, id, error: summarize(problems) })),
    ...queued.failed.map(({ ready: { row, id }, code }) => ({ row, id, error: `refused by SQS: ${code}` })),
  ].toSorted((one, other) => one.row.number - other.row.number);
  const options = { file: files.failed, writtenBefore: ledger.failedBefore };
  try {
    if (unqueued.length === 0) {
      await removeFailedFiles(options);
      return {};
    }
    const { name: failedFile, digest } = await writeFailedFile(input.withErrors(unqueued), options);
    // Where it cannot be told, the file counts as somebody's, and stays.
    if (!ledger.failedBefore.has(digest)) await ledger.recordFailedFile(digest).catch(() => {});
    return { failedFile };
  } catch (writingError) {
    return { writingError };
  }
}
