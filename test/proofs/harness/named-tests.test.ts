import { describe, expect, it } from 'vitest';
import { outcomeOf, patternOf, type TestEnd } from './named-tests.ts';

const test = { file: 'test/unit/a.test.ts', title: 'keeps a letter (of SQS)' };

function ended(state: string, ...messages: string[]): readonly TestEnd[] {
  return [
    {
      planted: 'loses it',
      file: test.file,
      fullName: 'a redrive > keeps a letter (of SQS)',
      state,
      messages,
    },
  ];
}

describe('The outcome of a named test', () => {
  it.each([
    ['passed', ended('passed'), 'passed'],
    ['failed', ended('failed', 'AssertionError: expected 1 to be 2'), 'failed'],
    [
      'failed because the code makes no sense',
      ended('failed', 'ReferenceError: x is not defined'),
      'not run',
    ],
    ['hung', ended('failed', 'Error: Test timed out in 5000ms.'), 'not run'],
    ['was left out', ended('skipped'), 'not run'],
    ['was not there', [], 'not run'],
  ])('of one that %s', (_, ends, expected) => {
    expect(outcomeOf(ends, { planted: 'loses it', test })).toBe(expected);
  });

  it('is that with the defect, and in its own file', () => {
    const ends = ended('passed');

    const outcomes = [
      outcomeOf(ends, { planted: 'another', test }),
      outcomeOf(ends, { planted: 'loses it', test: { ...test, file: 'test/unit/b.test.ts' } }),
    ];

    expect(outcomes).toEqual(['not run', 'not run']);
  });

  it('is asked for by a pattern that fits nothing else', () => {
    const pattern = new RegExp(patternOf(test));

    expect(pattern.test('a redrive keeps a letter (of SQS)')).toBe(true);
    expect(pattern.test('a redrive keeps a letter (of SQS) hidden')).toBe(false);
  });
});
