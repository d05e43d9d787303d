import { type Activity, readActivity } from '../logs/activity.ts';
import type { LogEvent } from '../logs/function-log.ts';

/** Lambda's lines reach CloudWatch some seconds late, and not in order: so far back is read again, in milliseconds. */
const latenessMs = 20_000;

export interface FollowOptions {
  /** The logs, each from a time on (epoch milliseconds), oldest line first. */
  readonly logs: readonly ((from: number) => AsyncIterable<LogEvent>)[];
  readonly from: number;
  /** Waits before the logs are read again, and rejects when the command is interrupted; undefined to read them once. */
  readonly pause: (() => Promise<void>) | undefined;
}

/** What is in the logs, each line once, oldest first; then what comes, as it comes. */
export async function* followActivities({
  logs,
  from: start,
  pause,
}: FollowOptions): AsyncGenerator<Activity> {
  /** When each line was written that may be read again. */
  const seen = new Map<string, number>();
  let from = start;
  for (;;) {
    let newest = from;
    for await (const line of mergeByTime(logs.map((read) => read(from)))) {
      newest = Math.max(newest, line.at);
      const id = `${line.function} ${line.id}`;
      if (seen.has(id)) continue;
      seen.set(id, line.at);
      const activity = readActivity(line);
      if (activity !== undefined) yield activity;
    }
    if (pause === undefined) return;
    // By the lines' own time: this machine's clock may be another.
    from = Math.max(from, newest - latenessMs);
    for (const [id, at] of seen) if (at < from) seen.delete(id);
    await pause();
  }
}

/** Sequences that are each in order of time as one that is. Holds one item of each. */
export async function* mergeByTime<Item extends { readonly at: number }>(
  sequences: readonly AsyncIterable<Item>[],
): AsyncGenerator<Item> {
  const iterators = sequences.map((sequence) => sequence[Symbol.asyncIterator]());
  try {
    const first = await Promise.all(iterators.map((iterator) => iterator.next()));
    const heads = first.flatMap(({ done, value }, index) =>
      done === true ? [] : [{ item: value, iterator: iterators[index] }],
    );
    while (heads.length > 0) {
      const earliest = heads.reduce((one, other) => (other.item.at < one.item.at ? other : one));
      yield earliest.item;
      const next = await earliest.iterator?.next();
      if (next === undefined || next.done === true) heads.splice(heads.indexOf(earliest), 1);
      else earliest.item = next.value;
    }
  } finally {
    await Promise.all(iterators.map(async (iterator) => iterator.return?.()));
  }
}
