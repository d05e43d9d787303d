import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { InvalidArgumentError, Option } from 'commander';
import { summarize } from '../../lib/message/parse.ts';
import { type CommandContext, defineCommand } from '../command.ts';
import { configurationError } from '../errors.ts';
import { addSharedOptions, sharedFields } from '../send/message-options.ts';
import { suspicionAbout } from '../send/suspicious-number.ts';
import { present } from '../terminal/option-values.ts';
import { removeFailedFiles, writeFailedFile } from './failed-file.ts';
import { checkFiles, failedBeside, firstFree, ledgerBeside, sourceOf, type WrittenFiles } from './files.ts';
import { type GivenOptions, withRemembered } from './given-options.ts';
import { type LedgerFile, openLedger, readLedger } from './ledger-file.ts';
import type { FoundLedger } from './ledger-format.ts';
import { nothingBegun, refuseOther, refuseOtherInput } from './ledger-refusals.ts';
import { failedRowsCommand, otherLedgerCommand, resumeCommand } from './next-command.ts';
import { type Preflight, preflight } from './preflight.ts';
import { type Queued, queueRows } from './queue-rows.ts';
import { digestOf, readBulkInput } from './read-input.ts';
import { endOf, type Result, resultSchema, summaryOf, tellAll } from './result.ts';
import type { BulkInput, FailedRow } from './rows.ts';
import { sendBatch } from './send-batch.ts';

export interface BulkOptions extends GivenOptions {
  readonly resume?: true;
  readonly ledger?: string;
  readonly dryRun?: true;
}

/** `relay bulk` */
export const bulk = defineCommand<Result, BulkOptions>({
  examples: [
    'bulk customers.csv --template order_ready --language en',
    'bulk customers.csv --skip-invalid --rate 20 --stage prod',
    'bulk customers.csv --resume',
    'bulk messages.ndjson --dry-run',
  ],
  result: resultSchema,
  define: (command) =>
    addSharedOptions(
      command
        .argument('<file>', 'CSV with a header, or one queue message on each line; - for stdin')
        .addOption(new Option('--format <format>', 'by default as the file looks').choices(['csv', 'ndjson']))
        .option('--template <name>', 'of rows that name none')
        .option('--language <code>', 'of rows that name none')
        .option('--campaign <name>', 'of rows that name none')
        .option(
          '--ignore <column>',
          'a column that is not for the message; may be repeated',
          (name, before: readonly string[] | undefined) => [...(before ?? []), name],
        )
        .option('--dry-run', 'check the whole file, and queue nothing')
        .option('--skip-invalid', 'queue the other rows when some are invalid')
        .option('--resume', 'go on where an earlier run ended, with its options')
        .option('--rate <messages>', 'queue at most so many a second', readRate)
        .option('--ledger <file>', 'what is queued; by default beside the input, with .ledger at its end')
        .option(
          '--failed <file>',
          'the rows that were not queued; by default beside the input: NAME.failed.csv',
        ),
    ),
  async run(context, typed, [file = '-']) {
    const { output, signal } = context;
    const bytes = await context.readInput(file);
    const source = await sourceOf(file);
    const ledger = typed.ledger ?? ledgerBeside(source, digestOf(bytes));
    const begun = typed.resume === true ? await readBegun(ledger, bytes) : undefined;
    const options = withRemembered(typed, begun?.header.options ?? {});
    const input = readBulkInput(bytes, {
      ...(options.format !== undefined && { format: options.format }),
      ignored: options.ignore ?? [],
      signal,
    });
    const checked = await preflight(input, {
      defaults: defaultsOf(options),
      now: Date.now(),
      queuedBefore: begun?.queued ?? new Set(),
      suspicionAbout,
    });
    const before = resultBefore(checked, begun);
    tellAll(checked.warnings, (text) => output.say(text), 'Warning: ');
    tellAll(before.invalid, (text) => output.complain(text));
    if (before.invalid.length > 0 && options.skipInvalid === undefined) {
      output.result(before, summaryOf(before));
      throw configurationError(
        'rows-invalid',
        `${before.invalid.length} of ${before.rows} rows are invalid, so nothing was queued. Correct them, or queue the others: --skip-invalid`,
      );
    }
    const files = { source, ledger, failed: options.failed ?? failedBeside(source, input) };
    const job = { files, input, checked, options, before };
    if (options.dryRun === true) {
      if (begun !== undefined) refuseOtherMessages(job, begun);
      output.result(before, summaryOf(before));
    } else {
      await queueAll(context, job);
    }
  },
});

