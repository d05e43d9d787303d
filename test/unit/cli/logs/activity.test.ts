import { describe, expect, it } from 'vitest';
import { activitySchema, activityText, isFailure, readActivity } from '../../../../cli/logs/activity.ts';
import type { LogFields } from '../../../../lib/log-fields.ts';
import { createLogger, type LogLevel } from '../../../../lib/logger.ts';

const noon = Date.UTC(2026, 0, 1, 12);
const plain = { style: (_: string, text: string) => text };

/** A line as the functions write it. */
function logged(level: LogLevel, event: string, fields: LogFields): string {
  let line = '';
  const output = (text: string) => void (line += text);
  createLogger({ stage: 'dev', level: 'debug', output, now: () => noon }).write(level, event, fields);
  return line;
}

function read(message: string) {
  return readActivity({ function: 'send-message', at: noon, message });
}

describe('an activity', () => {
  it('has every field that the functions may log, but what is the same on each line', () => {
    const fields: Required<Omit<LogFields, 'stage'>> = {
      count: 3,
      requestId: 'r',
      result: 'refused',
      code: 'expired',
      cause: 'connectly-401',
      since: '2026-01-01T11:00:00.000Z',
      nextTryAt: '2026-01-01T12:01:00.000Z',
      status: 400,
      topic: 'messages',
      deliveryStatus: 'sent',
      eventId: 'e',
      parsed: true,
      bytes: 3,
      secretAge: 'only',
      sqsMessageId: 's',
      key: 'k',
      type: 'text',
      vendorId: 'v',
      traceId: 't',
      receiveCount: 2,
      secondsInQueue: 4,
      durationMs: 5,
      retryInSeconds: 6,
      errorName: 'Error',
      fault: 'ECONNRESET',
      stack: ['at x'],
    };

    const activity = read(logged('warn', 'attempt', fields));

    expect(activitySchema.parse(activity)).toEqual({
      at: '2026-01-01T12:00:00.000Z',
      function: 'send-message',
      level: 'warn',
      event: 'attempt',
      ...fields,
    });
  });

  it('does not say of a line that it stands for one thing', () => {
    const activity = read(logged('info', 'attempt', { result: 'accepted' }));

    expect(activity).not.toHaveProperty('count');
  });

  it('says of messages that were not tried how many, why, since when, and when the next try is', () => {
    const paused = {
      code: 'sending-paused',
      cause: 'connectly-503',
      since: '2026-01-01T11:59:00.000Z',
      nextTryAt: '2026-01-01T12:01:00.000Z',
    };
    const activity = read(logged('warn', 'untouched', { ...paused, count: 1_000 }));

    const shown = activity === undefined ? '' : activityText(activity, plain);

    expect(shown).toBe(
      '2026-01-01T12:00:00.000Z  send-message     untouched     sending-paused  cause=connectly-503  since=2026-01-01T11:59:00.000Z  nextTryAt=2026-01-01T12:01:00.000Z  count=1000',
    );
  });

  it('shows nothing that is not in the list of the log', () => {
    const line = { ...JSON.parse(logged('info', 'attempt', { result: 'accepted' })), to: '+15555550100' };

    const activity = read(JSON.stringify(line));

    expect(activity).toMatchObject({ result: 'accepted' });
    expect(JSON.stringify(activity)).not.toContain('5555550100');
  });

  it.each([
    ['text', 'REPORT RequestId: r-1\tDuration: 60000.00 ms\tMemory Size: 512 MB\tStatus: timeout\n'],
    [
      'JSON',
      '{"time":"2026-01-01T12:00:00.000Z","type":"platform.report","record":{"requestId":"r-1","metrics":{},"status":"timeout"}}',
    ],
  ])("is Lambda's report of an invocation that failed, in its %s format", (_, message) => {
    const activity = read(message);

    expect(activitySchema.parse(activity)).toEqual({
      at: '2026-01-01T12:00:00.000Z',
      function: 'send-message',
      level: 'error',
      event: 'invocation',
      result: 'timeout',
      requestId: 'r-1',
    });
  });

  it('names what ended the process', () => {
    const activity = read(
      'REPORT RequestId: r-1\tDuration: 1.00 ms\tStatus: error\tError Type: Runtime.ExitError\n',
    );

    expect(activity).toMatchObject({ result: 'error', errorName: 'Runtime.ExitError' });
  });

  it.each([
    ['a report of one that ended well', 'REPORT RequestId: r-1\tDuration: 1.00 ms\tMemory Size: 512 MB\n'],
    [
      'the same as JSON',
      '{"time":"2026-01-01T12:00:00.000Z","type":"platform.report","record":{"requestId":"r","status":"success"}}',
    ],
    [
      'what an uncaught error printed',
      '{"timestamp":"2026-01-01T12:00:00Z","level":"ERROR","message":"+15555550100"}',
    ],
    ['no JSON', 'npm warn something'],
    ['JSON that is no object', 'null'],
  ])('is not %s', (_, message) => {
    expect(read(message)).toBeUndefined();
  });

  it.each([
    ['debug', false],
    ['info', false],
    ['warn', true],
    ['error', true],
  ] as const)('of level %s is a failure: %s', (level, expected) => {
    const activity = read(logged(level, 'attempt', {}));

    expect(activity !== undefined && isFailure(activity)).toBe(expected);
  });
});

describe('an activity as text', () => {
  it.each([
    [
      logged('warn', 'attempt', {
        result: 'refused',
        code: 'expired',
        type: 'text',
        durationMs: 12,
        requestId: 'r',
      }),
      '2026-01-01T12:00:00.000Z  send-message     refused       expired  type=text  durationMs=12',
    ],
    [
      logged('error', 'attempt-failed', { errorName: 'TypeError', stack: ['at x'] }),
      '2026-01-01T12:00:00.000Z  send-message     attempt-failed  errorName=TypeError',
    ],
    [
      'REPORT RequestId: r-1\tDuration: 1.00 ms\tStatus: timeout\n',
      '2026-01-01T12:00:00.000Z  send-message     invocation timeout',
    ],
  ])('is one line: when, who, what, why and the rest', (message, expected) => {
    const activity = read(message);

    expect(activity && activityText(activity, plain)).toBe(expected);
  });
});
