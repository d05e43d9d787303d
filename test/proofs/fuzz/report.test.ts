import { describe, expect, it } from 'vitest';
import { findingNames } from './findings.ts';
import { formatOutcome, type Outcome, problemsOf } from './report.ts';
import { mutationNames } from './requests.ts';

function outcomeWith(changes: Partial<Outcome> = {}): Outcome {
  return {
    seeds: [1, 2],
    requests: {
      report: {
        requests: 1_000_000,
        verdicts: { accept: 400_000, refuse: 600_000 },
        mutations: new Map(mutationNames.map((name) => [name, 5])),
      },
      seconds: 80,
    },
    pairs: { report: { pairs: 10, bodyBits: 1000, headerBits: 3520, headerCharacters: 64 }, seconds: 1 },
    codePoints: { report: { codePoints: 0x110000 }, seconds: 30 },
    broken: [{ name: 'trims', caughtBy: 'forgeries accepted', requests: 3 }],
    stack: undefined,
    counts: new Map(findingNames.map((name) => [name, 0])),
    examples: [],
    ...changes,
  };
}

describe('the figures of a fuzz run', () => {
  it('are in order when nothing was found and every broken receiver was caught', () => {
    const outcome = outcomeWith();

    expect(problemsOf(outcome)).toEqual([]);
    expect(formatOutcome(outcome)).toContain('12,500 a second');
    expect(formatOutcome(outcome)).toContain('All figures are as they must be.');
  });

  it('fail on a single finding, with an example to look into', () => {
    const outcome = outcomeWith({
      counts: new Map([['forgeries accepted', 1]]),
      examples: [{ name: 'forgeries accepted', detail: '--case 1:77 (none)' }],
    });

    expect(problemsOf(outcome)).toEqual(['1 forgeries accepted, must be 0']);
    expect(formatOutcome(outcome)).toContain('forgeries accepted: --case 1:77 (none)');
    expect(formatOutcome(outcome)).toContain('FAILED');
  });

  it('fail when a broken receiver was not caught', () => {
    const outcome = outcomeWith({ broken: [{ name: 'trims', caughtBy: undefined, requests: 9 }] });

    expect(problemsOf(outcome)).toEqual(['a receiver that trims was not caught']);
    expect(formatOutcome(outcome)).toContain('NOT CAUGHT  trims');
  });

  it('fail when a kind of change never came up in a long run, or no request was valid', () => {
    const report = { requests: 1_000_000, verdicts: { accept: 0, refuse: 9 }, mutations: new Map() };
    const outcome = outcomeWith({ requests: { report, seconds: 1 } });

    expect(problemsOf(outcome)).toContain('no request had "none"');
    expect(problemsOf(outcome)).toContain('no request was: accept');
  });
});
