import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { fixedSeed, plantedCount } from './harness/options.ts';
import { changedText } from './harness/planted-changes.ts';
import type { ProofEntry } from './harness/proof.ts';
import { isControl, plantingsOf, plantOne } from './harness/run-proof.ts';
import { proofs } from './index.ts';
import { docsTables, withTables } from './tables.ts';

const projectRoot = fileURLToPath(new URL('../..', import.meta.url));
const loaded = await Promise.all(
  proofs.map(async (entry) => [entry.name, { ...entry, proof: await entry.load() }] as const),
);

function smallCounts(counts: ProofEntry['counts']): Readonly<Record<string, number>> {
  return Object.fromEntries(Object.entries(counts).map(([name, count]) => [name, plantedCount(count)]));
}

describe.each(loaded.filter(([, { proof }]) => proof.defects.length > 0))('%s', (_, { counts, proof }) => {
  const plantings = plantingsOf(proof).map(
    (defect) =>
      [[defect.where, defect.name].filter((part) => part !== undefined).join(': '), defect] as const,
  );

  it.each(plantings)('is as it must be with %s', { timeout: 600_000 }, async (_name, defect) => {
    const verdict = await plantOne(proof, defect, {
      counts: smallCounts(counts),
      seed: fixedSeed,
      projectRoot,
    });

    expect(verdict.isAsExpected, verdict.misses.join('\n')).toBe(true);
  });
});

it.each(
  // Real processes, unlike these, never run twice in the same way.
  loaded.filter(([name]) => ['sends', 'rate'].includes(name)),
)('A run of %s can be repeated by its seed', { timeout: 600_000 }, async (_name, { counts, proof }) => {
  const defect = proof.defects.find((one) => !isControl(one));
  if (defect === undefined) throw new Error('there is nothing to plant');
  const options = { counts: smallCounts(counts), seed: 7, projectRoot };

  const [one, other] = [await plantOne(proof, defect, options), await plantOne(proof, defect, options)];

  expect(one.misses).not.toEqual([]);
  expect(other).toEqual(one);
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
