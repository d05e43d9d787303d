import { buildFunctionCode } from '../harness/deployed/function-code.ts';
import { missesIn } from '../harness/figures.ts';
import type { Proof } from '../harness/proof.ts';
import { defects } from './defects.ts';
import { type CanaryReport, figuresOf, paths, runPaths } from './run-paths.ts';

const searched = ['receive-webhook', 'send-message', 'settle-send'] as const;

/** Examples that are printed. */
const mostExamples = 20;

export const canaries: Proof<'runs'> = {
  async *runs({ counts: { runs }, seeds, projectRoot }) {
    const functions = await buildFunctionCode(searched, projectRoot);
    for (const seed of seeds) {
      const report = await runPaths({ functions, runs, seed });
      yield { where: `seed ${seed}`, figures: figuresOf(report), details: detailsOf(report), report };
    }
  },
  defects,
  async plant({ changes }, { counts: { runs }, seed, projectRoot }) {
    const functions = await buildFunctionCode(searched, projectRoot, changes);
    const report = await runPaths({ functions, runs, seed });
    return missesIn('canaries', figuresOf(report));
  },
};

function detailsOf({ runs, searched: pieces, taken, astray, hits }: CanaryReport): readonly string[] {
  return [
    `${runs} runs of ${paths.length} paths, ${pieces} pieces searched`,
    ...Object.entries(taken).map(([name, times]) => `${String(times).padStart(5)} x ${name}`),
    ...[...hits, ...astray].slice(0, mostExamples),
  ];
}
