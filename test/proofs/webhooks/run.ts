import { dirname, join } from 'node:path';
import { formatFigure, formatVerdict } from '../harness/figures.ts';
import { runPlanted } from '../harness/planted.ts';
import { buildShipped } from '../harness/shipped.ts';
import { runSuite, type SuiteOptions } from '../harness/suite.ts';
import { readStage } from '../sends/stage.ts';
import { controls, defects, plant } from './defects.ts';
import { figuresOf, missesOf, type Report, simulate } from './simulate.ts';

/** The runner gives the program's own path, wherever its bundle lies. */
const projectRoot = join(dirname(process.argv[1] ?? ''), '../../..');

const suite = {
  script: 'simulate:webhooks',
  purpose: `
Posts events to the shipped webhook in virtual time, while queue, secret, environments and replies fail, and holds what
is on the events queue against what was acknowledged. Ends with 1 when a promise is broken.
`,
  counts: { events: { meaning: 'with each seed', usual: 100_000, planted: 5_000 } },
};

type Options = SuiteOptions<keyof typeof suite.counts>;

await runSuite(suite, (options) =>
  options.planted
    ? runPlanted(options, [...controls, ...defects], (defect, seed) =>
        plant(defect, { events: options.counts.events, seed, projectRoot }),
      )
    : runEvents(options),
);

async function runEvents({ counts: { events }, seeds, json }: Options): Promise<boolean> {
  const [stage, shipped] = await Promise.all([readStage(projectRoot), buildShipped(projectRoot)]);
  const runs = [];
  const misses: string[] = [];
  for (const seed of seeds) {
    const startedAt = performance.now();
    const report = await simulate({ shipped, stage, events, seed });
    const tookSeconds = Math.round((performance.now() - startedAt) / 1_000);
    misses.push(...missesOf(report).map((miss) => `seed ${seed}, ${miss}`));
    runs.push({ seed, tookSeconds, report, figures: figuresOf(report) });
    if (!json) process.stdout.write(formatRun(report, seed, tookSeconds));
  }
  process.stdout.write(
    json ? `${JSON.stringify({ seeds, runs, misses }, null, 2)}\n` : formatVerdict(misses),
  );
  return misses.length === 0;
}

function formatRun(report: Report, seed: number, tookSeconds: number): string {
  const { events, requests, acknowledged, copies, byStatus, injected, canaries } = report;
  const lines = [
    `\nseed ${seed}: ${events} events in ${requests} requests, ${acknowledged} acknowledged, ${copies} copies, in ${tookSeconds} s`,
    `  answers: ${JSON.stringify(byStatus)}`,
    `  injected: ${JSON.stringify(injected)}`,
    ...figuresOf(report).map(formatFigure),
    ...canaries.map((hit) => `  ${hit}`),
  ];
  return `${lines.join('\n')}\n`;
}
