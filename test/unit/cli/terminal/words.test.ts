import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import type { LoadedCommand } from '../../../../cli/command.ts';
import { dlqLs } from '../../../../cli/dlq/ls.ts';
import { sendText } from '../../../../cli/send/send.ts';
import { status } from '../../../../cli/status/status.ts';
import { tail } from '../../../../cli/tail/tail.ts';
import {
  ageInWords,
  durationInWords,
  parseDuration,
  typedDuration,
} from '../../../../cli/terminal/duration.ts';
import { readDuration } from '../../../../cli/terminal/option-values.ts';
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
    ['90s', 90_000],
    ['0.5s', 500],
    ['10m', 600_000],
    ['5min', 300_000],
    [' 10 min ', 600_000],
    ['1.5h', 5_400_000],
    ['1.001s', 1001],
    ['2d', 172_800_000],
    ['0s', 0],
  ])('%s is %d ms', (text, durationMs) => {
    expect(parseDuration(text)).toBe(durationMs);
  });

  it.each(['', '10', 'm', '.5h', '1.h', '-1h', '10 weeks', '1h30m', '1e3s', '5mins'])(
    '"%s" is none',
    (text) => {
      expect(parseDuration(text)).toBeUndefined();
    },
  );

  it.each(['5w', 'soon'])('is asked for by what it is like where an option has "%s"', (text) => {
    const read = () => readDuration(text);

    expect(read).toThrow('Give a number and a unit, such as 90s, 10m, 4h or 2d.');
  });

  it.each([
    [500, '0.5s'],
    [90_000, '90s'],
    [1_800_000, '30m'],
    [5_400_000, '90m'],
    [172_800_000, '2d'],
  ])('is written again for %d ms as %s', (durationMs, text) => {
    expect(typedDuration(durationMs)).toBe(text);
    expect(parseDuration(text)).toBe(durationMs);
  });

  it.each([
    ['relay dlq', dlqLs, ['--older-than', '5min']],
    ['relay tail', tail, ['--since', '5min']],
    ['relay status', status, ['--since', '5min']],
    ['relay send', sendText, ['--to', '+15555555555', '--text', 'x', '--limit', '5min']],
  ] as const)('is the same for %s', async (_, command, typed) => {
    const options = await optionsOf(command, typed);

    expect(Object.values(options)).toContain(300_000);
  });
});

/** What a command's options come to. */
async function optionsOf(command: LoadedCommand, typed: readonly string[]): Promise<object> {
  const program = new Command().exitOverride();
  command.attach(program, () => {
    throw new Error('Only the options are wanted.');
  });
  await program.parseAsync(typed, { from: 'user' }).catch(() => {});
  return program.opts();
}

describe('a table', () => {
  it('aligns words to the left and numbers to the right, whatever their style', () => {
    const text = table(
      ['code', 'count'],
      [
        ['\u001b[31mexpired\u001b[39m', 3],
        ['outcome-unknown', 412],
      ],
    );

    expect(text).toEqual([
      'code             count',
      '\u001b[31mexpired\u001b[39m              3',
      'outcome-unknown    412',
    ]);
  });

  it('has no row that a line feed in a cell has made', () => {
    const text = table(
      ['id', 'code'],
      [
        ['a\nforged', 'expired'],
        ['\u001b[2Jb', 'expired'],
      ],
    );

    expect(text).toEqual([
      'id             code',
      String.raw`a\u000aforged  expired`,
      String.raw`\u001b[2Jb     expired`,
    ]);
  });

  it('has as many rows as a queue has letters', () => {
    const text = table(
      ['id', 'code'],
      Array.from({ length: 200_000 }, (_, index) => [`order-${index}`, 'expired']),
    );

    expect(text).toHaveLength(200_001);
    expect(text[1]).toBe('order-0       expired');
  });

  it('has its headers even without rows', () => {
    expect(table(['code', 'count'], [])).toEqual(['code  count']);
  });
});
