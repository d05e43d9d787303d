import { defineCommand } from '../command.ts';
import { partlyDoneError } from '../errors.ts';
import { durationOption } from '../terminal/option-values.ts';
import { overviewSchema } from './overview.ts';
import { nextCommands, overviewText } from './overview-text.ts';
import { readOverview } from './read-overview.ts';

/** How many of the last failures fit on a screen. */
const failures = 5;

/** What a stage that nobody has finished setting up lacks: told, and no reason to fail. */
const notSetUp = new Set(['no-business', 'secret-not-set']);

interface StatusOptions {
  /** In milliseconds. */
  readonly since: number;
  readonly webhooks: boolean;
  readonly business?: string;
}

/** `relay status` */
export const status = defineCommand({
  examples: ['status --local', 'status --stage prod --json'],
  result: overviewSchema,
  define: (command) =>
    command
      .addOption(
        durationOption('--since <duration>', 'how far back to look for failures, such as 10m or 6h', '1h'),
      )
      .option('--business <id>', "whose webhooks to look at; by default the stage's own business")
      .option('--no-webhooks', 'do not ask Connectly where its webhooks go'),
  async run({ output, signal, target: findTarget }, { since, webhooks, business }: StatusOptions) {
    const target = await findTarget();
    const overview = await readOverview(target, {
      signal,
      now: Date.now(),
      sinceMs: since,
      failures,
      webhooks,
      businessId: business,
    });
    output.result(overview, overviewText(overview, output));
    for (const command of nextCommands(overview, target.options)) output.say(command);
    const unread = overview.missing.filter(({ code }) => !notSetUp.has(code)).map(({ part }) => part);
    if (unread.length > 0) {
      throw partlyDoneError(
        'partly-read',
        `Not everything could be read: ${unread.join(', ')}; the reasons are above. To try again: npx relay status ${target.options}`,
      );
    }
  },
});
