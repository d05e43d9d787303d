import { dirname, join } from 'node:path';
import { formatFigure, formatVerdict, missesIn } from '../harness/figures.ts';
import { runPlanted } from '../harness/planted.ts';
import { buildShipped } from '../harness/shipped.ts';
import { runSuite, type SuiteOptions } from '../harness/suite.ts';
import { defects } from './defects.ts';
import { controls, plant } from './plant-defects.ts';
import { type CanaryReport, figuresOf, paths, runPaths } from './run-paths.ts';

/** The runner gives the program's own path, wherever its bundle lies. */
const projectRoot = join(dirname(process.argv[1] ?? ''), '../../..');

/** Examples that are printed. */
const mostExamples = 20;

const suite = {
  script: 'canaries',
  purpose: `
Takes every path through the functions as they are deployed, each time with a phone number, a text, a name, a key,
secrets, a signature and words of Connectly's that occur nowhere else, and searches all that is written on the way for
them: output, metrics, errors, answers, attributes on the queues, the ledger. Ends with 1 when one is found, or when a
path was not taken.
`,
  counts: {
    runs: { meaning: 'with each seed', usual: 10_000, planted: paths.length, atLeast: paths.length },
  },
};

type Options = SuiteOptions<keyof typeof suite.counts>;

await runSuite(suite, (options) =>
  options.planted
    ? runPlanted(options, [...controls, ...defects], (defect, seed) =>
        plant(defect, { runs: options.counts.runs, seed, projectRoot }),
      )
    : search(options),
);

async function search({ counts: { runs }, seeds, json }: Options): Promise<boolean> {
  const shipped = await buildShipped(projectRoot);
  const found = [];
  const misses: string[] = [];
  for (const seed of seeds) {
    const startedAt = performance.now();
    const report = await runPaths({ shipped, runs, seed });
    const tookSeconds = Math.round((performance.now() - startedAt) / 1_000);
    misses.push(...missesIn(`seed ${seed}`, figuresOf(report)));
    found.push({ seed, tookSeconds, report });
    if (!json) process.stdout.write(format(report, seed, tookSeconds));
  }
  process.stdout.write(
    json ? `${JSON.stringify({ seeds, found, misses }, null, 2)}\n` : formatVerdict(misses),
  );
  return misses.length === 0;
}

function format(report: CanaryReport, seed: number, tookSeconds: number): string {
  const { runs, searched, taken, astray, hits } = report;
  const lines = [
    `\nseed ${seed}: ${runs} runs of ${paths.length} paths, ${searched} pieces searched, in ${tookSeconds} s`,
    ...Object.entries(taken).map(([name, times]) => `  ${String(times).padStart(5)} x ${name}`),
    ...figuresOf(report).map(formatFigure),
    ...[...hits, ...astray].slice(0, mostExamples).map((example) => `  ${example}`),
  ];
  return `${lines.join('\n')}\n`;
}
