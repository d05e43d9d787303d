import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { fixedSeed, plantedCount } from './harness/options.ts';
import { changedText } from './harness/planted-changes.ts';
import { plantingsOf, plantOne } from './harness/run-proof.ts';
import { proofs } from './index.ts';
import { docsTables, withTables } from './tables.ts';

const projectRoot = fileURLToPath(new URL('../..', import.meta.url));
const loaded = await Promise.all(
  proofs.map(async (entry) => [entry.name, { ...entry, proof: await entry.load() }] as const),
);

describe.each(loaded.filter(([, { proof }]) => proof.defects.length > 0))('%s', (_, { counts, proof }) => {
  const small = Object.fromEntries(
    Object.entries(counts).map(([name, count]) => [name, plantedCount(count)]),
  );
  const plantings = plantingsOf(proof).map(
    (defect) =>
      [[defect.where, defect.name].filter((part) => part !== undefined).join(': '), defect] as const,
  );

  it.each(plantings)('is as it must be with %s', { timeout: 600_000 }, async (_name, defect) => {
    const verdict = await plantOne(proof, defect, { counts: small, seed: fixedSeed, projectRoot });

    expect(verdict.isAsExpected, verdict.misses.join('\n')).toBe(true);
  });
});

describe('The table of the proofs', () => {
  it('has defects that all fit the sources', async () => {
    const changes = loaded.flatMap(([, { proof }]) => proof.defects.flatMap(({ changes: own = [] }) => own));

    const planted = changes.map(async (change) =>
      changedText(await readFile(projectRoot + change.file, 'utf8'), change),
    );
    const stale = (await Promise.allSettled(planted)).filter(({ status }) => status === 'rejected');

    expect(stale).toEqual([]);
  });

  it('is what docs/reliability.md says: after a change, npm run docs:proofs', async () => {
    const docs = await readFile(`${projectRoot}docs/reliability.md`, 'utf8');

    const renewed = withTables(docs, docsTables(proofs));

    expect(docs).toBe(renewed);
  });
});
