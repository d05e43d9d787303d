import { describe, expect, it } from 'vitest';
import { readOptions } from '../../kill/options.ts';

describe('The options of the kill run', () => {
  it('are 1,000 kills under each policy, with one fixed seed and one that differs', () => {
    const [first, second] = [readOptions([]), readOptions([])];

    expect(first).toMatchObject({ kills: 1_000, policies: ['hold', 'resend'], planted: false, json: false });
    expect(first?.seeds[0]).toBe(second?.seeds[0]);
    expect(first?.seeds[1]).not.toBe(second?.seeds[1]);
  });

  it('can be chosen, one seed instead of two', () => {
    const options = readOptions(['--kills', '12', '--policy', 'resend', '--seed', '7', '--json']);

    expect(options).toEqual({ kills: 12, policies: ['resend'], seeds: [7], planted: false, json: true });
  });

  it.each([[['--kills', 'many']], [['--policy', 'settle']], [['--seed', '-1']], [['--unknown']]])(
    'refuse %j',
    (programArguments) => {
      const read = () => readOptions(programArguments);

      expect(read).toThrow();
    },
  );

  it('are none when help is asked for', () => {
    const options = readOptions(['--help']);

    expect(options).toBeUndefined();
  });
});
