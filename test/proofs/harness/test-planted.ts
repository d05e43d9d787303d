import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { proofs } from '../index.ts';
import { fixedSeed, plantedCount } from './options.ts';
import { isControl, plantingsOf, plantOne } from './run-proof.ts';

const projectRoot = fileURLToPath(new URL('../../..', import.meta.url));
const patient = { timeout: 600_000 };

/**
 * Tests that a proof notices each of its planted defects, and nothing without one. Each proof does so in a file of its own:
 * some take the clock of their process. `isVirtual`: whether nothing of it takes place in real time, and a seed says all. That it
 * notices nothing without a defect is then its small run, where that has the same seed and no smaller counts.
 */
export async function testPlanted(
  name: string,
  { isVirtual = false }: { readonly isVirtual?: boolean } = {},
): Promise<void> {
  const entry = proofs.find((one) => one.name === name);
  if (entry === undefined) throw new Error(`There is no proof ${name}.`);
  const proof = await entry.load();
  const counts = Object.fromEntries(
    Object.entries(entry.counts).map(([option, count]) => [option, plantedCount(count)]),
  );
  const hasSmallRun =
    isVirtual && Object.values(entry.counts).every((count) => count.ci >= plantedCount(count));
  const plantings = (hasSmallRun ? proof.defects : plantingsOf(proof)).map((defect) => {
    const { where, name: planted } = defect;
    return [where === undefined ? planted : `${where}: ${planted}`, defect] as const;
  });

  describe(`The proof ${name}`, () => {
    it.each(plantings)('is as it must be with %s', patient, async (_name, defect) => {
      const verdict = await plantOne(proof, defect, { counts, seed: fixedSeed, projectRoot });

      expect(verdict.isAsExpected, verdict.misses.join('\n')).toBe(true);
    });

    if (!isVirtual) return;

    it('has the same run for the same seed', patient, async () => {
      const [, defect] = plantings.find(([, one]) => !isControl(one)) ?? [];
      if (defect === undefined) throw new Error('there is nothing to plant');

      const [one, other] = [
        await plantOne(proof, defect, { counts, seed: 7, projectRoot }),
        await plantOne(proof, defect, { counts, seed: 7, projectRoot }),
      ];

      expect(one.misses).not.toEqual([]);
      expect(other).toEqual(one);
    });
  });
}
