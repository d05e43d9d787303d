import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RelayError } from '../../lib/errors.ts';
import type { LogFields } from '../../lib/log-fields.ts';
import { createLogger, errorFields, type LogLevel, logLevels } from '../../lib/logger.ts';

function scene(level: LogLevel = 'debug') {
  const lines: string[] = [];
  const logger = createLogger({
    stage: 'test',
    level,
    output: (line) => void lines.push(line),
    now: () => Date.UTC(2026, 10, 22, 10),
  });
  return { logger, lines };
}

describe('a log line', () => {
  it('is one JSON object with its time, level, event and fields', () => {
    const { logger, lines } = scene();

    logger.write('warn', 'other', { result: 'signature-wrong', status: 401 });

    expect(lines).toEqual([
      '{"timestamp":"2026-11-22T10:00:00.000Z","level":"warn","event":"other","stage":"test","result":"signature-wrong","status":401}\n',
    ]);
  });

  it('carries the metrics of its event, at any level, split by the fields that it has', () => {
    const { logger, lines } = scene('error');

    logger.write('info', 'webhook', { result: 'queued', durationMs: 12, deliveryStatus: 'read' });
    logger.write('warn', 'webhook', { result: 'too-large', durationMs: 1 });

    const written = lines.map((line) => Object(JSON.parse(line)));
    expect(written[0]).toMatchObject({
      count: 1,
      _aws: {
        Timestamp: Date.UTC(2026, 10, 22, 10),
        CloudWatchMetrics: [
          {
            Namespace: 'connectly-relay/webhook',
            Dimensions: [
              ['stage', 'result'],
              ['stage', 'deliveryStatus'],
            ],
            Metrics: [{ Name: 'count' }],
          },
        ],
      },
    });
    expect(written[1]).toHaveProperty('_aws.CloudWatchMetrics.0.Dimensions', [['stage', 'result']]);
  });

  it('drops every field that is not on the list, however it came in', () => {
    const { logger, lines } = scene();
    const message = {
      to: '+15550canary',
      text: 'canary',
      signature: 'canary',
      message: 'canary',
      apiKey: 'canary',
      body: 'canary',
      toString: 'canary',
    };
    const fields: LogFields = { result: 'accepted', ...message };

    logger.write('error', 'other', fields);

    expect(lines).toEqual([
      '{"timestamp":"2026-11-22T10:00:00.000Z","level":"error","event":"other","stage":"test","result":"accepted"}\n',
    ]);
  });

  it.each(logLevels.map((level, index) => ({ level, written: logLevels.slice(index) })))(
    'is written at $level for $written only',
    ({ level, written }) => {
      const { logger, lines } = scene(level);

      for (const at of logLevels) logger.write(at, 'x', {});

      expect(lines.map((line) => Object(JSON.parse(line)).level)).toEqual(written);
    },
  );

  it.each([
    '\n',
    '\r\n',
    '\u2028',
    '\u2029',
    '\u0085',
    '\u001b[31m',
    '\u009b31m',
    '\u0000',
    '\u007f',
    '"',
    '\\',
    '\ud800',
  ])('stays one line, and a terminal does nothing, with %j in a field', (hostile) => {
    const { logger, lines } = scene();

    logger.write('info', 'x', { topic: `a${hostile}b` });

    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/^[^\p{Cc}\u2028\u2029]+\n$/u);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ topic: `a${hostile}b` });
  });

  it('stays one line for any text in any field', () => {
    const { logger, lines } = scene();
    const text = fc.string({ unit: 'binary' });

    fc.assert(
      fc.property(text, text, (topic, code) => {
        lines.length = 0;

        logger.write('info', 'x', { topic, code, stack: [topic] });

        expect(lines).toHaveLength(1);
        expect(lines[0]).toMatch(/^[^\p{Cc}\u2028\u2029]+\n$/u);
        expect(JSON.parse(lines[0] ?? '')).toMatchObject({ topic, code, stack: [topic] });
      }),
    );
  });
});

describe('errorFields', () => {
  it('tell an error of ours by its code and where it was thrown, never by its message', () => {
    const fields = errorFields(new RelayError('secret-not-set', 'canary'));

    expect(fields).toMatchObject({ errorName: 'RelayError', code: 'secret-not-set' });
    expect(fields.stack?.[0]).toMatch(/^at .*logger\.test\.ts:\d+:\d+\)?$/);
    expect(JSON.stringify(fields)).not.toContain('canary');
  });

  it('tell what caused an error by its name alone', () => {
    const cause = Object.assign(new Error('canary'), { name: 'ThrottlingException' });

    const fields = errorFields(new RelayError('ledger-unavailable', 'canary', { cause }));

    expect(fields).toMatchObject({ code: 'ledger-unavailable', fault: 'ThrottlingException' });
    expect(JSON.stringify(fields)).not.toContain('canary');
  });

  it('leave out a message of several lines, even one that looks like a place in the code', () => {
    const error = new Error('canary\n    at canary\n    at canary (file.ts:1:2)\ncanary');

    const fields = errorFields(error);

    expect(fields.stack?.length).toBeGreaterThan(0);
    expect(JSON.stringify(fields)).not.toContain('canary');
  });

  it.each(['canary at file.ts:1:2', 'x\n    at file.ts:1:2 canary'])(
    'leave out %j, even where the error was given another message since',
    (message) => {
      const error = new Error(message);
      // The first look at a stack makes it, with the message of that moment.
      const { stack } = error;
      error.message = 'other';

      const fields = errorFields(error);

      expect(stack).toContain('canary');
      expect(fields.stack?.length).toBeGreaterThan(0);
      expect(JSON.stringify(fields)).not.toContain('canary');
    },
  );

  it('leave out what V8 adds to the message of a syntax error', () => {
    const caught = (() => {
      try {
        return JSON.parse('canary');
      } catch (error) {
        return error;
      }
    })();

    const fields = errorFields(caught);

    expect(fields.errorName).toBe('SyntaxError');
    expect(JSON.stringify(fields)).not.toContain('canary');
  });

  it('hold at most eight places', () => {
    const deep = (levels: number): Error => (levels === 0 ? new Error('x') : deep(levels - 1));

    const fields = errorFields(deep(20));

    expect(fields.stack).toHaveLength(8);
  });

  it('manage without a stack and without a usable code', () => {
    const error = Object.assign(new Error('canary'), { code: 7 });
    delete error.stack;

    const fields = errorFields(error);

    expect(fields).toEqual({ errorName: 'Error' });
  });

  it.each([['canary'], [undefined], [null], [{ message: 'canary' }]])(
    'tell %o by its type only',
    (thrown) => {
      const fields = errorFields(thrown);

      expect(fields).toEqual({ errorName: typeof thrown });
    },
  );
});
