import { describe, expect, it } from 'vitest';
import { isInLog, type LogEvent, type ReadOptions, readLog } from '../../../../cli/logs/function-log.ts';
import { type LogsTarget, startLogsTarget } from './logs-target.ts';

const { signal } = new AbortController();

async function linesOf({ target }: LogsTarget, options: Partial<ReadOptions> = {}) {
  const lines: LogEvent[] = [];
  for await (const line of readLog(target, { of: 'receive-webhook', from: 0, signal, ...options }))
    lines.push(line);
  return lines;
}

describe('readLog', () => {
  it('tells the lines from a time to a time, with what tells each from all others', async () => {
    const logs = await startLogsTarget();
    for (const at of [1, 2, 3, 4]) logs.write(`line ${at}`, at);

    const lines = await linesOf(logs, { from: 2, until: 3 });

    expect(lines).toMatchObject([
      { function: 'receive-webhook', at: 2, message: 'line 2' },
      { function: 'receive-webhook', at: 3, message: 'line 3' },
    ]);
    expect(new Set(lines.map(({ id }) => id)).size).toBe(2);
  });

  it('goes on to the last page', async () => {
    const logs = await startLogsTarget();
    // A page has 1 MiB at most.
    for (const at of [1, 2, 3]) logs.write('x'.repeat(600 * 1024), at);

    const lines = await linesOf(logs);

    expect(lines.map(({ at }) => at)).toEqual([1, 2, 3]);
  });

  it('throws no-log-group, with the remedy, for a function that has no log', async () => {
    const logs = await startLogsTarget();

    const reading = linesOf(logs, { of: 'send-message' });

    await expect(reading).rejects.toMatchObject({
      code: 'no-log-group',
      message: expect.stringContaining('npx serverless deploy --stage test'),
    });
  });

  it('finds nothing there when it may be missing', async () => {
    const logs = await startLogsTarget();

    const lines = await linesOf(logs, { of: 'send-message', mayBeMissing: true });

    expect(lines).toEqual([]);
  });
});

describe('isInLog', () => {
  it('finds a line since a time, and leaves out those with the ignored text', async () => {
    const { target, write } = await startLogsTarget();
    write('wanted', 1);
    write('wanted by a test', 2);
    const search = { of: 'receive-webhook', pattern: '"wanted"', ignoring: 'test', signal } as const;

    const found = await Promise.all([1, 2].map((from) => isInLog(target, { ...search, from })));

    expect(found).toEqual([true, false]);
  });
});
