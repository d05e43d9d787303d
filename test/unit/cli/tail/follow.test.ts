import { describe, expect, it } from 'vitest';
import type { LogEvent } from '../../../../cli/logs/function-log.ts';
import { followActivities, mergeByTime } from '../../../../cli/tail/follow.ts';

const at = (second: number) => Date.UTC(2026, 0, 1, 12, 0, second);

function line(id: string, second: number, name: LogEvent['function'] = 'send-message'): LogEvent {
  const timestamp = new Date(at(second)).toISOString();
  const message = JSON.stringify({ timestamp, level: 'info', event: 'attempt', key: id });
  return { id, function: name, at: at(second), message };
}

/** A log that grows, and from when on it was read. */
function aLog(...lines: LogEvent[]) {
  const reads: number[] = [];
  async function* read(from: number) {
    reads.push(from);
    yield* lines.filter((each) => each.at >= from).toSorted((one, other) => one.at - other.at);
  }
  return { lines, reads, read };
}

async function keysOf(
  activities: AsyncIterable<{ readonly key?: string | undefined }>,
): Promise<(string | undefined)[]> {
  const keys = [];
  for await (const { key } of activities) keys.push(key);
  return keys;
}

/** Does these one after the other at each pause, then ends as an interruption does. */
function pausesThat(...steps: (() => void)[]): () => Promise<void> {
  return async () => {
    const step = steps.shift();
    if (step === undefined) throw new Error('Ctrl-C');
    step();
  };
}

describe('following', () => {
  it('tells what is there in order of time, whichever log it is from, and ends', async () => {
    const one = aLog(line('a', 1), line('c', 3));
    const other = aLog(line('b', 2, 'receive-webhook'), line('d', 4, 'receive-webhook'));

    const keys = await keysOf(
      followActivities({ logs: [one.read, other.read], from: at(0), pause: undefined }),
    );

    expect(keys).toEqual(['a', 'b', 'c', 'd']);
  });

  it('tells each line once, and what came late or at the same moment, too', async () => {
    const log = aLog(line('a', 30));
    const told: (string | undefined)[] = [];
    const pause = pausesThat(
      () => log.lines.push(line('b', 30), line('late', 12)),
      () => log.lines.push(line('c', 31)),
    );

    const following = (async () => {
      for await (const { key } of followActivities({ logs: [log.read], from: at(0), pause })) told.push(key);
    })();

    await expect(following).rejects.toThrow('Ctrl-C');
    expect(told).toEqual(['a', 'late', 'b', 'c']);
  });

  it('tells lines of the same id from two logs apart', async () => {
    const logs = [aLog(line('1', 1)).read, aLog(line('1', 2, 'receive-webhook')).read];

    const keys = await keysOf(followActivities({ logs, from: at(0), pause: undefined }));

    expect(keys).toEqual(['1', '1']);
  });

  it('reads again from 20 s before the newest line, and never from before the start', async () => {
    const log = aLog(line('a', 10));
    const pause = pausesThat(
      () => log.lines.push(line('b', 50)),
      () => {},
    );

    await keysOf(followActivities({ logs: [log.read], from: at(5), pause })).catch(() => {});

    expect(log.reads).toEqual([at(5), at(5), at(30)]);
  });
});

async function* failing() {
  yield { at: 0, key: 'y' };
  throw new Error('denied');
}

describe('merging', () => {
  it('ends the others when one of them fails', async () => {
    const ended: string[] = [];
    async function* endless() {
      try {
        for (;;) yield { at: 1, key: 'x' };
      } finally {
        ended.push('endless');
      }
    }

    const merging = keysOf(mergeByTime([endless(), failing()]));

    await expect(merging).rejects.toThrow('denied');
    expect(ended).toEqual(['endless']);
  });
});
