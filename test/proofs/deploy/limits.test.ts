import { expect, it } from 'vitest';
import { checkLimits, isRefused, type Limit } from './limits.ts';
import { createReport } from './report.ts';

const plain = { aws: async () => null, queueUrl: (name: string) => name, zip: async () => '' };

async function check(isSo: Limit['isSo']) {
  const lines: string[] = [];
  const report = createReport('moto', (line) => lines.push(line));
  await checkLimits(report, [{ limit: 'keeps nothing', instead: 'a test holds it', isSo }], plain);
  return { lines, counts: report.counts() };
}

it('A limit of an emulator is told with what stands in for it', async () => {
  const { lines, counts } = await check(async () => true);

  expect(lines).toEqual(['  instead moto      it keeps nothing: a test holds it']);
  expect(counts).toMatchObject({ failed: 0, substitutions: 1 });
});

it('A limit that is none any more fails, so that its exception goes', async () => {
  const { lines, counts } = await check(async () => false);

  expect(lines.at(-1)).toContain('It works now: delete the exception.');
  expect(counts.failed).toBe(1);
});

it('A call that is refused for another reason proves no limit', async () => {
  const refused = isRefused(Promise.reject(new Error('no such host')), /not supported/);

  await expect(refused).rejects.toThrow('no such host');
});
