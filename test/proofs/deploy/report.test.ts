import { describe, expect, it } from 'vitest';
import { createReport } from './report.ts';

describe('The report of the deploy test', () => {
  it('counts what holds, what does not, and what was substituted', () => {
    const lines: string[] = [];
    const report = createReport((line) => lines.push(line));

    report.step('A step');
    report.holds('this holds', true);
    report.equal('this is equal', { a: [1] }, { a: [1] });
    report.equal('this is not', 1, 2);
    report.substituted('one thing for another');

    expect(report.counts()).toEqual({ held: 2, failed: 1, substitutions: 1 });
    expect(lines).toEqual([
      '\n1. A step',
      '  ok      this holds',
      '  ok      this is equal',
      '  NOT SO  this is not',
      '          is       1',
      '          should be 2',
      '  instead one thing for another',
    ]);
  });
});
