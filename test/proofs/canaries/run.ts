import { missesIn } from '../harness/figures.ts';
import type { Proof } from '../harness/proof.ts';
import { buildShipped } from '../harness/shipped.ts';
import { defects } from './defects.ts';
import { type CanaryReport, figuresOf, paths, runPaths } from './run-paths.ts';

/** Examples that are printed. */
const mostExamples = 20;

export const canaries: Proof<'runs'> = {
  async *runs({ counts: { runs }, seeds, projectRoot }) {
    const shipped = await buildShipped(projectRoot);
    for (const seed of seeds) {
      const report = await runPaths({ shipped, runs, seed });
      yield { where: `seed ${seed}`, figures: figuresOf(report), details: detailsOf(report), report };
    }
  },
  defects,
  async plant({ changes }, { counts: { runs }, seed, projectRoot }) {
    const shipped = await buildShipped(projectRoot, changes);
    const report = await runPaths({ shipped, runs, seed });
    return missesIn('canaries', figuresOf(report));
  },
};

function detailsOf({ runs, searched, taken, astray, hits }: CanaryReport): readonly string[] {
  return [
    `${runs} runs of ${paths.length} paths, ${searched} pieces searched`,
    ...Object.entries(taken).map(([name, times]) => `${String(times).padStart(5)} x ${name}`),
    ...[...hits, ...astray].slice(0, mostExamples),
  ];
}
