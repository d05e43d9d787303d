import { describe, expect, it } from 'vitest';
import { readSuiteOptions, usageOf } from './suite.ts';

const suite = {
  script: 'prove',
  purpose: '\nProves something.\n',
  counts: {
    messages: { meaning: 'in each scene', usual: 1_000, planted: 50 },
    extras: { meaning: 'on top', usual: 3, atLeast: 0, atMost: 9 },
  },
  choice: { name: 'scene', values: ['calm', 'storm'] as const },
  others: { case: { takes: '<seed>:<number>', pattern: /^\d+:\d+$/, meaning: 'shows one' } },
};

describe('The options of a suite', () => {
  it('are the usual counts, all there is to choose from, and a fixed and a random seed', () => {
    const [one, other] = [readSuiteOptions(suite, []), readSuiteOptions(suite, [])];

    expect(one).toMatchObject({ counts: { messages: 1_000, extras: 3 }, chosen: ['calm', 'storm'] });
    expect(one).toMatchObject({ planted: false, json: false, others: new Map() });
    expect(one?.seeds).toHaveLength(2);
    expect(one?.seeds[0]).toBe(other?.seeds[0]);
    expect(one?.seeds[1]).not.toBe(other?.seeds[1]);
  });

  it('are smaller counts for planted defects, where the suite has them', () => {
    const options = readSuiteOptions(suite, ['--planted']);

    expect(options).toMatchObject({ planted: true, counts: { messages: 50, extras: 3 } });
  });

  it('can all be given', () => {
    const given = ['--messages', '7', '--extras', '0', '--seed', '1', '--seed', '2', '--scene', 'storm'];

    const options = readSuiteOptions(suite, [...given, '--planted', '--json', '--case', '7:3']);

    expect(options).toEqual({
      counts: { messages: 7, extras: 0 },
      chosen: ['storm'],
      seeds: [1, 2],
      planted: true,
      json: true,
      others: new Map([['case', '7:3']]),
    });
  });

  it('are none when help is asked for', () => {
    const options = readSuiteOptions(suite, ['--help', '--messages', 'many']);

    expect(options).toBeUndefined();
  });

  it('have no seeds where nothing is random', () => {
    const read = () => readSuiteOptions({ ...suite, isRandom: false }, ['--seed', '1']);

    expect(readSuiteOptions({ ...suite, isRandom: false }, [])?.seeds).toEqual([]);
    expect(read).toThrow('--seed');
  });

  it.each([
    ['--messages', 'many', '--messages takes a whole number from 1 to 4294967295, not "many"'],
    ['--messages', '0', '--messages takes a whole number from 1'],
    ['--extras', '10', '--extras takes a whole number from 0 to 9, not "10"'],
    ['--messages', '1.5', '--messages takes'],
    ['--seed', '-1', '--seed takes'],
    ['--seed', '4294967296', '--seed takes'],
    ['--scene', 'fog', '--scene takes calm, storm, not "fog"'],
    ['--case', '7', '--case takes <seed>:<number>, not "7"'],
    ['--typo', '1', '--typo'],
  ])('are refused in plain words: %s %s', (name, value, problem) => {
    const read = () => readSuiteOptions(suite, [`${name}=${value}`]);

    expect(read).toThrow(problem);
  });
});

it('The help of a suite shows every option with what it does when left out', () => {
  const help = usageOf(suite);

  expect(help).toBe(`Usage: npm run prove -- [options]

Proves something.

  --messages <number>     in each scene (default 1000; with --planted 50)
  --extras <number>       on top (default 3)
  --case <seed>:<number>  shows one
  --scene <name>          one instead of all; may be repeated
  --seed <number>         instead of a fixed and a random one; may be repeated
  --planted               plants defects instead, and ends with 1 when one is not noticed
  --json                  the figures as JSON
  --help                  this text

--scene takes: calm, storm
`);
});
