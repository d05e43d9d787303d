import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { missesIn } from '../harness/figures.ts';
import { buildShipped } from '../harness/shipped.ts';
import { readStage } from '../sends/stage.ts';
import { defects } from './defects.ts';
import { plant } from './plant-defects.ts';
import { runScene } from './scenes.ts';

const projectRoot = fileURLToPath(new URL('../../..', import.meta.url));
const seed = 20_261_122;

test.each([
  'webhook-documented-throttled',
  'webhook-hurried-throttled',
  'webhook-outage',
  'key-cold-start',
] as const)('Nothing is lost and no door stays open in the scene %s', { timeout: 60_000 }, async (scene) => {
  const [stage, shipped] = await Promise.all([readStage(projectRoot), buildShipped(projectRoot)]);

  const { figures } = await runScene(scene, { shipped, stage, rotations: 1, seed });

  expect(figures.length).toBeGreaterThan(5);
  expect(missesIn(scene, figures)).toEqual([]);
});

test.each(defects.filter(({ scene }) => scene === 'webhook-hurried' || scene === 'webhook-outage'))(
  'A webhook that $name misses a figure',
  { timeout: 60_000 },
  async (defect) => {
    const { misses } = await plant(defect, { rotations: 1, seed, projectRoot });

    expect(misses).not.toEqual([]);
  },
);

test('Every planted defect still has its place in the sources', { timeout: 60_000 }, async () => {
  const built = await Promise.all(defects.map(({ changes }) => buildShipped(projectRoot, changes)));

  expect(built).toHaveLength(defects.length);
});
