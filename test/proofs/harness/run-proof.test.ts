import { describe, expect, it } from 'vitest';
import { missesIn } from './figures.ts';
import type { ProveOptions } from './options.ts';
import type { Proof } from './proof.ts';
import { runPlanted, runProof } from './run-proof.ts';

const options: ProveOptions = {
  counts: {},
  parts: ['calm', 'storm'],
  seeds: [7],
  others: new Map(),
  projectRoot: '/project',
  planted: false,
  defect: '',
  json: false,
};

/** A run in each part that loses as many as said; planted, every defect but the harmless one loses one. */
function proofThat(lost: number): Proof {
  return {
    parts: { option: 'scene', values: options.parts },
    async *runs({ parts }) {
      for (const where of parts)
        yield { where, figures: figures(lost), details: ['windy'], report: { lost } };
    },
    defects: [{ name: 'forgets', where: 'storm', shows: 'lost', changes: [forgets] }],
    async plant({ name, changes = [] }) {
      return missesIn(name, figures(changes.includes(forgets) ? 1 : lost));
    },
  };
}

const forgets = { file: 'a.ts', find: 'a', replace: 'b' };
const figures = (lost: number) => [{ name: 'lost', value: lost, atMost: 0 }];

async function printed(run: (print: (text: string) => void) => Promise<boolean>) {
  let text = '';
  const isGood = await run((more) => {
    text += more;
  });
  return { isGood, text };
}

describe('A proof', () => {
  it('holds when every figure of every run is met', async () => {
    const { isGood, text } = await printed((print) => runProof(proofThat(0), options, print));

    expect(isGood).toBe(true);
    expect(text).toBe(
      '\ncalm, in 0 s\n  windy\n  ok     lost: 0 (at most 0)\n\nstorm, in 0 s\n  windy\n  ok     lost: 0 (at most 0)\n\nEvery figure is met.\n',
    );
  });

  it('does not hold when one is missed, or nothing was run', async () => {
    const missed = await printed((print) => runProof(proofThat(2), options, print));
    const nothing = await printed((print) => runProof(proofThat(0), { ...options, parts: [] }, print));

    expect(missed.isGood).toBe(false);
    expect(missed.text).toContain('\ncalm: lost is 2, must be at most 0\n');
    expect(nothing).toEqual({ isGood: false, text: '\nnothing was run\n' });
  });

  it('says all of it as one JSON value when asked to', async () => {
    const { text } = await printed((print) => runProof(proofThat(2), { ...options, json: true }, print));

    expect(JSON.parse(text)).toMatchObject({
      seeds: [7],
      runs: [{ where: 'calm', report: { lost: 2 } }, {}],
    });
  });
});

describe('Planting', () => {
  it('is well when every defect is noticed, and nothing where there is none', async () => {
    const { isGood, text } = await printed((print) => runPlanted(proofThat(0), options, print));

    expect(isGood).toBe(true);
    expect(text).toBe(
      'ok     nothing (storm, seed 7): no figure missed\nok     forgets (storm, seed 7): forgets: lost is 1, must be at most 0\n\n2 of 2 as expected.\n',
    );
  });

  it.each([
    ['a defect is not noticed', { ...proofThat(0), plant: () => Promise.resolve([]) }],
    [
      'a defect shows in another figure',
      { ...proofThat(0), defects: [{ name: 'delays', shows: 'late', changes: [forgets] }] },
    ],
    ['a figure is missed where nothing is planted', proofThat(1)],
    ['no defect is left to plant', { ...proofThat(0), defects: [] }],
  ])('is not well when %s', async (_, proof) => {
    const { isGood } = await printed((print) => runPlanted(proof, options, print));

    expect(isGood).toBe(false);
  });
});
