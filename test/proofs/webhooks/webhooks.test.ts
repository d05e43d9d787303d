import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { buildShipped } from '../harness/shipped.ts';
import { readStage } from '../sends/stage.ts';
import { defects, plant } from './defects.ts';
import { missesOf, simulate } from './simulate.ts';

const projectRoot = fileURLToPath(new URL('../../..', import.meta.url));
const seed = 20_261_122;

test('What Connectly got a 200 for is on the events queue, under one id for each event', {
  timeout: 60_000,
}, async () => {
  const [stage, shipped] = await Promise.all([readStage(projectRoot), buildShipped(projectRoot)]);

  const report = await simulate({ shipped, stage, events: 1_000, seed });

  expect(missesOf(report)).toEqual([]);
  expect(report.acknowledged).toBe(1_000);
  expect(report.copies).toBeGreaterThan(0);
});

test.each(defects)('A webhook that $name breaks a promise', { timeout: 60_000 }, async (defect) => {
  const { misses } = await plant(defect, { events: 1_500, seed, projectRoot });

  expect(misses).not.toEqual([]);
});
