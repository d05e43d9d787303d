import { missesIn } from '../harness/figures.ts';
import type { Proof } from '../harness/proof.ts';
import { seedsAndParts } from '../harness/run-proof.ts';
import { defects } from './defects.ts';
import { buildHandlers } from './handlers.ts';
import { type Part, parts, runPart } from './run-part.ts';

export const batches: Proof<'batches' | 'invocations', Part> = {
  parts: { option: 'part', values: parts },
  async *runs({ counts, projectRoot, ...options }) {
    const built = await buildHandlers(projectRoot);
    for (const { seed, part, where } of seedsAndParts(options))
      yield { where, ...(await runPart(built, { part, counts, seed })) };
  },
  defects,
  async plant({ where: part = 'handlers', changes }, { counts, seed, projectRoot }) {
    const { figures } = await runPart(await buildHandlers(projectRoot, changes), { part, counts, seed });
    return missesIn(part, figures);
  },
};
