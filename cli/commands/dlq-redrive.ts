import { setTimeout as sleep } from 'node:timers/promises';
import { defineCommand } from '../command.ts';
import { CommandError } from '../command-error.ts';
import { visibleCount } from '../dead-letters/browse.ts';
import type { DeadLetter } from '../dead-letters/dead-letter.ts';
import { addFilterOptions, type DeadLetterFilter, isMeant, parseCount } from '../dead-letters/filter.ts';
import { openDeadLetters } from '../dead-letters/open-dead-letters.ts';
import { type PlannedLetter, planLetters } from '../dead-letters/redrive.ts';
import { type Tally, tallySchema, tallyTable } from '../dead-letters/tally.ts';
import { exitCodes } from '../exit-codes.ts';
import type { Target } from '../target/target.ts';
import type { Output } from '../terminal/output.ts';

interface RedriveOptions extends DeadLetterFilter {
  readonly rate: number;
  readonly business?: string;
  readonly resendUnknown?: boolean;
}

/** `relay dlq redrive` */
export const dlqRedrive = defineCommand({
  examples: [
    'dlq redrive                                        # what would be done',
    'dlq redrive --code ERROR_CODE_BUSINESS_REACHED_LIMITS --limit 10 --rate 5 --yes --stage prod',
    'dlq redrive --id order-42-ready --resend-unknown --yes --stage prod',
  ],
  result: tallySchema,
  define: (command) =>
    addFilterOptions(command)
      .option('--rate <count>', 'so many a second at most', parseCount, 50)
      .option('--business <id>', "of messages that name none; by default the stage's own")
      .option('--resend-unknown', 'send again what Connectly may have accepted: a customer may get it twice')
      .addHelpText('after', explanation),
  async run({ output, globals, signal, progress, target: findTarget }, options: RedriveOptions) {
    const target = await findTarget();
    const { rate, business, resendUnknown = false, ...filter } = options;
    const deadLetters = await openDeadLetters(target, { signal, businessId: business });
    const dryRun = globals.yes !== true;
    const tally: Tally = { dryRun, send: 0, settled: 0, expired: 0, invalid: 0, unknown: 0, failed: 0 };
    /** What is refused again comes back while this runs: it is not to go round in circles. */
    const redriven = new Set<string>();
    const total = await visibleCount(deadLetters.client, deadLetters.deadLetterQueueUrl, signal);
    const bar = await progress({ label: dryRun ? 'Looking' : 'Redriving', total });

    async function redrivePage(
      page: readonly DeadLetter[],
      removed: (letter: DeadLetter) => void,
    ): Promise<'more' | 'enough'> {
      const meant = page.filter(
        (letter) => isMeant(letter, filter, Date.now()) && !redriven.has(letter.originalId),
      );
      const planned = upToLimit(await planLetters(meant, deadLetters, resendUnknown));
      for (const { letter } of planned) redriven.add(letter.originalId);
      const gone = dryRun ? undefined : await deadLetters.redrive(planned);
      for (const { letter, plan } of planned) {
        const moves = plan === 'send' || plan === 'settled';
        tally[moves && gone?.has(letter) === false ? 'failed' : plan] += 1;
      }
      for (const letter of gone ?? []) removed(letter);
      bar.advance(page.length);
      if (filter.limit !== undefined && tally.send >= filter.limit) return 'enough';
      const sent = planned.filter(({ plan }) => plan === 'send').length;
      if (!dryRun && sent > 0) await sleep((sent / rate) * 1000, undefined, { signal });
      return 'more';
    }

    function upToLimit(planned: readonly PlannedLetter[]): PlannedLetter[] {
      let left = (filter.limit ?? Infinity) - tally.send;
      return planned.filter(({ plan }) => plan !== 'send' || left-- > 0);
    }

    try {
      await deadLetters.browse(redrivePage);
    } catch (error) {
      if (!signal.aborted) throw error;
      output.result(tally, tallyTable(tally));
      throw new CommandError(
        exitCodes.interrupted,
        'interrupted',
        `Interrupted. What had begun is done, the rest is where it was. To go on, type the same command again: npx relay dlq redrive ... --yes ${target.options}`,
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
Connectly accepted them; they stay unless --resend-unknown is given, and go when a delivery status has settled them since.
`;

function endWith(tally: Tally, target: Target, output: Output): void {
  if (tally.failed > 0) {
    throw new CommandError(
      exitCodes.partlyDone,
      'partly-done',
      `AWS did not take ${tally.failed} of them. They are where they were; type the same command again.`,
    );
  }
  if (tally.dryRun && tally.send + tally.settled > 0)
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
