import { fileURLToPath } from 'node:url';
import { describe, expect, it, test } from 'vitest';
import { buildShipped } from '../harness/shipped.ts';
import { readStage } from '../sends/stage.ts';
import { controls, defects, plant } from './defects.ts';
import { sceneNamed } from './scenes.ts';
import { simulate } from './simulate.ts';
import { missesOf } from './verdict.ts';

/** Whole rounds of batches for both environments, and enough for trouble to come while there is work left. */
const messages = 6_000;

const seed = 20_261_122;
const projectRoot = fileURLToPath(new URL('../../..', import.meta.url));
const [stage, shipped] = await Promise.all([readStage(projectRoot), buildShipped(projectRoot)]);

describe('in virtual time, the shipped sender reaches every goal', { timeout: 60_000 }, () => {
  it.each([
    ['healthy-160', messages],
    ['healthy-200', messages],
    ['slow', messages],
    ['errors-10-minutes', messages],
    ['refused-connections-10-minutes', messages],
    ['silence-10-minutes', messages],
    // At the beginning the limit is not known; in fewer messages the share of 429s would be too large.
    ['hard-limit', 2 * messages],
    ['bursts-of-429', 2 * messages],
  ])('%s', async (name, count) => {
    const scene = sceneNamed(name);

    const report = await simulate({ shipped, stage, messages: count, seed, scene });

    expect(missesOf(scene, report, stage)).toEqual([]);
    expect(report.accepted).toBeGreaterThan(0.97 * count);
  });
});

test('the same seed gives the same run', { timeout: 60_000 }, async () => {
  const simulation = { shipped, stage, messages, seed, scene: sceneNamed('errors-10-minutes') };

  const [one, other] = [await simulate(simulation), await simulate(simulation)];

  expect(other).toEqual(one);
});

describe('the simulation can fail', { timeout: 60_000 }, () => {
  const notable = new Set([
    'saves up tokens while nothing waits, and starts with a burst',
    'refills the slots that failures left',
    'takes a server that is down for a message that is wrong',
    'reports no message of a batch as failed',
  ]);

  it.each(defects.filter(({ name }) => notable.has(name)))(
    'a sender that $name misses a goal',
    async (defect) => {
      const report = await plant(defect, { messages, seed, projectRoot });

      expect(report.misses).not.toEqual([]);
      expect(report.isAsExpected).toBe(true);
    },
  );

  it.each(controls.slice(0, 1))(
    'a sender built in the same way, without a defect, misses none',
    async (control) => {
      const report = await plant(control, { messages, seed, projectRoot });

      expect(report).toMatchObject({ misses: [], isAsExpected: true });
    },
  );

  it('is called in question when no trouble was met', async () => {
    const scene = sceneNamed('errors-10-minutes');

    const report = await simulate({ shipped, stage, messages: 1_000, seed, scene });

    expect(missesOf(scene, report, stage)).toEqual([
      'errors-10-minutes: requests that met the trouble is 0, must be at least 1',
    ]);
  });

  it('has a place for every planted defect in the sources', async () => {
    const built = await Promise.all(defects.map(({ changes }) => buildShipped(projectRoot, changes)));

    expect(built).toHaveLength(defects.length);
  });
});
