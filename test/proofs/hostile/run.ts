import { dirname, join } from 'node:path';
import { formatFigure, formatVerdict } from '../harness/figures.ts';
import { runPlanted } from '../harness/planted.ts';
import { runSuite, type SuiteOptions } from '../harness/suite.ts';
import { defects, noDefect } from './defects.ts';
import { figuresOf, type HostileReport, missesOf, runHostile } from './hostile-run.ts';
import { plant } from './plant-defects.ts';
import { scaledDeadlineMs } from './run-cases.ts';
import { buildSender } from './sender.ts';

/** The runner gives the program's own path, wherever its bundle lies. */
const projectRoot = join(dirname(process.argv[1] ?? ''), '../../..');

const suite = {
  script: 'hostile',
  purpose: `
Lets servers on this machine do to the shipped sender what no server should: redirects, answers that drip, never end,
break off after every byte or are none at all. Holds what it makes of them against an independent oracle. Ends with 1
when an answer is misjudged, a deadline is not kept, memory grows or a byte reaches another host.
`,
  counts: { answers: { meaning: 'made up at random, with each seed', usual: 5_000, planted: 200 } },
};

type Options = SuiteOptions<keyof typeof suite.counts>;

await runSuite(suite, (options) =>
  options.planted
    ? runPlanted(options, [noDefect, ...defects], (defect, seed) =>
        plant(defect, { answers: options.counts.answers, seed, projectRoot }),
      )
    : runAll(options),
);

async function runAll({ counts: { answers }, seeds, json }: Options): Promise<boolean> {
  const startedAt = performance.now();
  const built = await buildSender(projectRoot);
  const report = await runHostile(built, { answers, cutEveryBytes: 1, seeds });
  await built.remove();
  const tookSeconds = Math.round((performance.now() - startedAt) / 1_000);
  const misses = missesOf(report);
  const figures = figuresOf(report);
  process.stdout.write(
    json
      ? `${JSON.stringify({ seeds, tookSeconds, report, figures, misses }, null, 2)}\n`
      : `${format(report, tookSeconds)}${formatVerdict(misses)}`,
  );
  return misses.length === 0;
}

function format(report: HostileReport, tookSeconds: number): string {
  const { groups, endlessBytes } = report;
  const lines = [
    `${groups.reduce((sum, { cases }) => sum + cases, 0)} cases in ${tookSeconds} s; what only the deadline ends is given ${scaledDeadlineMs} ms, all else the deployed deadline`,
    ...groups.map(({ name, cases, lookedAtAgain }) => {
      const again = lookedAtAgain === 0 ? '' : `, ${lookedAtAgain} looked at again`;
      return `  ${name}: ${cases}${again}`;
    }),
    `  of the answers without an end, their servers were rid of ${Math.round(endlessBytes / 2 ** 20)} MiB`,
    ...figuresOf(report).map(formatFigure),
  ];
  return `${lines.join('\n')}\n`;
}
