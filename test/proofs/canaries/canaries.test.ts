import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { missesIn } from '../harness/figures.ts';
import { buildShipped } from '../harness/shipped.ts';
import { defects } from './defects.ts';
import { plant } from './plant-defects.ts';
import { figuresOf, paths, runPaths } from './run-paths.ts';

const projectRoot = fileURLToPath(new URL('../../..', import.meta.url));
const seed = 20_261_122;

test('No path writes down anything personal or secret, and every path is taken', {
  timeout: 60_000,
}, async () => {
  const shipped = await buildShipped(projectRoot);

  const report = await runPaths({ shipped, runs: paths.length, seed });

  expect(missesIn('canaries', figuresOf(report))).toEqual([]);
  expect(new Set(Object.values(report.taken))).toEqual(new Set([1]));
});

test('A path that is not taken misses a figure', { timeout: 60_000 }, async () => {
  const shipped = await buildShipped(projectRoot);

  const report = await runPaths({ shipped, runs: paths.length - 1, seed });

  expect(missesIn('canaries', figuresOf(report))).toHaveLength(1);
});

const noticed = new Set([
  'tells contents apart by a hash of the phone number',
  'logs the signature of an event that it refuses',
]);

test.each(defects.filter(({ name }) => noticed.has(name)))(
  'A relay that $name is found out',
  { timeout: 60_000 },
  async (defect) => {
    const { isAsExpected } = await plant(defect, { runs: paths.length, seed, projectRoot });

    expect(isAsExpected).toBe(true);
  },
);

test('Every planted leak still has its place in the sources', { timeout: 60_000 }, async () => {
  const built = await Promise.all(defects.map(({ changes }) => buildShipped(projectRoot, changes)));

  expect(built).toHaveLength(defects.length);
});
