import { describe, expect, it } from 'vitest';
import { openingProblems, openStageWarning, recipientsOf } from '../../../resources/recipients.ts';

const number = '+15555555555';

describe('A stage without onlyTo', () => {
  it('is warned of, with the two lines that name somebody', () => {
    const open = openStageWarning('dev', recipientsOf(''));

    expect(open?.finding).toBe('The stage dev sends to everybody, and Connectly has no sandbox.');
    expect(open?.remedy.endsWith("\n  dev:\n    onlyTo: '+15555555555'")).toBe(true);
  });

  it.each([
    ['prod', ''],
    ['local', ''],
    ['dev', '*'],
    ['dev', number],
  ])('is not warned of where it is meant or harms nobody: %s with "%s"', (stage, onlyTo) => {
    expect(openStageWarning(stage, recipientsOf(onlyTo))).toBeUndefined();
  });
});

describe('A deployment', () => {
  it('that would let a stage with recipients send to everybody is refused, prod as well', () => {
    for (const stage of ['dev', 'prod']) {
      const problems = openingProblems({ stage, deployed: number, next: '' });

      expect(problems).toEqual([
        expect.stringContaining(`onlyTo is not set, but the deployed stage ${stage} has one`),
      ]);
    }
  });

  it.each([
    ['names others', number, '+15550000000'],
    ['names everybody on purpose', number, '*'],
    ['is the first', undefined, ''],
    ['changes nothing for a stage that is open', '', ''],
    ['changes nothing for a stage that is open on purpose', '*', ''],
  ])('that %s may go on', (_, deployed, next) => {
    expect(openingProblems({ stage: 'dev', deployed, next })).toEqual([]);
  });
});

describe('Who a stage sends to', () => {
  it.each([
    ['', 'unset'],
    ['*', 'everybody'],
    [number, 'named'],
  ])('is said by onlyTo: "%s" is %s', (onlyTo, recipients) => {
    expect(recipientsOf(onlyTo)).toBe(recipients);
  });
});
