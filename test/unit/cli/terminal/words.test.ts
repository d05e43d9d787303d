import { describe, expect, it } from 'vitest';
import { ageInWords, durationInWords, parseDuration } from '../../../../cli/terminal/duration.ts';
import { table } from '../../../../cli/terminal/table.ts';

describe('a duration in words', () => {
  it.each([
    [0, '0 s'],
    [0.4, '0 s'],
    [-3, '0 s'],
    [59.6, '1 min'],
    [250, '4 min 10 s'],
    [3600, '1 h'],
    [3605, '1 h'],
    [2 * 86_400 + 3 * 3600 + 59, '2 d 3 h'],
    [86_400 + 120, '1 d'],
  ])('of %d s is "%s"', (seconds, expected) => {
    expect(durationInWords(seconds)).toBe(expected);
  });

  it('says on which side of now a time lies', () => {
    const words = [ageInWords(0, 90_000), ageInWords(90_000, 0)];

    expect(words).toEqual(['1 min 30 s ago', 'in 1 min 30 s']);
  });
});

describe('a duration as it is typed', () => {
  it.each([
    ['90s', 90],
    ['10m', 600],
    ['10 min', 600],
    ['4h', 14_400],
    ['2d', 172_800],
    ['0s', 0],
  ])('%s is %d s', (text, seconds) => {
    expect(parseDuration(text)).toBe(seconds);
  });

  it.each(['', '10', 'm', '1.5h', '-1h', '10 weeks', '1h30m'])('"%s" is none', (text) => {
    expect(parseDuration(text)).toBeUndefined();
  });
});

describe('a table', () => {
  it('aligns words to the left and numbers to the right, whatever their style', () => {
    const text = table(
      ['code', 'count'],
      [
        ['\u001b[31mexpired\u001b[39m', 3],
        ['outcome-unknown', 412],
      ],
    );

    expect(text).toBe(
      ['code             count', '\u001b[31mexpired\u001b[39m              3', 'outcome-unknown    412'].join(
        '\n',
      ),
    );
  });

  it('has no row that a line feed in a cell has made', () => {
    const text = table(
      ['id', 'code'],
      [
        ['a\nforged', 'expired'],
        ['\u001b[2Jb', 'expired'],
      ],
    );

    expect(text.split('\n')).toEqual([
      'id             code',
      String.raw`a\u000aforged  expired`,
      String.raw`\u001b[2Jb     expired`,
    ]);
  });

  it('has its headers even without rows', () => {
    expect(table(['code', 'count'], [])).toBe('code  count');
  });
});
