import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { formatFigure, formatVerdict, rounded } from '../harness/figures.ts';
import { runPlanted } from '../harness/planted.ts';
import { buildShipped } from '../harness/shipped.ts';
import { runSuite, type SuiteOptions } from '../harness/suite.ts';
import { readStage, type Stage } from '../sends/stage.ts';
import { controls, defects, plant } from './defects.ts';
import { isWorker, type Run, runJobs, serveJobs } from './run-scenes.ts';
import { rateOf, requestsPerMessage, sceneNamed, scenes } from './scenes.ts';
import { figuresOf, missesOf } from './verdict.ts';

/** The runner gives the program's own path, wherever its bundle lies; workers are told where they belong. */
const projectRoot = isWorker ? process.cwd() : join(dirname(process.argv[1] ?? ''), '../../..');

const suite = {
  script: 'simulate:rate',
  purpose: `
Sends messages through queue, mapping and the shipped sender to a scripted Connectly in virtual time, and holds what came
of it against the goals: the rate that is reached, and what an outage wastes. Ends with 1 when one is missed.
`,
  // Fewer are sent before any trouble begins, or are too few to learn a limit from.
  counts: { messages: { meaning: 'in each scene', usual: 100_000, planted: 10_000, atLeast: 10_000 } },
  choice: { name: 'scene', values: scenes.map(({ name }) => name) },
};

type Options = SuiteOptions<keyof typeof suite.counts>;

if (isWorker) serveJobs(await buildShipped(projectRoot), await readStage(projectRoot));
else await runSuite(suite, run);

async function run(options: Options): Promise<boolean> {
  const stage = await readStage(projectRoot);
  if (!options.planted) return runScenes(options, stage);
  const planted = [...controls, ...defects].filter(({ scene }) => options.chosen.includes(scene));
  return runPlanted(options, planted, (defect, seed) =>
    plant(defect, { messages: options.counts.messages, seed, projectRoot }),
  );
}

async function runScenes(
  { counts: { messages }, chosen, seeds, json }: Options,
  stage: Stage,
): Promise<boolean> {
  const startedAt = performance.now();
  const runs: Run[] = [];
  const misses: string[] = [];
  const jobs = seeds.flatMap((seed) => chosen.map((scene) => ({ scene, seed, messages })));
  await runJobs(jobs, { program: fileURLToPath(import.meta.url), cwd: projectRoot }, (done) => {
    runs.push(done);
    misses.push(
      ...missesOf(sceneNamed(done.scene), done.report, stage).map((miss) => `seed ${done.seed}, ${miss}`),
    );
    if (!json) process.stdout.write(formatRun(done, stage));
  });
  const tookSeconds = (performance.now() - startedAt) / 1_000;
  if (json) process.stdout.write(`${JSON.stringify({ seeds, tookSeconds, runs, misses }, null, 2)}\n`);
  else process.stdout.write(`${formatTimes(runs, seeds, tookSeconds)}${formatVerdict(misses)}`);
  return misses.length === 0;
}

function formatRun(done: Run, stage: Stage): string {
  const { scene, seed, report, cpuSeconds } = done;
  const lines = [
    `\n${scene}, seed ${seed}: ${report.messages} messages in ${Math.round(report.seconds)} s, ${rounded(rateOf(report))} a second`,
    `  ${report.requests} requests, ${report.reads} probes, ${rounded(requestsPerMessage(report))} per message; ${report.answered429} x 429; ${report.unclear} unclear`,
    `  ${report.invocations} invocations; ${report.receives} receives, at most ${report.mostReceives} of a message; at most ${report.mostInFlight} in flight; simulated in ${rounded(cpuSeconds)} s of a processor`,
    ...figuresOf(sceneNamed(scene), report, stage).map(formatFigure),
  ];
  return `${lines.join('\n')}\n`;
}

function formatTimes(runs: readonly Run[], seeds: readonly number[], tookSeconds: number): string {
  const ofSeeds = seeds.map((seed) => {
    const own = runs.filter((done) => done.seed === seed);
    return `seed ${seed} ${Math.round(own.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0))} s`;
  });
  return `\nSimulated in ${Math.round(tookSeconds)} s; of a processor: ${ofSeeds.join(', ')}.\n`;
}
