import { setTimeout as sleep } from 'node:timers/promises';
import { type Command, Option } from 'commander';
import type { CommandContext } from '../command.ts';
import { CommandError, interruptedError, usageError } from '../errors.ts';
import type { Target } from '../target/target.ts';
import { parseDuration } from '../terminal/duration.ts';
import { endingOf } from './ending.ts';
import { follow } from './follow.ts';
import { type Goal, goals, type Step } from './steps.ts';

export interface FollowChoices {
  readonly follow?: true;
  readonly until: Goal;
  readonly limit: string;
}

/** Clocks differ, and the functions' lines carry theirs: lines are looked for from so long before, in milliseconds. */
const clockDifferenceMs = 60_000;

/** Between two looks, in milliseconds. CloudWatch takes 5 such calls a second; the local stack is the person's own. */
const pauseMs = { local: 200, deployed: 2000 } as const;

export function addFollowOptions(command: Command): Command {
  return command
    .option('--follow', "show what becomes of it, from the functions' logs; no event is taken from a queue")
    .addOption(new Option('--until <step>', 'how far to follow').choices(goals).default('read'))
    .option('--limit <duration>', 'how long to follow', '60s');
}

/** Seconds of `--limit`. To be called before anything is sent, too. */
export function readLimit(limit: string): number {
  const seconds = parseDuration(limit);
  if (seconds === undefined) throw usageError('--limit must be like 90s, 30m or 4h.');
  return seconds;
}

export interface FollowedMessage extends FollowChoices {
  readonly sqsMessageId: string;
  /** Epoch milliseconds. */
  readonly queuedAt: number;
}

/** Prints every step of a message, and throws what its end comes to. */
export async function followMessage(
  { output, signal }: CommandContext<Step>,
  target: Target,
  { sqsMessageId, queuedAt, until, limit }: FollowedMessage,
): Promise<void> {
  const limitSeconds = readLimit(limit);
  const { readLog } = await import('../tail/function-log.ts');
  try {
    const followed = await follow(
      { sqsMessageId, until, limitMs: limitSeconds * 1000, pauseMs: pauseMs[target.kind] },
      {
        readLog: (of, text) =>
          readLog(target, {
            of,
            from: queuedAt - clockDifferenceMs,
            pattern: `"${text}"`,
            // Nothing has been logged yet.
            mayBeMissing: true,
            signal,
          }),
        now: Date.now,
        sleep: (ms) => sleep(ms, undefined, { signal }),
        onStep: (step) => output.result(step, inWords(step)),
      },
    );
    const ending = endingOf(followed, limitSeconds, target.options);
    if (ending !== undefined) throw ending;
    if (followed.ended === 'time-limit') output.say(`Not read within ${limitSeconds} s.`);
  } catch (error) {
    if (!signal.aborted || error instanceof CommandError) throw error;
    throw interruptedError(
      `Interrupted: nobody follows ${sqsMessageId} any more, but it is queued and will be sent.`,
    );
  }
}

function inWords({ step, vendorId, code, meaning, remedy, retryInSeconds, comesBack }: Step): string {
  const parts = [
    ...(step === 'accepted' && vendorId !== undefined ? [`by Connectly, as ${vendorId}`] : []),
    ...(step === 'duplicate' ? ['one with this id has been sent before, or a copy of it is parked'] : []),
    ...(code === undefined ? [] : [code]),
    ...(retryInSeconds === undefined ? [] : [`tried again in ${retryInSeconds} s`]),
    ...(comesBack === undefined ? [] : ['what should follow failed; it comes back']),
  ];
  return [
    `${step.padEnd(10)} ${parts.join(', ')}`.trimEnd(),
    ...(meaning === undefined ? [] : [`           ${meaning}`]),
    ...(remedy === undefined ? [] : [`           ${remedy}`]),
  ].join('\n');
}
