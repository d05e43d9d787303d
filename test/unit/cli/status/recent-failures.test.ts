import { describe, expect, it } from 'vitest';
import type { LogEvent, ReadOptions } from '../../../../cli/logs/function-log.ts';
import { recentFailures } from '../../../../cli/status/recent-failures.ts';
import { parseFilterPattern } from '../../../../local/aws/logs/filter-pattern.ts';

const now = Date.UTC(2026, 0, 1, 12);
const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

type Read = Pick<ReadOptions, 'of' | 'from' | 'until' | 'pattern'>;

function attempt(key: string, minutesAgo: number, level = 'warn'): LogEvent {
  const at = now - minutesAgo * minuteMs;
  const timestamp = new Date(at).toISOString();
  const message = JSON.stringify({ timestamp, level, event: 'attempt', key });
  return { id: key, function: 'send-message', at, message };
}

/** Logs as CloudWatch would search them; and what was asked of them. */
function logsWith(...lines: LogEvent[]) {
  const asked: Read[] = [];
  async function* read(wanted: Read) {
    asked.push(wanted);
    const { of, from, until = Infinity, pattern = '' } = wanted;
    const matches = parseFilterPattern(pattern);
    yield* lines
      .filter((line) => line.function === of && line.at >= from && line.at <= until && matches(line.message))
      .toSorted((one, other) => one.at - other.at);
  }
  return { asked, read };
}

async function keysOfLast(count: number, ...lines: LogEvent[]) {
  const { read } = logsWith(...lines);
  const failures = await recentFailures({ read, now, sinceMs: hourMs, count });
  return failures.map(({ key, result }) => key ?? result);
}

describe('the last failures', () => {
  it('are the newest ones, newest last, and nothing else', async () => {
    const keys = await keysOfLast(
      3,
      attempt('a', 40),
      attempt('b', 30),
      attempt('c', 5, 'error'),
      attempt('fine', 4, 'info'),
      attempt('d', 0.5),
    );

    expect(keys).toEqual(['b', 'c', 'd']);
  });

  it('are of every function, and of invocations that Lambda ended, in both formats', async () => {
    const time = new Date(now - 2 * minuteMs).toISOString();
    const report = { time, type: 'platform.report', record: { requestId: 'r', status: 'timeout' } };
    const events = { id: 'x', at: now - 2 * minuteMs };

    const results = await keysOfLast(
      5,
      { ...events, function: 'settle-send', message: JSON.stringify(report) },
      {
        ...events,
        function: 'receive-webhook',
        message: 'REPORT RequestId: r\tDuration: 1 ms\tStatus: error\n',
      },
    );

    expect(new Set(results)).toEqual(new Set(['error', 'timeout']));
  });

  it('end where the search does', async () => {
    const keys = await keysOfLast(5, attempt('too old', 61), attempt('in time', 59));

    expect(keys).toEqual(['in time']);
  });

  it('are found in the last minute in a storm, without reading an hour', async () => {
    const { asked, read } = logsWith(...Array.from({ length: 9 }, (_, index) => attempt(`${index}`, 0.5)));

    await recentFailures({ read, now, sinceMs: hourMs, count: 5 });

    expect(Math.min(...asked.map(({ from }) => from))).toBe(now - minuteMs);
  });

  it('are searched for in every millisecond of the time, and in none twice', async () => {
    const { asked, read } = logsWith();

    await recentFailures({ read, now, sinceMs: hourMs, count: 5 });

    const spans = asked
      .filter(({ of, pattern }) => of === 'send-message' && pattern?.startsWith('{'))
      .map(({ from, until }) => [from - now, until === undefined ? undefined : until - now]);
    expect(spans).toEqual([
      [-minuteMs, undefined],
      [-10 * minuteMs, -minuteMs - 1],
      [-hourMs, -10 * minuteMs - 1],
    ]);
  });
});
