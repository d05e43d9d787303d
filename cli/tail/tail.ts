import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { InvalidArgumentError, Option } from 'commander';
import { defineCommand } from '../command.ts';
import { type Activity, activitySchema, activityText, isFailure } from '../logs/activity.ts';
import { readLog } from '../logs/function-log.ts';
import { type FunctionName, functionNames } from '../target/target.ts';
import { durationOption } from '../terminal/option-values.ts';
import { followActivities } from './follow.ts';

/** AWS allows five such reads a second, and there are three logs. In milliseconds. */
const intervalMs = 2000;

interface TailOptions {
  /** In milliseconds. */
  readonly since: number;
  readonly only?: keyof typeof kinds;
  readonly key?: string;
  readonly follow: boolean;
}

interface Kind {
  readonly functions: readonly FunctionName[];
  readonly isMeant: (activity: Activity) => boolean;
}

const kinds = {
  // A report is a delivery status that says nothing new of a send: nobody who watches sends waits for it.
  sends: { functions: ['send-message', 'settle-send'], isMeant: ({ event }) => event !== 'report' },
  settling: { functions: ['settle-send'], isMeant: () => true },
  webhooks: { functions: ['receive-webhook'], isMeant: () => true },
  failures: { functions: functionNames, isMeant: isFailure },
} as const satisfies Record<string, Kind>;

const everything: Kind = { functions: functionNames, isMeant: () => true };

/** `relay tail` */
export const tail = defineCommand({
  examples: [
    'tail --local',
    'tail --only failures --since 1h --no-follow --stage prod',
    'tail --key 31d5d76a3a15 --since 1d --no-follow --stage prod',
  ],
  /** One for each webhook, attempt and settlement. */
  result: activitySchema,
  define: (command) =>
    command
      .addOption(durationOption('--since <duration>', 'start so long ago, such as 90s, 10m or 2h', '10m'))
      .addOption(new Option('--only <kind>', 'one kind only').choices(Object.keys(kinds)))
      .option('--key <key>', 'only the attempts to send this message: its key as the log has it', logKey)
      .option('--no-follow', 'end after what is there'),
  async run({ output, signal, unread, target: findTarget }, { since, only, key, follow }: TailOptions) {
    const target = await findTarget();
    const end = AbortSignal.any([signal, unread]);
    // As for every signal of a command: each request listens.
    setMaxListeners(0, end);
    const { functions, isMeant } = only === undefined ? everything : kinds[only];
    const ofKey = key !== undefined && { pattern: `{ $.key = "${key}" }` };
    const activities = followActivities({
      logs: functions.map((of) => (from) => readLog(target, { of, from, signal: end, ...ofKey })),
      from: Date.now() - since,
      pause: follow ? () => sleep(intervalMs, undefined, { signal: end }) : undefined,
    });
    try {
      for await (const activity of activities) {
        if (isMeant(activity)) output.result(activity, activityText(activity, output));
      }
    } catch (error) {
      if (!unread.aborted) throw error;
    }
  },
});

function logKey(text: string): string {
  if (!/^[\da-f]{12}$/.test(text)) throw new InvalidArgumentError('It is 12 hexadecimal digits.');
  return text;
}
