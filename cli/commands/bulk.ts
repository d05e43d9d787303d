import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { InvalidArgumentError, Option } from 'commander';
import * as z from 'zod';
import { summarize } from '../../lib/message/parse.ts';
import { filesBeside, writeFailedRows } from '../bulk/files.ts';
import { openLedger } from '../bulk/ledger-file.ts';
import { failedRowsCommand, resumeCommand } from '../bulk/next-command.ts';
import { type Preflight, preflight } from '../bulk/preflight.ts';
import { type Queued, queueRows } from '../bulk/queue-rows.ts';
import { readBulkInput } from '../bulk/read-input.ts';
import type { BulkInput } from '../bulk/rows.ts';
import { sendBatch } from '../bulk/send-batch.ts';
import { type CommandContext, defineCommand } from '../command.ts';
import { CommandError, configurationError, usageError } from '../command-error.ts';
import { exitCodes } from '../exit-codes.ts';
import { addSharedOptions, type MessageOptions, present, sharedFields } from '../messages/message-options.ts';
import { suspicionAbout } from '../messages/suspicious-number.ts';
import { readInput } from '../terminal/input.ts';
import { table } from '../terminal/table.ts';

export interface BulkOptions extends Omit<MessageOptions, 'to' | 'id' | 'callbackData'> {
  readonly format?: BulkInput['format'];
  readonly template?: string;
  readonly language?: string;
  readonly campaign?: string;
  readonly ignore?: readonly string[];
  readonly skipInvalid?: true;
  readonly resume?: true;
  readonly rate?: number;
  readonly ledger?: string;
  readonly failed?: string;
  readonly dryRun?: true;
}

/** So many are told in words; with --json all are. */
const maximumTold = 50;

const placed = (what: z.ZodType<string>) => z.array(z.strictObject({ line: z.int(), text: what }));

const resultSchema = z.strictObject({
  rows: z.int(),
  queued: z.int(),
  /** By an earlier run of which this is the rest. */
  queuedBefore: z.int(),
  invalid: placed(z.string()),
  /** SQS would not take them. */
  failed: placed(z.string()),
  /** Not tried: interrupted, or ended by an error. */
  left: z.int(),
  warnings: placed(z.string()),
  /** Where the rows are that were not queued. */
  failedFile: z.string().optional(),
});

type Result = z.infer<typeof resultSchema>;

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
        .option('--resume', 'go on where an earlier run ended')
        .option('--rate <messages>', 'queue at most so many a second', readRate)
        .option('--ledger <file>', 'what is queued; by default beside the input, with .ledger at its end')
        .option(
          '--failed <file>',
          'the rows that were not queued; by default beside the input: NAME.failed.csv',
        ),
    ),
  async run(context, options, [file = '-']) {
    const { output, signal } = context;
    const input = readBulkInput(await readInput(file, signal), {
      ...(options.format !== undefined && { format: options.format }),
      ignored: options.ignore ?? [],
    });
    const checked = preflight(input, { defaults: defaultsOf(options), now: Date.now(), suspicionAbout });
    const tell = (text: string) => output.say(text);
    tellAll(checked.warnings, tell, 'Warning: ');
    const invalid = checked.invalid.map(({ row, problems }) => ({
      line: row.line,
      text: summarize(problems),
    }));
    tellAll(invalid, tell);
    const before = { ...nothingYet(input, checked), invalid };
    if (invalid.length > 0 && options.skipInvalid === undefined) {
      output.result(
        { ...before, left: checked.ready.length },
        summaryOf({ ...before, left: checked.ready.length }),
      );
      throw configurationError(
        'rows-invalid',
        `${invalid.length} of ${input.rows.length} rows are invalid, so nothing was queued. Correct them, or queue the others: --skip-invalid`,
      );
    }
    if (options.dryRun === true) {
      output.result(
        { ...before, left: checked.ready.length },
        summaryOf({ ...before, left: checked.ready.length }),
      );
      return;
    }
    await queueAll(context, { file, input, checked, options, before });
  },
});

interface Job {
  readonly file: string;
  readonly input: BulkInput;
  readonly checked: Preflight;
  readonly options: BulkOptions;
  readonly before: Result;
}

