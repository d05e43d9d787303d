import { describe, expect, it } from 'vitest';
import { expectedSkips, problemsOf, tallyOf } from './skipped-checks.ts';

const skips = Object.entries(expectedSkips).flatMap(([id, count]) =>
  Array.from({ length: count }, () => ({ id, reason: 'a reason' })),
);

describe('The checks that are skipped', () => {
  it('are as many as expected', () => {
    expect(problemsOf(skips)).toEqual([]);
  });

  it('are told by their number and reason', () => {
    const tally = tallyOf([
      { id: 'A', reason: 'one' },
      { id: 'B', reason: 'other' },
      { id: 'A', reason: 'one' },
    ]);

    expect(tally).toEqual([
      { id: 'A', reason: 'one', count: 2 },
      { id: 'B', reason: 'other', count: 1 },
    ]);
  });

  it('show when there is a new one, one more of a known one, or one without a reason', () => {
    expect(problemsOf([...skips, { id: 'CKV_AWS_999', reason: 'new' }])).toEqual([
      'CKV_AWS_999 is skipped 1 times, not 0',
    ]);
    expect(problemsOf([...skips, { id: 'CKV_AWS_27', reason: 'new' }])).toEqual([
      'CKV_AWS_27 is skipped 6 times, not 5',
    ]);
    expect(problemsOf(skips.map((skip, index) => (index === 0 ? { ...skip, reason: '' } : skip)))).toEqual([
      'CKV_AWS_18 is skipped without a reason',
    ]);
  });

  it('show when one is no longer needed', () => {
    const withoutOne = skips.filter(({ id }) => id !== 'CKV_AWS_119');

    expect(problemsOf(withoutOne)).toEqual([
      'CKV_AWS_119 is skipped 0 times, not 1',
      'CKV_AWS_119 is suppressed, and checkov never asks for it',
    ]);
  });
});
