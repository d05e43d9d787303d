import { dirname, join } from 'node:path';
import { formatFigure, formatVerdict } from '../harness/figures.ts';
import { runPlanted } from '../harness/planted.ts';
import { buildShipped, type Shipped } from '../harness/shipped.ts';
import { runSuite, type SuiteOptions } from '../harness/suite.ts';
import { controls, defects } from './defects.ts';
import { runHandlers } from './handler-batches.ts';
import { plant } from './plant-defects.ts';
import { runRunner } from './runner-batches.ts';
import { runShapes } from './shape-batches.ts';
import { runTimes } from './time-left.ts';
import { type BatchReport, figuresOf, missesOf } from './verdict.ts';

/** The runner gives the program's own path, wherever its bundle lies. */
const projectRoot = join(dirname(process.argv[1] ?? ''), '../../..');

const suite = {
  script: 'batches',
  purpose: `
Hands batches to the shipped handlers through queues and mappings in virtual time: records that succeed, fail, throw,
are damaged or stand in a batch twice, responses of every shape, and any time left among slow services. Ends with 1
when a message is gone that nobody has, or something is begun that cannot be finished and written down.
`,
  counts: {
    batches: {
      meaning: 'half to the handlers, half in all shapes of responses',
      usual: 10_000,
      planted: 1_000,
    },
    invocations: { meaning: 'with any time left', usual: 3_000, planted: 400 },
  },
};

type Options = SuiteOptions<keyof typeof suite.counts>;

await runSuite(suite, (options) =>
  options.planted
    ? runPlanted(options, [...controls, ...defects], (defect, seed) =>
        plant(defect, { ...options.counts, seed, projectRoot }),
      )
    : runAll(options),
);

async function runAll({ counts, seeds, json }: Options): Promise<boolean> {
  const shipped = await buildShipped(projectRoot);
  const runs = [];
  const misses: string[] = [];
  for (const seed of seeds) {
    const startedAt = performance.now();
    const report = await runSeed(shipped, counts, seed);
    const tookSeconds = Math.round((performance.now() - startedAt) / 1_000);
    misses.push(...missesOf(`seed ${seed}`, report));
    runs.push({ seed, tookSeconds, report, figures: figuresOf(report) });
    if (!json) process.stdout.write(format(report, seed, tookSeconds));
  }
  process.stdout.write(
    json ? `${JSON.stringify({ seeds, runs, misses }, null, 2)}\n` : formatVerdict(misses),
  );
  return misses.length === 0;
}

type Complete = Required<BatchReport>;

async function runSeed(
  shipped: Shipped,
  { batches, invocations }: Options['counts'],
  seed: number,
): Promise<Complete> {
  const half = Math.ceil(batches / 2);
  return {
    runner: await runRunner(shipped.runBatch, batches, seed),
    shapes: await runShapes(half, seed),
    handlers: await runHandlers(shipped, half, seed),
    times: await runTimes(shipped, invocations, seed),
  };
}

function format(report: Complete, seed: number, tookSeconds: number): string {
  const { runner, shapes, handlers, times } = report;
  const injected = Object.values(handlers.injected).reduce((sum, count) => sum + count, 0);
  const lines = [
    `\nseed ${seed}, in ${tookSeconds} s`,
    `  the runner alone: ${runner.batches} batches, ${runner.records} records`,
    `  shapes of responses: ${Object.keys(shapes.byShape).length} over ${shapes.batches} batches`,
    `  the handlers: ${handlers.batches} batches of up to ${handlers.largestBatch}, ${handlers.records} records of ${handlers.messages} messages, ${handlers.twins} twice in a batch, ${handlers.damaged} damaged, ${injected} faults of ${Object.keys(handlers.injected).length} kinds, ${handlers.deleted} deletions`,
    `  time left: ${times.invocations} invocations, ${times.cutOff} of them cut off, ${times.requests} requests`,
    ...figuresOf(report).map(formatFigure),
  ];
  return `${lines.join('\n')}\n`;
}
