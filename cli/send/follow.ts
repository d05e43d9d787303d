import type { LogEvent } from '../logs/function-log.ts';
import type { SendingPause } from '../logs/pauses.ts';
import { attemptStep, type Goal, goals, pausedStep, type Step, statusStep } from './steps.ts';

type LoggingFunction = 'send-message' | 'receive-webhook';

/** The lines of a function's log that hold a text, oldest first. */
export type ReadLog = (of: LoggingFunction, text: string) => AsyncIterable<Pick<LogEvent, 'id' | 'message'>>;

export interface FollowOptions {
  /** The id that SQS gave the message: attempts are logged under it. */
  readonly sqsMessageId: string;
  readonly until: Goal;
  /** How long to follow, in milliseconds. */
  readonly limitMs: number;
  /** Between two looks at the logs, in milliseconds. */
  readonly pauseMs: number;
}

export interface FollowPorts {
  readonly readLog: ReadLog;
  /** What the log has said of pauses since the message was queued: a message that is turned away has no line. */
  readonly readPauses: () => Promise<readonly SendingPause[]>;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Rejects when the command is interrupted. */
  readonly sleep: (ms: number) => Promise<void>;
  readonly onStep: (step: Step) => void;
}

/** How the following ended. `last` is the newest thing that is known, undefined when that is nothing. */
export interface Followed {
  readonly ended: 'reached' | 'refused' | 'failed' | 'unclear' | 'duplicate' | 'time-limit';
  readonly last: Step | undefined;
  /** The furthest of accepted, sent, delivered and read. */
  readonly furthest: Goal | undefined;
}

/**
 * Follows one message through the logs of the functions: the attempts under SQS's id of it, then the delivery statuses
 * under Connectly's. The events queue is left alone: what is taken from there, its consumer would miss.
 */
export async function follow(options: FollowOptions, ports: FollowPorts): Promise<Followed> {
  const { sqsMessageId, until, limitMs, pauseMs } = options;
  const { readLog, readPauses, now, sleep, onStep } = ports;
  const deadline = now() + limitMs;
  const seen = new Set<string>();
  let vendorId: string | undefined;
  let last: Step | undefined;
  let furthest: Goal | undefined;
  /** Once more, for what usually comes before: statuses are logged in any order. */
  let lookedAgain = false;
  const reached = new Set<Goal>();

  async function newSteps(of: LoggingFunction, id: string): Promise<Step[]> {
    const steps: Step[] = [];
    for await (const line of readLog(of, id)) {
      if (seen.has(line.id)) continue;
      seen.add(line.id);
      const step = of === 'send-message' ? attemptStep(line.message, id) : statusStep(line.message, id);
      if (step !== undefined) steps.push(step);
    }
    return steps;
  }

  /** Said once: it may go on for long, and for other causes. */
  let toldOfPause = false;

  async function pauseSteps(): Promise<Step[]> {
    if (toldOfPause) return [];
    const steps = (await readPauses()).slice(0, 1).map(pausedStep);
    toldOfPause = steps.length > 0;
    return steps;
  }

  for (;;) {
    const found =
      vendorId === undefined
        ? await newSteps('send-message', sqsMessageId)
        : await newSteps('receive-webhook', vendorId);
    const steps = found.length === 0 && vendorId === undefined ? await pauseSteps() : found;
    for (const step of steps) {
      onStep(step);
      last = step;
      vendorId ??= step.vendorId;
      const goal = goals.find((each) => each === step.step);
      if (goal !== undefined) {
        reached.add(goal);
        furthest = further(furthest, goal);
      }
      const end = endOf(step);
      if (end !== undefined) return { ended: end, last, furthest };
    }
    if (furthest !== undefined && goals.indexOf(furthest) >= goals.indexOf(until)) {
      const hasGap = goals.slice(0, goals.indexOf(until)).some((goal) => !reached.has(goal));
      if (!hasGap || lookedAgain || now() >= deadline) return { ended: 'reached', last, furthest };
      lookedAgain = true;
    }
    if (now() >= deadline) return { ended: 'time-limit', last, furthest };
    // What was accepted a moment ago may have its statuses in the other log already.
    if (lookedAgain || !(steps.length > 0 && vendorId !== undefined)) await sleep(pauseMs);
  }
}

/** Statuses come in any order. */
function further(one: Goal | undefined, other: Goal): Goal {
  return one !== undefined && goals.indexOf(one) > goals.indexOf(other) ? one : other;
}

/** What nothing follows on. An unclear attempt that comes back goes on. */
function endOf({
  step,
  retryInSeconds,
  comesBack,
}: Step): Exclude<Followed['ended'], 'reached' | 'time-limit'> | undefined {
  switch (step) {
    case 'refused':
    case 'failed':
    case 'duplicate':
      return step;
    case 'unclear':
      return retryInSeconds === undefined && comesBack === undefined ? 'unclear' : undefined;
    default:
      return undefined;
  }
}
