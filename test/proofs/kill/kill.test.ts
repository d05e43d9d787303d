import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { patienceMs } from '../../support/waiting.ts';
import { type AwsProxy, startAwsProxy } from './aws-proxy.ts';
import { defects, plant } from './planted-defects.ts';
import { points } from './points.ts';
import { runKills } from './run-kills.ts';
import { copyScaledDown, type ScaledProject } from './scaled-project.ts';
import { missesOf } from './verdict.ts';

const projectRoot = fileURLToPath(new URL('../../..', import.meta.url));

let proxy: AwsProxy;
let project: ScaledProject;

beforeAll(async () => {
  proxy = await startAwsProxy();
  project = await copyScaledDown(projectRoot, proxy.port);
}, patienceMs);

afterAll(async () => {
  await project.remove();
  await proxy.close();
});

describe('Workers that are killed twice at each of six points', { timeout: 2 * patienceMs }, () => {
  it.each(['hold', 'resend'] as const)('keep the promise of "%s"', async (policy) => {
    const bench = { project, proxy, underWay: 24 };

    const report = await runKills({ ...bench, policy, seed: 7, kills: 12 });

    expect(missesOf(report)).toEqual([]);
    expect(report.byPoint).toEqual(Object.fromEntries(points.map((point) => [point, 2])));
    expect(report.invocationsKilled).toBe(12);
    expect(report.accepted).toBeGreaterThan(0);
  });
});

describe('Functions that skip the claim', { timeout: 2 * patienceMs }, () => {
  it.each(defects.filter(({ name }) => name.startsWith('skips the claim')))('are noticed', async (defect) => {
    const report = await plant(defect, { bench: { project, proxy }, kills: 6, seed: 7 });

    expect(report.misses.join()).toContain('duplicates, must be 0');
    expect(report.isAsExpected).toBe(true);
  });
});
