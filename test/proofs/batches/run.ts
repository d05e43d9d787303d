import { missesIn } from '../harness/figures.ts';
import type { Proof } from '../harness/proof.ts';
import { seedsAndParts } from '../harness/run-proof.ts';
import { buildShipped } from '../harness/shipped.ts';
import { defects } from './defects.ts';
import { type Part, parts, runPart } from './run-part.ts';

export const batches: Proof<'batches' | 'invocations', Part> = {
  parts: { option: 'part', values: parts },
  async *runs({ counts, projectRoot, ...options }) {
    const shipped = await buildShipped(projectRoot);
    for (const { seed, part, where } of seedsAndParts(options))
      yield { where, ...(await runPart(shipped, { part, counts, seed })) };
  },
  defects,
  async plant({ where: part = 'handlers', changes }, { counts, seed, projectRoot }) {
    const shipped = await buildShipped(projectRoot, changes);
    const { figures } = await runPart(shipped, { part, counts, seed });
    return missesIn(part, figures);
  },
};
