import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { createDispatcher } from '../../../lib/delivery/dispatcher.ts';
import { defects } from './broken-dispatchers.ts';
import { readOptions } from './options.ts';
import { plantDefect, plantNothing } from './plant-defects.ts';
import { findScene, type Scene } from './scenes.ts';
import { simulate } from './simulate.ts';
import { missesOf } from './verdict.ts';

/** Whole rounds of batches for both environments, and enough for trouble to come while there is work left. */
const messages = 6_000;

const seed = 20_261_122;
const projectRoot = fileURLToPath(new URL('../../..', import.meta.url));

function scene(name: string): Scene {
  const found = findScene(name);
  if (found === undefined) throw new Error(`There is no scene ${name}.`);
  return found;
}

describe('in virtual time, the dispatcher reaches every goal', () => {
  it.each([
    'healthy-160',
    'healthy-200',
    'slow',
    'errors-10-minutes',
    'refused-connections-10-minutes',
    'silence-10-minutes',
  ])('%s', async (name) => {
    const { vendor, ratePerSecond } = scene(name);

    const report = await simulate({ messages, seed, vendor, ratePerSecond, createDispatcher });

    expect(missesOf(scene(name), report)).toEqual([]);
  });

  // At the beginning the limit is not known; in fewer messages the share of 429s would be too large.
  it.each(['hard-limit', 'bursts-of-429'])('%s', async (name) => {
    const { vendor, ratePerSecond } = scene(name);

    const report = await simulate({ messages: 2 * messages, seed, vendor, ratePerSecond, createDispatcher });

    expect(missesOf(scene(name), report)).toEqual([]);
  });
});

describe('the simulation can fail', () => {
  const notable = [
    'saves up tokens while nothing waits, and starts with a burst',
    'does not slow down on 429',
    'refills the slots that failures left',
    'never opens its breaker',
  ];

  it.each(notable)('a dispatcher that %s misses a goal', async (name) => {
    const defect = defects.find((each) => each.name === name);
    if (defect === undefined) throw new Error(`There is no defect "${name}".`);

    const report = await plantDefect(defect, { messages, seed, projectRoot });

    expect(report.misses).not.toEqual([]);
    expect(report.isAsExpected).toBe(true);
  });

  it('a dispatcher built in the same way, without a defect, misses none', async () => {
    const report = await plantNothing(scene('healthy-160'), { messages, seed, projectRoot });

    expect(report).toMatchObject({ misses: [], isAsExpected: true });
  });
});

describe('the options of the simulation', () => {
  it('are a fixed and a random seed, 100,000 messages and every scene, unless told otherwise', () => {
    const options = readOptions([]);

    expect(options).toMatchObject({ messages: 100_000, planted: false, json: false });
    expect(options?.seeds[0]).toBe(seed);
    expect(options?.seeds).toHaveLength(2);
    expect(options?.scenes).toHaveLength(12);
  });

  it('name scenes, a seed and a number of messages', () => {
    const options = readOptions([
      '--scene',
      'slow',
      '--scene',
      'hard-limit',
      '--seed',
      '7',
      '--messages',
      '10',
    ]);

    expect(options?.scenes.map(({ name }) => name)).toEqual(['slow', 'hard-limit']);
    expect(options).toMatchObject({ seeds: [7], messages: 10 });
  });

  it.each([['--scene', 'none'], ['--seed', 'x'], ['--messages', '-1'], ['--typo']])(
    'are refused when they make no sense: %s %s',
    (...given) => {
      const read = () => readOptions(given);

      expect(read).toThrow();
    },
  );
});
