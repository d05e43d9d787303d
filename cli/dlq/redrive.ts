import { setTimeout as sleep } from 'node:timers/promises';
import { defineCommand } from '../command.ts';
import { CommandError, interruptedError, partlyDoneError, usageError } from '../errors.ts';
import type { Target } from '../target/target.ts';
import type { Output } from '../terminal/output.ts';
import { visibleCount } from './browse.ts';
import type { DeadLetter } from './dead-letter.ts';
import { addFilterOptions, type DeadLetterFilter, isEverything, isMeant, parseCount } from './filter.ts';
import { redriveCommand } from './next-command.ts';
import { openDeadLetters } from './open-dead-letters.ts';
import { isSent } from './plan.ts';
import { identityOf, type PlannedLetter, planLetters } from './redrive-letters.ts';
import { emptyTally, type Tally, tallySchema, tallyTable } from './tally.ts';

interface RedriveOptions extends DeadLetterFilter {
  readonly rate: number;
  readonly business?: string;
  readonly resendUnknown?: boolean;
}

/** A second. */
const defaultRate = 50;

/** `relay dlq redrive` */
export const dlqRedrive = defineCommand({
  examples: [
    'dlq redrive                                        # what would be done',
    'dlq redrive --code ERROR_CODE_BUSINESS_REACHED_LIMITS --limit 10 --rate 5 --yes --stage prod',
    'dlq redrive --id order-42-ready --resend-unknown --yes --stage prod',
    'dlq redrive --code outcome-unknown --resend-unknown       # how many would be sent again',
  ],
  result: tallySchema,
  define: (command) =>
    addFilterOptions(command)
      .option('--rate <count>', 'so many a second at most', parseCount, defaultRate)
      .option('--business <id>', "of messages that name none; by default the stage's own")
      .option('--resend-unknown', 'send again what Connectly may have accepted: a customer may get it twice')
      .addHelpText('after', explanation),
  async run({ output, globals, signal, progress, target: findTarget }, options: RedriveOptions) {
    const { rate, business, resendUnknown = false, ...filter } = options;
    if (resendUnknown && globals.yes === true && isEverything(filter)) throw notChosen();
    const target = await findTarget();
    const deadLetters = await openDeadLetters(target, { signal, businessId: business });
    const dryRun = globals.yes !== true;
    const tally = emptyTally(dryRun);
    /** What is refused again comes back while this runs: it is not to go round in circles. */
    const redriven = new Set<string>();
    const total = await visibleCount(deadLetters.client, deadLetters.deadLetterQueueUrl, signal);
    const bar = await progress({ label: dryRun ? 'Looking' : 'Redriving', total });

    async function redrivePage(
      page: readonly DeadLetter[],
      removed: (letter: DeadLetter) => void,
    ): Promise<'more' | 'enough'> {
      const meant = page.filter(
        (letter) => isMeant(letter, filter, Date.now()) && !redriven.has(identityOf(letter)),
      );
      const planned = upToLimit(await planLetters(meant, deadLetters, resendUnknown));
      for (const { letter, plan } of planned) if (isSent(plan)) redriven.add(identityOf(letter));
      const gone = dryRun ? undefined : await deadLetters.redrive(planned);
      for (const { letter, plan } of planned) {
        const moves = isSent(plan) || plan === 'settled';
        tally[moves && gone?.has(letter) === false ? 'failed' : plan] += 1;
      }
      for (const letter of gone ?? []) removed(letter);
      bar.advance(page.length);
      if (filter.limit !== undefined && tally.send + tally.resend >= filter.limit) return 'enough';
      const sent = planned.filter(({ plan }) => isSent(plan)).length;
      if (!dryRun && sent > 0) await sleep((sent / rate) * 1000, undefined, { signal });
      return 'more';
    }

    function upToLimit(planned: readonly PlannedLetter[]): PlannedLetter[] {
      let left = (filter.limit ?? Infinity) - tally.send - tally.resend;
      return planned.filter(({ plan }) => !isSent(plan) || left-- > 0);
    }

    function again(): string {
      const others = { ...(rate !== defaultRate && { rate }), business, resendUnknown, yes: !dryRun };
      return redriveCommand({ filter, others, sent: tally.send + tally.resend, place: target.options });
    }

    try {
      await deadLetters.browse(redrivePage);
    } catch (error) {
      output.result(tally, tallyTable(tally));
      if (!signal.aborted) throw error;
      throw interruptedError(
        `Interrupted. What had begun is done, the rest is where it was. To go on: ${again()}`,
      );
    } finally {
      bar.stop();
    }
    output.result(tally, tallyTable(tally));
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