interface Job {
  readonly files: WrittenFiles;
  readonly input: BulkInput;
  readonly checked: Preflight;
  readonly options: BulkOptions;
  readonly before: Result;
}

/** The ledger of the run that is to go on. */
async function readBegun(path: string, bytes: Buffer): Promise<FoundLedger> {
  const begun = await readLedger(path);
  if (begun === undefined) throw nothingBegun(path);
  refuseOtherInput(path, begun.header, digestOf(bytes));
  return begun;
}

function refuseOtherMessages(job: Job, { header }: FoundLedger): void {
  const { files, input, checked } = job;
  refuseOther({
    path: files.ledger,
    found: header,
    wanted: { input: input.digest, messages: checked.digest },
    type: commandsOf(job, header.place),
  });
}

/** What to type next, by what it is for. */
function commandsOf({ files, ...job }: Job, place: string) {
  const options = { ...job.options };
  const { source: file, ledger } = files;
  return {
    goOn: resumeCommand({ file, options, place }),
    beginAnother: otherLedgerCommand({ file, options, place, ledger: firstFree(ledger) }),
    mended: (failedFile: string) => failedRowsCommand({ file: failedFile, options, place }),
  };
}

async function queueAll(context: CommandContext<Result>, job: Job): Promise<void> {
  const { output, signal } = context;
  const { files, input, checked, options, before } = job;
  await checkFiles(files);
  const target = await context.target();
  const type = commandsOf(job, target.options);
  const queueUrl = target.output('SendsQueueUrl');
  const sqs = await target.aws.sqs();
  const ledger = await openLedger(files.ledger, {
    header: {
      v: 2,
      input: input.digest,
      messages: checked.digest,
      queue: queueUrl,
      place: target.options,
      options: toRemember(options),
    },
    resume: options.resume ?? false,
    type,
  });
  try {
    const left = checked.ready.filter(({ row }) => !ledger.queuedBefore.has(row.number));
    const progress = await context.progress({ label: 'Queueing', total: left.length });
    const queued = await queueRows(left, options.rate, {
      send: (bodies) => sendBatch(sqs, queueUrl, bodies),
      record: (rows) => ledger.record(rows),
      onQueued: (count) => progress.advance(count),
      now: Date.now,
      sleep: (ms) => sleep(ms, undefined, { signal }).catch(() => {}),
      isInterrupted: () => signal.aborted,
    });
    progress.stop();
    const { failedFile, writingError } = await keepFailed(job, queued, ledger);
    const result: Result = {
      ...before,
      queued: queued.queued,
      queuedBefore: checked.ready.length - left.length,
      failed: queued.failed.map(({ ready, code }) => ({ line: ready.row.line, text: code })),
      left: left.length - queued.queued - queued.failed.length,
      ...(failedFile !== undefined && { failedFile }),
    };
    output.result(result, summaryOf(result));
    const end = endOf(result, {
      error: queued.error,
      writingError,
      interrupted: signal.aborted,
      goOn: type.goOn,
      mended: type.mended(failedFile ?? files.failed),
    });
    if (end !== undefined) throw end;
  } finally {
    await ledger.close();
  }
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
  const options = { path: files.failed, writtenBefore: ledger.failedBefore };
  try {
    if (unqueued.length === 0) {
      await removeFailedFiles(options);
      return {};
    }
    const { path: failedFile, digest } = await writeFailedFile(input.withErrors(unqueued), options);
    // Where it cannot be told, the file counts as somebody's, and stays.
    if (!ledger.failedBefore.has(digest)) await ledger.recordFailedFile(digest).catch(() => {});
    return { failedFile };
  } catch (writingError) {
    return { writingError };
  }
}

function defaultsOf(options: BulkOptions): Record<string, unknown> {
  const { template, language, campaign } = options;
  return {
    ...sharedFields(options, Date.now()),
    ...present({ templateName: template, language, campaignName: campaign }),
  };
}

/** A run that is gone on with may be typed in another folder. */
function toRemember({
  resume: _resume,
  dryRun: _dryRun,
  ledger: _ledger,
  ...given
}: BulkOptions): GivenOptions {
  return { ...given, ...(given.failed !== undefined && { failed: resolve(given.failed) }) };
}

/** What is known before anything is queued. */
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

/** So many a second at least: timers end at 24 days, and a batch is ten messages. */
const slowestRate = 0.01;

function readRate(text: string): number {
  const rate = Number(text);
  if (!(rate >= slowestRate && rate <= 100_000))
    throw new InvalidArgumentError(`Give messages a second, like 20; at least ${slowestRate}.`);
  return rate;
}
