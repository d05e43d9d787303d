import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { buildShipped } from '../harness/shipped.ts';
import { defects } from './defects.ts';
import { plant } from './plant-defects.ts';
import { simulate } from './simulate.ts';
import { readStage } from './stage.ts';
import { missesOf } from './verdict.ts';

const projectRoot = fileURLToPath(new URL('../../..', import.meta.url));
const seed = 20_261_122;
const [stage, shipped] = await Promise.all([readStage(projectRoot), buildShipped(projectRoot)]);

test.each(['hold', 'settle', 'resend'] as const)(
  'Under %s, every message is where the promise says, whatever fails around it',
  { timeout: 120_000 },
  async (policy) => {
    const report = await simulate({ shipped, stage, messages: 400, policy, seed, harshness: 3 });

    expect(missesOf(report)).toEqual([]);
    expect(report.unclearInjected).toBeGreaterThan(0);
    expect(report.accepted).toBeGreaterThan(300);
  },
);

test('The same seed gives the same run', { timeout: 120_000 }, async () => {
  const simulation = { shipped, stage, messages: 150, policy: 'hold', seed } as const;

  const [one, other] = [await simulate(simulation), await simulate(simulation)];

  expect(other).toEqual(one);
});

const noticed = new Set([
  'acknowledges an unclear send without parking a copy',
  'puts a copy nowhere and says that it is there',
  'takes the null that AWS sends for a value',
]);

test.each(defects.filter(({ name }) => noticed.has(name)))(
  'A relay that $name breaks a promise',
  { timeout: 120_000 },
  async (defect) => {
    const { misses } = await plant(defect, { messages: 300, seed, projectRoot });

    expect(misses).not.toEqual([]);
  },
);

test('Every planted defect still has its place in the sources', { timeout: 120_000 }, async () => {
  const built = await Promise.all(defects.map(({ changes }) => buildShipped(projectRoot, changes)));

  expect(built).toHaveLength(defects.length);
});
