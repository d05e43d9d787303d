import * as z from 'zod';
import { dynamoLedger } from '../../lib/aws/ledger-table.ts';
import { defineCommand } from '../command.ts';
import { CommandError, interruptedError, partlyDoneError, usageError } from '../errors.ts';
import { pauseInWords, pauseSchema, pausesOf, type SendingPause } from '../logs/pauses.ts';
import { present } from '../present.ts';
import { countMessages } from '../target/queues.ts';
import type { Target } from '../target/target.ts';
import { typedDuration } from '../terminal/duration.ts';
import type { Output } from '../terminal/output.ts';
import { typedOptions } from '../terminal/typed.ts';
import { openDeadLetters, unseenInWords } from './dead-letters.ts';
import { addFilterOptions, type DeadLetterFilter, isEverything, parseCount } from './filter.ts';
import { emptyTally, type Tally, tallySchema, tallyTable } from './plan.ts';
import { redrive } from './redriving.ts';

interface RedriveOptions extends DeadLetterFilter {
  readonly rate: number;
  readonly business?: string;
  readonly resendUnknown?: boolean;
}

/** A second. */
const defaultRate = 50;

const resultSchema = tallySchema.extend({
  /** Why what goes back is not sent at once; absent where nothing keeps it back. */
  pauses: z.array(pauseSchema).optional(),
});

/** `relay dlq redrive` */
export const dlqRedrive = defineCommand({
  examples: [
    'dlq redrive                                        # what would be done',
    'dlq redrive --code ERROR_CODE_BUSINESS_REACHED_LIMITS --limit 10 --rate 5 --yes --stage prod',
    'dlq redrive --id order-42-ready --resend-unknown --yes --stage prod',
    'dlq redrive --code outcome-unknown --resend-unknown       # how many would be sent again',
  ],
  result: resultSchema,
  define: (command) =>
    addFilterOptions(command)
      .option('--rate <count>', 'so many a second at most', parseCount, defaultRate)
      .option('--business <id>', "of messages that name none; by default the stage's own")
      .option('--resend-unknown', 'send again what Connectly may have accepted: a customer may get it twice')
      .addHelpText('after', explanation),
  async run(context, options: RedriveOptions) {
    const { output, globals, signal, progress } = context;
    const { rate, business, resendUnknown = false, ...filter } = options;
    if (resendUnknown && globals.yes === true && isEverything(filter)) throw notChosen();
    const target = await context.target();
    const pauses = await pausesNow(target, signal);
    for (const pause of pauses)
      output.say(`${pauseInWords(pause, Date.now())} What goes back waits on the sends queue.`);
    const result = () => present({ ...tally, pauses: pauses.length > 0 ? pauses : undefined });
    const { client, queueUrl, browse } = await openDeadLetters(target, {
      ...context,
      businessId: business,
    });
    const tally = emptyTally(globals.yes !== true);
    const { waiting: total } = await countMessages(client, queueUrl, signal);
    const bar = await progress({ label: tally.dryRun ? 'Looking' : 'Redriving', total });
    const ports = {
      client,
      deadLetterQueueUrl: queueUrl,
      sendsQueueUrl: target.output('SendsQueueUrl'),
      ledger: dynamoLedger(await target.aws.dynamoDb(), target.output('LedgerTableName')),
      now: Date.now,
    };
    let unseen: string | undefined;
    try {
      const onSeen = (count: number) => bar.advance(count);
      const looked = await redrive(tally, { browse, ports, filter, resendUnknown, rate, signal, onSeen });
      unseen = unseenInWords(looked);
    } catch (error) {
      output.result(result(), tallyTable(tally));
      if (!signal.aborted) throw error;
      const again = redriveCommand(options, { tally, place: target.options });
      throw interruptedError(
        `Interrupted. What had begun is done, the rest is where it was. To go on: ${again}`,
      );
    } finally {
      bar.stop();
    }
    output.result(result(), tallyTable(tally));
    if (unseen !== undefined) output.say(unseen);
    endWith(tally, target, output);
  },
});

const explanation = `
Without --yes nothing is moved: it says what would be done.
A letter goes back with its id and its expiry, so that the sender's ledger knows it: what has been sent is not sent again,
however often this runs. What has expired stays here. Of letters with the code outcome-unknown nobody knows whether
Connectly accepted them; they go when a delivery status has settled them since, and stay otherwise: unless --resend-unknown
is given, with a filter that says which of them are meant, such as --id ID, or --code outcome-unknown for all. --limit
says how many, and not which.
`;

/** That the log cannot be read keeps nobody from a redrive. */
async function pausesNow(target: Target, signal: AbortSignal): Promise<SendingPause[]> {
  try {
    return await pausesOf(target, { now: Date.now(), signal });
  } catch {
    signal.throwIfAborted();
    return [];
  }
}

/** Nobody sends twice to a customer by leaving a filter out. */
function notChosen(): CommandError {
  return usageError(
    '--resend-unknown sends again what may have been sent: say which of them; --limit only says how many. By id: --id ID; or all: --code outcome-unknown. Without --yes it says how many they are.',
  );
}

function endWith(tally: Tally, target: Target, output: Output): void {
  if (tally.failed > 0) {
    throw partlyDoneError(
      'partly-done',
      `AWS did not take ${tally.failed} of them. They are where they were; type the same command again.`,
    );
  }
  if (tally.resend > 0) {
    const ones =
      tally.resend === 1 ? 'One that may have been sent' : `${tally.resend} that may have been sent`;
    output.say(`${ones} ${tally.dryRun ? 'would go' : 'went'} back: customers may get such a message twice.`);
  }
  if (tally.dryRun && tally.send + tally.resend + tally.settled > 0)
    output.say('Nothing has been moved. To do it, add --yes.');
  if (tally.unknown > 0) {
    output.say(
      'To send again what may have been sent, ask the customer first, then: ' +
        `npx relay dlq redrive --id ID --resend-unknown --yes ${target.options}`,
    );
  }
  if (tally.expired > 0)
    output.say(`To be rid of what has expired: npx relay dlq purge --expired ${target.options}`);
  if (tally.invalid > 0)
    output.say(`To correct what is invalid: npx relay dlq export --reveal ${target.options}`);
}

/** What to type to redrive the rest: the same letters, and no others. A limit is for those that are left. */
function redriveCommand(
  { olderThan, newerThan, limit, rate, business, resendUnknown, ...chosen }: RedriveOptions,
  { tally, place }: { readonly tally: Tally; readonly place: string },
): string {
  const flags = typedOptions({
    ...chosen,
    olderThan: olderThan === undefined ? undefined : typedDuration(olderThan),
    newerThan: newerThan === undefined ? undefined : typedDuration(newerThan),
    limit: limit === undefined ? undefined : limit - tally.send - tally.resend,
    rate: rate === defaultRate ? undefined : rate,
    business,
    resendUnknown,
    yes: !tally.dryRun,
  });
  return ['npx relay dlq redrive', ...flags, place].join(' ');
}
