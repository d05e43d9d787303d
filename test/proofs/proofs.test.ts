import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, test } from 'vitest';
import { fixedSeed, plantedCount } from './harness/options.ts';
import { plantingsOf, plantOne } from './harness/run-proof.ts';
import { proofs } from './index.ts';
import { docsTables, withTables } from './tables.ts';

const projectRoot = fileURLToPath(new URL('../..', import.meta.url));
const loaded = await Promise.all(proofs.map(async (entry) => ({ ...entry, proof: await entry.load() })));

describe.each(loaded.filter(({ proof }) => proof.defects.length > 0))(
  'the proof $name',
  ({ counts, proof }) => {
    const small = Object.fromEntries(
      Object.entries(counts).map(([name, count]) => [name, plantedCount(count)]),
    );

    it.each(plantingsOf(proof))(
      'is as expected with: $name ($where)',
      { timeout: 600_000 },
      async (defect) => {
        const { misses, isAsExpected } = await plantOne(proof, defect, {
          counts: small,
          seed: fixedSeed,
          projectRoot,
        });

        expect(isAsExpected, misses.join('\n')).toBe(true);
      },
    );
  },
);

test('docs/reliability.md has the tables of the proofs: after a change, npm run docs:proofs', async () => {
  const docs = await readFile(`${projectRoot}docs/reliability.md`, 'utf8');

  expect(docs).toBe(withTables(docs, docsTables(proofs)));
});
