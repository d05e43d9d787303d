import { dirname, join } from 'node:path';
import { type Options, readOptions, usage } from './options.ts';
import { type PlantedReport, plantAll } from './plant-defects.ts';
import { isThread, type Run, runOneSeed, runSeeds, sceneOf } from './run-seeds.ts';
import { rateOf, requestsPerMessage } from './scenes.ts';
import { figuresOf, missesOf, round } from './verdict.ts';

/** The runner gives the program's own path, wherever its bundle lies. */
const projectRoot = join(dirname(process.argv[1] ?? ''), '../../..');

async function main(): Promise<number> {
  const options = optionsOrProblem();
  if (typeof options === 'string') {
    process.stderr.write(`${options}\n\n${usage}`);
    return 2;
  }
  if (options === undefined) {
    process.stdout.write(usage);
    return 0;
  }
  if (isThread) {
    await runOneSeed(options);
    return 0;
  }
  // Before anything can go wrong: without its seed a run cannot be repeated.
  process.stderr.write(`seeds: ${options.seeds.join(', ')}\n`);
  return options.planted ? runPlanted(options) : runScenes(options);
}

async function runScenes(options: Options): Promise<number> {
  const runs: Run[] = [];
  const misses: string[] = [];
  await runSeeds(options, new URL(import.meta.url), (run) => {
    runs.push(run);
    misses.push(...missesOf(sceneOf(run), run.report).map((miss) => `seed ${run.seed}, ${miss}`));
    if (!options.json) process.stdout.write(formatRun(run));
  });
  if (options.json)
    process.stdout.write(`${JSON.stringify({ seeds: options.seeds, runs, misses }, null, 2)}\n`);
  else process.stdout.write(misses.length === 0 ? '\nEvery goal is met.\n' : `\n${misses.join('\n')}\n`);
  const isComplete = runs.length === options.seeds.length * options.scenes.length;
  return isComplete && misses.length === 0 ? 0 : 1;
}

function formatRun(run: Run): string {
  const { report, seed, tookSeconds } = run;
  const lines = [
    `\n${run.scene}, seed ${seed}: ${report.messages} messages in ${Math.round(report.seconds)} s, ${round(rateOf(report))} a second`,
    `  ${report.requests} requests, ${report.reads} probes, ${round(requestsPerMessage(report))} per message; ${report.answered429} x 429; ${report.unclear} unclear`,
    `  ${report.invocations} invocations; at most ${report.mostReceives} receives of a message, ${report.mostInFlight} in flight; simulated in ${Math.round(tookSeconds)} s`,
    ...figuresOf(sceneOf(run), report).map(
      ({ name, value, limit, isMet }) =>
        `  ${isMet ? 'ok    ' : 'MISSED'} ${name}: ${round(value)} (${limit})`,
    ),
  ];
  return `${lines.join('\n')}\n`;
}

async function runPlanted({ messages, seeds, json }: Options): Promise<number> {
  const runs: { readonly seed: number; readonly reports: readonly PlantedReport[] }[] = [];
  for (const seed of seeds) {
    const reports = await plantAll({ messages, seed, projectRoot }, (report) => {
      if (!json) process.stdout.write(formatPlanted(report, seed));
    });
    runs.push({ seed, reports });
  }
  if (json) process.stdout.write(`${JSON.stringify({ runs }, null, 2)}\n`);
  return runs.every(({ reports }) => reports.every(({ isAsExpected }) => isAsExpected)) ? 0 : 1;
}

function formatPlanted({ defect, misses, scene, isAsExpected }: PlantedReport, seed: number): string {
  const found = misses.length === 0 ? 'no figure missed' : misses.join('; ');
  return `${isAsExpected ? 'ok    ' : 'WRONG '} ${defect} (${scene}, seed ${seed}): ${found}\n`;
}

function optionsOrProblem(): Options | string | undefined {
  try {
    return readOptions(process.argv.slice(2));
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

process.exitCode = await main();
