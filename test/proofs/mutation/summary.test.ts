import { describe, expect, it } from 'vitest';
import { reportSchema, scorePercent, summarize } from './summary.ts';

const source = 'const one = 1;\n  if (a &&\n      b) return;\n';
const mutant = (status: string, rest: object) => ({
  mutatorName: 'ConditionalExpression',
  replacement: 'true',
  status,
  location: { start: { line: 2, column: 7 }, end: { line: 3, column: 8 } },
  ...rest,
});
const report = reportSchema.parse({
  files: {
    'lib/webhook/a.ts': {
      source,
      mutants: [mutant('Survived', {}), mutant('Killed', {}), mutant('Timeout', {})],
    },
    'lib/webhook/b.ts': {
      source,
      mutants: [mutant('NoCoverage', { replacement: 'false' }), mutant('Ignored', {})],
    },
  },
});
const explanation = {
  file: 'lib/webhook/a.ts',
  line: 'if (a &&',
  original: 'a && b',
  replacement: 'true',
  reason: 'It is the same.',
};

describe('the summary of a mutation run', () => {
  it('counts what was noticed, what was not, and what was left out', () => {
    const { files } = summarize(report, []);

    expect(files).toEqual([
      { file: 'lib/webhook/a.ts', killed: 2, survived: 1, ignored: 0 },
      { file: 'lib/webhook/b.ts', killed: 0, survived: 1, ignored: 1 },
    ]);
    expect(scorePercent(files)).toBe(50);
  });

  it('knows a survivor by its line and by what was replaced', () => {
    const { survivors, stale } = summarize(report, [explanation]);

    expect(survivors).toEqual([
      explanation,
      {
        file: 'lib/webhook/b.ts',
        line: 'if (a &&',
        original: 'a && b',
        replacement: 'false',
        reason: undefined,
      },
    ]);
    expect(stale).toEqual([]);
  });

  it('does not call an explanation stale whose mutant ran out of time: on a busy machine that says nothing', () => {
    const inTime = { ...explanation, file: 'lib/webhook/b.ts', replacement: 'true' };
    const timedOut = { files: { ...report.files } };
    timedOut.files['lib/webhook/b.ts'] = { source, mutants: [mutant('Timeout', {})] };

    const { stale } = summarize(reportSchema.parse(timedOut), [inTime]);

    expect(stale).toEqual([]);
  });

  it.each([
    ['file', 'lib/webhook/c.ts'],
    ['line', 'if (b &&'],
    ['original', 'a || b'],
    ['replacement', 'false'],
  ])('finds an explanation stale whose %s is another', (field, value) => {
    const { survivors, stale } = summarize(report, [{ ...explanation, [field]: value }]);

    expect(survivors.map(({ reason }) => reason)).toEqual([undefined, undefined]);
    expect(stale).toHaveLength(1);
  });
});
