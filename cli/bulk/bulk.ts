import { InvalidArgumentError, Option } from 'commander';
import { defineCommand } from '../command.ts';
import { configurationError } from '../errors.ts';
import { addSharedOptions } from '../send/message-options.ts';
import { queueJob, readJob, refuseOtherMessages } from './job.ts';
import type { BulkOptions } from './options.ts';
import { type Result, resultSchema, summaryOf, tellAll } from './result.ts';

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
  async run(context, options, [file = '-']) {
    const { output } = context;
    const job = await readJob(context, options, file);
    const { checked, before } = job;
    tellAll(checked.warnings, (text) => output.say(text), 'Warning: ');
    tellAll(before.invalid, (text) => output.complain(text));
    if (before.invalid.length > 0 && job.options.skipInvalid === undefined) {
      output.result(before, summaryOf(before));
      throw configurationError(
        'rows-invalid',
        `${before.invalid.length} of ${before.rows} rows are invalid, so nothing was queued. Correct them, or queue the others: --skip-invalid`,
      );
    }
    if (options.dryRun === true) {
      refuseOtherMessages(job);
      output.result(before, summaryOf(before));
    } else {
      await queueJob(context, job);
    }
  },
});

/** So many a second at least: timers end at 24 days, and a batch is ten messages. */
const slowestRate = 0.01;

function readRate(text: string): number {
  const rate = Number(text);
  if (!(rate >= slowestRate && rate <= 100_000))
    throw new InvalidArgumentError(`Give messages a second, like 20; at least ${slowestRate}.`);
  return rate;
}
