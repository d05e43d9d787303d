import { setTimeout as sleep } from 'node:timers/promises';
import { type Command, Option } from 'commander';
import type { CommandContext } from '../command.ts';
import { CommandError, type ExitCode, exitCodes, interruptedError, partlyDoneError } from '../errors.ts';
import type { Target } from '../target/target.ts';
import { durationOption } from '../terminal/option-values.ts';
import { type Followed, follow } from './follow.ts';
import { type Goal, goals, type Step } from './steps.ts';

export interface FollowChoices {
  readonly follow?: true;
  readonly until: Goal;
  /** In milliseconds. */
  readonly limit: number;
}

/** Clocks differ, and the functions' lines carry theirs: lines are looked for from so long before, in milliseconds. */
const clockDifferenceMs = 60_000;

/** Between two looks, in milliseconds. CloudWatch takes 5 such calls a second; the local stack is the person's own. */
const pauseMs = { local: 200, deployed: 2000 } as const;

export function addFollowOptions(command: Command): Command {
  return command
    .option('--follow', "show what becomes of it, from the functions' logs; no event is taken from a queue")
    .addOption(new Option('--until <step>', 'how far to follow').choices(goals).default('read'))
    .addOption(durationOption('--limit <duration>', 'how long to follow', '60s'));
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
  { sqsMessageId, queuedAt, until, limit: limitMs }: FollowedMessage,
): Promise<void> {
  const [{ readLog }, { pausesOf }] = await Promise.all([
    import('../logs/function-log.ts'),
    import('../logs/pauses.ts'),
  ]);
  try {
    const followed = await follow(
      { sqsMessageId, until, limitMs, pauseMs: pauseMs[target.kind] },
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
        readPauses: () => pausesOf(target, { now: Date.now(), from: queuedAt, signal }),
        now: Date.now,
        sleep: (ms) => sleep(ms, undefined, { signal }),
        onStep: (step) => output.result(step, inWords(step)),
      },
    );
    const ending = endingOf(followed, limitMs, target.options);
    if (ending !== undefined) throw ending;
    if (followed.ended === 'time-limit') output.say(`Not read within ${limitMs / 1000} s.`);
  } catch (error) {
    if (!signal.aborted || error instanceof CommandError) throw error;
    throw interruptedError(
      `Interrupted: nobody follows ${sqsMessageId} any more, but it is queued and will be sent.`,
    );
  }
}

function inWords({
  step,
  vendorId,
  code,
  meaning,
  remedy,
  retryInSeconds,
  comesBack,
  ...pause
}: Step): string[] {
  const { cause, since, nextTryAt } = pause;
  const parts = [
    ...(step === 'accepted' && vendorId !== undefined ? [`by Connectly, as ${vendorId}`] : []),
    ...(step === 'duplicate' ? ['one with this id has been sent before, or a copy of it is parked'] : []),
    ...(code === undefined ? [] : [code]),
    ...(cause === undefined ? [] : [`because of ${cause}`]),
    ...(since === undefined ? [] : [`since ${since}`]),
    ...(nextTryAt === undefined ? [] : [`next try at ${nextTryAt}`]),
    ...(retryInSeconds === undefined ? [] : [`tried again in ${retryInSeconds} s`]),
    ...(comesBack === undefined ? [] : ['what should follow failed; it comes back']),
  ];
  return [
    `${step.padEnd(10)} ${parts.join(', ')}`.trimEnd(),
    ...(meaning === undefined ? [] : [`           ${meaning}`]),
    ...(remedy === undefined ? [] : [`           ${remedy}`]),
  ];
}

/** The error that a command ends with after following a message; undefined when all went well. */
export function endingOf(
  { ended, last, furthest }: Followed,
  limitMs: number,
  /** The options that name where the commands act. */
  place: string,
): CommandError | undefined {
  const code = last?.code ?? ended;
  const reason = last?.cause ?? last?.code;
  const more = reason === undefined ? '' : ` More: npx relay explain ${reason}`;
  switch (ended) {
    case 'reached':
    case 'duplicate':
      return undefined;
    case 'refused':
      return new CommandError(
        refuser(code),
        code,
        `The message was refused: ${last?.meaning ?? `${code}.`}${more}`,
      );
    case 'failed':
      return new CommandError(
        exitCodes.refusedByConnectly,
        'delivery-failed',
        'Connectly could not deliver the message. Why stands in the event on the events queue, under statusUpdate.error.',
      );
    case 'unclear':
      return partlyDoneError(
        code,
        'Nobody can know yet whether Connectly accepted the message. A delivery status settles it, or it goes to the sends DLQ as outcome-unknown. More: npx relay explain outcome-unknown',
      );
    case 'time-limit':
      return furthest === 'delivered' ? undefined : partlyDoneError('not-known', unknownYet());
  }

  function unknownYet(): string {
    const waited = `after ${limitMs / 1000} s. To wait longer: --limit 5m`;
    if (furthest !== undefined) {
      return `The message was ${furthest}, and no more is known ${waited}. Statuses come only while the topic delivery_status points here: npx relay webhook register --topic delivery_status ${place}`;
    }
    if (last?.step === 'unclear')
      return `Nobody can know whether Connectly accepted the message (${code}), and no more is known ${waited}.${more}`;
    if (last !== undefined)
      return `The message has not been sent yet (${code}); it is tried again. No more is known ${waited}.${more}`;
    return `The message is queued, and no attempt to send it has been logged ${waited}`;
  }
}

/** Connectly's own codes and HTTP statuses, or a reason on our side. */
function refuser(code: string): ExitCode {
  return /^(ERROR_CODE_|connectly-)/.test(code) ? exitCodes.refusedByConnectly : exitCodes.configuration;
}