async function queueAll(
  context: CommandContext<Result>,
  { file, input, checked, options, before }: Job,
): Promise<void> {
  const { output, signal } = context;
  const target = await context.target();
  const files = filesBeside(file, input);
  const failedFile = options.failed ?? files.failed;
  const ledgerFile = options.ledger ?? files.ledger;
  if (new Set([file, failedFile, ledgerFile].map((each) => resolve(each))).size < 3) {
    throw usageError('The input, --ledger and --failed must be three different files.');
  }
  const goOn = resumeCommand(file, { ...options }, target.options);
  const mended = failedRowsCommand(failedFile, { ...options }, target.options);
  const queueUrl = target.output('SendsQueueUrl');
  const ledger = await openLedger(ledgerFile, {
    header: { v: 1, input: input.digest, messages: checked.digest, queue: queueUrl },
    resume: options.resume ?? false,
    resumeCommand: goOn,
  });
  const left = checked.ready.filter(({ row }) => !ledger.queuedBefore.has(row.number));
  const progress = await context.progress({ label: 'Queueing', total: left.length });
  let queued: Queued;
  try {
    const sqs = await target.aws.sqs();
    queued = await queueRows(left, options.rate, {
      send: (bodies) => sendBatch(sqs, queueUrl, bodies),
      record: (rows) => ledger.record(rows),
      onQueued: (count) => progress.advance(count),
      now: Date.now,
      sleep: (ms) => sleep(ms, undefined, { signal }).catch(() => {}),
      isInterrupted: () => signal.aborted,
    });
  } finally {
    progress.stop();
    await ledger.close();
  }
  const unqueued = [...checked.invalid, ...queued.failed.map(({ ready }) => ready)].map(({ row }) => row);
  await writeFailedRows(failedFile, input, unqueued);
  const result: Result = {
    ...before,
    queued: queued.queued,
    queuedBefore: checked.ready.length - left.length,
    failed: queued.failed.map(({ ready, code }) => ({ line: ready.row.line, text: code })),
    left: left.length - queued.queued - queued.failed.length,
    ...(unqueued.length > 0 && { failedFile }),
  };
  output.result(result, summaryOf(result));
  const end = endOf(result, { error: queued.error, interrupted: signal.aborted, goOn, mended });
  if (end !== undefined) throw end;
}

interface End {
  readonly error: unknown;
  readonly interrupted: boolean;
  /** The command that queues the rest. */
  readonly goOn: string;
  /** The one for what was not queued, once it is mended. */
  readonly mended: string;
}

function endOf(result: Result, { error, interrupted, goOn, mended }: End): unknown {
  const { rows, queued, queuedBefore, left, invalid, failed, failedFile } = result;
  const rest = `${queued + queuedBefore} of ${rows} rows are queued, ${left} are left. Go on with: ${goOn}`;
  if (error !== undefined) {
    // Who may not, or has no network, has not begun.
    if (queued + queuedBefore === 0) return error;
    const reason = error instanceof Error ? error.message : 'Something went wrong';
    return new CommandError(exitCodes.partlyDone, 'partly-queued', `${reason}. ${rest}`, { cause: error });
  }
  if (interrupted && left > 0)
    return new CommandError(exitCodes.interrupted, 'interrupted', `Interrupted. ${rest}`);
  if (invalid.length + failed.length === 0) return undefined;
  return new CommandError(
    exitCodes.partlyDone,
    'partly-queued',
    `${invalid.length + failed.length} of ${rows} rows were not queued. Correct them in ${failedFile}, then: ${mended}`,
  );
}

function defaultsOf(options: BulkOptions): Record<string, unknown> {
  const { template, language, campaign } = options;
  return {
    ...sharedFields(options, Date.now()),
    ...present({ templateName: template, language, campaignName: campaign }),
  };
}

function nothingYet(input: BulkInput, { warnings }: Preflight): Result {
  return {
    rows: input.rows.length,
    queued: 0,
    queuedBefore: 0,
    invalid: [],
    failed: [],
    left: 0,
    warnings: [...warnings],
  };
}

interface Told {
  readonly line: number;
  readonly text: string;
}

function tellAll(places: readonly Told[], say: (text: string) => void, before = ''): void {
  for (const { line, text } of places.slice(0, maximumTold)) say(`${before}line ${line}: ${text}`);
  if (places.length > maximumTold) say(`${before}and ${places.length - maximumTold} more`);
}

function summaryOf({ rows, queued, queuedBefore, invalid, failed, left, warnings }: Result): string {
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

function readRate(text: string): number {
  const rate = Number(text);
  if (!(rate > 0 && rate <= 100_000)) throw new InvalidArgumentError('Give messages a second, like 20.');
  return rate;
}
