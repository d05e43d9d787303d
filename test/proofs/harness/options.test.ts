import { describe, expect, it } from 'vitest';
import { readOptions, usageOf } from './options.ts';
import type { Proof, ProofEntry } from './proof.ts';

const proof: Proof = {
  parts: { option: 'scene', values: ['calm', 'storm'] },
  others: {
    case: { value: { form: '<seed>:<number>', pattern: /^\d+:\d+$/ }, meaning: 'shows one' },
    keep: { meaning: 'leaves it up' },
  },
  async *runs() {},
  defects: [{ name: 'forgets', where: 'storm' }],
};
const entry: ProofEntry = {
  name: 'weather',
  does: 'messages through a storm',
  holds: '0 lost',
  drives: 'the sky',
  counts: {
    messages: { meaning: 'in each scene', full: 1_000, ci: 100, planted: 50 },
    extras: { meaning: 'on top', full: 3, ci: 3, atLeast: 0, atMost: 9 },
  },
  load: () => Promise.resolve(proof),
};

const read = (...given: string[]) => readOptions(entry, proof, given, '/project');

describe('The options of a proof', () => {
  it('are the full counts, all of its parts, and a fixed and a random seed', () => {
    const [one, other] = [read(), read()];

    expect(one).toMatchObject({ counts: { messages: 1_000, extras: 3 }, parts: ['calm', 'storm'] });
    expect(one).toMatchObject({ planted: false, json: false, others: new Map(), projectRoot: '/project' });
    expect(one?.seeds).toHaveLength(2);
    expect(one?.seeds[0]).toBe(other?.seeds[0]);
    expect(one?.seeds[1]).not.toBe(other?.seeds[1]);
  });

  it('are smaller counts for CI, and for planted defects', () => {
    const [ci, planted] = [read('--ci'), read('--planted')];

    expect(ci).toMatchObject({ planted: false, counts: { messages: 100, extras: 3 } });
    expect(planted).toMatchObject({ planted: true, counts: { messages: 50, extras: 3 } });
  });

  it('can all be given', () => {
    const given = ['--messages', '7', '--extras', '0', '--seed', '1', '--seed', '2', '--scene', 'storm'];

    const options = read(...given, '--planted', '--defect', 'forgets', '--json', '--case', '7:3', '--keep');

    expect(options).toEqual({
      counts: { messages: 7, extras: 0 },
      parts: ['storm'],
      seeds: [1, 2],
      planted: true,
      defect: 'forgets',
      json: true,
      others: new Map([
        ['case', '7:3'],
        ['keep', ''],
      ]),
      projectRoot: '/project',
    });
  });

  it('plant defects where the proof does nothing else', () => {
    const options = readOptions(entry, { defects: proof.defects }, [], '/project');

    expect(options).toMatchObject({ planted: true, counts: { messages: 50 } });
  });

  it('have no seeds where nothing is random', () => {
    const fixed = { ...entry, isRandom: false };

    const options = readOptions(fixed, proof, [], '/project');

    expect(options?.seeds).toEqual([]);
    expect(() => readOptions(fixed, proof, ['--seed', '1'], '/project')).toThrow('--seed');
  });

  it.each([
    ['--messages', 'many', '--messages takes a whole number from 1 to 4294967295, not "many"'],
    ['--messages', '0', '--messages takes a whole number from 1'],
    ['--extras', '10', '--extras takes a whole number from 0 to 9, not "10"'],
    ['--seed', '4294967296', '--seed takes'],
    ['--scene', 'fog', '--scene takes calm, storm, not "fog"'],
    ['--case', '7', '--case takes <seed>:<number>, not "7"'],
    ['--typo', '1', '--typo'],
  ])('are refused in plain words: %s %s', (name, value, problem) => {
    const reading = () => read(`${name}=${value}`);

    expect(reading).toThrow(problem);
  });

  it('are shown with what each does when left out', () => {
    const help = usageOf(entry, proof);

    expect(read('--help', '--messages', 'many')).toBeUndefined();
    expect(help).toBe(`Usage: npm run prove -- weather [options]

messages through a storm.

What must hold, or it ends with 1: 0 lost.

  --messages <number>     in each scene (default 1000; with --ci 100; with --planted 50)
  --extras <number>       on top (default 3; with --ci 3; with --planted 3)
  --case <seed>:<number>  shows one
  --keep                  leaves it up
  --scene <name>          one of calm, storm; may be repeated
  --seed <number>         instead of a fixed and a random one; may be repeated
  --ci                    the counts of CI
  --planted               plants its 1 defects, and ends with 1 when one is not noticed
  --defect <words>        plants only the defects that have these words in their names
  --json                  the figures as JSON
  --help                  this text
`);
  });
});
