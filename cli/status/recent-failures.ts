import { type Activity, isFailure, readActivity } from '../logs/activity.ts';
import type { LogEvent, ReadOptions } from '../logs/function-log.ts';
import { present } from '../present.ts';
import { functionNames } from '../target/target.ts';

/** What the functions log as a failure, and Lambda's reports of invocations that failed, in both of its formats. */
const patterns = [
  '{ $.level = "error" || $.level = "warn" || $.record.status = "error" || $.record.status = "timeout" }',
  '"REPORT" "Status:"',
];

/** The logs are searched backwards in steps that grow, in milliseconds: in a storm, a minute is enough. */
const stepsMs = [60_000, 9 * 60_000];

export interface RecentFailuresOptions {
  readonly read: (options: Pick<ReadOptions, 'of' | 'from' | 'until' | 'pattern'>) => AsyncIterable<LogEvent>;
  /** Epoch milliseconds. */
  readonly now: number;
  readonly sinceMs: number;
  readonly count: number;
}

/** The last failures of all functions, newest last. */
export async function recentFailures({
  read,
  now,
  sinceMs,
  count,
}: RecentFailuresOptions): Promise<Activity[]> {
  const earliest = now - sinceMs;
  let found: Activity[] = [];
  // CloudWatch's clock may be ahead of this machine's.
  let until: number | undefined;
  let from = now;
  for (const stepMs of [...stepsMs, Infinity]) {
    from = Math.max(earliest, from - stepMs);
    const searches = functionNames.flatMap((of) =>
      patterns.map((pattern) => lastOf(read(present({ of, from, until, pattern })), count)),
    );
    found = [...(await Promise.all(searches)).flat(), ...found]
      .toSorted((one, other) => (one.at < other.at ? -1 : 1))
      .slice(-count);
    if (found.length === count || from === earliest) break;
    until = from - 1;
  }
  return found;
}

async function lastOf(lines: AsyncIterable<LogEvent>, count: number): Promise<Activity[]> {
  const last: Activity[] = [];
  for await (const line of lines) {
    const activity = readActivity(line);
    if (activity === undefined || !isFailure(activity)) continue;
    last.push(activity);
    if (last.length > count) last.shift();
  }
  return last;
}
