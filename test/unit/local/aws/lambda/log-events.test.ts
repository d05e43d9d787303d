import { describe, expect, it } from 'vitest';
import type { InvocationReport } from '../../../../../local/aws/lambda/lambda-function.ts';
import { logEventsOf } from '../../../../../local/aws/lambda/log-events.ts';

const at = new Date('2026-01-01T00:00:00.000Z');
const common = { functionName: 'shop-worker', logStreamName: 's', requestId: 'r-1' };

function eventsOfReport(report: Partial<InvocationReport>): string[] {
  const whole = {
    status: 'success',
    durationMs: 12.345,
    billedDurationMs: 13,
    memoryMb: 512,
    ...report,
  } as const;
  return logEventsOf({ ...common, stream: 'platform', report: whole }, at);
}

const head = 'REPORT RequestId: r-1\tDuration: 12.35 ms\tBilled Duration: 13 ms\tMemory Size: 512 MB';

describe('a function’s log group gets', () => {
  it.each(['stdout', 'stderr'] as const)('each line of its %s, with its line feed', (stream) => {
    const events = logEventsOf({ ...common, stream, line: '{"event":"x"}' }, at);

    expect(events).toEqual(['{"event":"x"}\n']);
  });

  it('a report for each invocation', () => {
    const events = [eventsOfReport({}), eventsOfReport({ initDurationMs: 99.9 })];

    expect(events).toEqual([[`${head}\n`], [`${head}\tInit Duration: 99.90 ms\n`]]);
  });

  it('what the function could not say itself: that it ran out of time', () => {
    const events = eventsOfReport({ status: 'timeout', errorMessage: 'Task timed out after 3.00 seconds' });

    expect(events).toEqual([
      '2026-01-01T00:00:00.000Z r-1 Task timed out after 3.00 seconds\n\n',
      `${head}\tStatus: timeout\n`,
    ]);
  });

  it('what the function could not say itself: that its process ended', () => {
    const events = eventsOfReport({
      status: 'exit',
      errorMessage: 'Runtime exited with error: exit status 1',
    });

    expect(events).toEqual([
      'RequestId: r-1 Error: Runtime exited with error: exit status 1\nRuntime.ExitError\n',
      `${head}\tStatus: error\tError Type: Runtime.ExitError\n`,
    ]);
  });
});
