import { dirname, join } from 'node:path';
import { startAwsProxy } from './aws-proxy.ts';
import { type Options, readOptions, usage } from './options.ts';
import { type PlantedReport, plantAll } from './planted-defects.ts';
import { points } from './points.ts';
import { type KillReport, runKills } from './run-kills.ts';
import { copyScaledDown, type ScaledProject, scaledText } from './scaled-project.ts';
import { missesOf } from './verdict.ts';

/** The runner gives the program's own path, wherever its bundle lies. */
const projectRoot = join(dirname(process.argv[1] ?? ''), '../..');

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
  // Before anything can go wrong: without its seed a run cannot be repeated.
  process.stderr.write(`seeds: ${options.seeds.join(', ')}; ${scaledText}\n`);
  const proxy = await startAwsProxy();
  let project: ScaledProject | undefined;
  try {
    project = await copyScaledDown(projectRoot, proxy.port);
    return await (options.planted ? runPlanted : runAll)(options, { project, proxy });
  } finally {
    await project?.remove();
    await proxy.close();
  }
}

type Bench = Parameters<typeof plantAll>[0]['bench'];

async function runAll({ kills, policies, seeds, json }: Options, bench: Bench): Promise<number> {
  const reports: KillReport[] = [];
  for (const policy of policies) {
    for (const [index, seed] of seeds.entries()) {
      const share = Math.floor(kills / seeds.length) + (index < kills % seeds.length ? 1 : 0);
      const report = await runKills({ ...bench, policy, seed, kills: share, onProgress: tell });
      reports.push(report);
      if (!json) process.stdout.write(formatReport(report));
    }
  }
  const misses = reports.flatMap(missesOf);
  if (json)
    process.stdout.write(`${JSON.stringify({ seeds, scaled: scaledText, reports, misses }, null, 2)}\n`);
  else process.stdout.write(misses.length === 0 ? '\nEvery figure is met.\n' : `\n${misses.join('\n')}\n`);
  return misses.length === 0 ? 0 : 1;
}

function tell(kills: number): void {
  if (kills % 100 === 0) process.stderr.write(`${kills} kills\n`);
}

function formatReport(report: KillReport): string {
  const { policy, seed, kills, byPoint, messages, twins, accepted, duplicates, lost, outcomeUnknown } =
    report;
  const others = Object.entries(report.otherDeadLetters).map(([reason, count]) => `, ${count} ${reason}`);
  const lines = [
    `\n${policy}, seed ${seed}: ${kills} kills of real processes in ${Math.round(report.seconds)} s (${report.invocationsKilled} invocations ended by SIGKILL, ${report.unclearAttempts} attempts with an unclear end)`,
    ...points.map((point) => `  ${String(byPoint[point] ?? 0).padStart(5)}  ${point}`),
    `  ${messages} messages, ${twins} of them queued twice; ${accepted} accepted, ${duplicates} duplicates (${report.unexplainedDuplicates} without an unclear attempt)`,
    `  ${lost.length} lost, ${report.unsettled} unsettled; in the DLQ: ${outcomeUnknown} outcome-unknown${others.join('')}`,
  ];
  return `${lines.join('\n')}\n`;
}

async function runPlanted({ kills, seeds, json }: Options, bench: Bench): Promise<number> {
  const reports: PlantedReport[] = [];
  for (const seed of seeds) {
    reports.push(
      ...(await plantAll({ bench, kills, seed }, (report) => {
        if (!json) process.stdout.write(formatPlanted(report, seed));
      })),
    );
  }
  if (json) process.stdout.write(`${JSON.stringify({ seeds, scaled: scaledText, reports }, null, 2)}\n`);
  return reports.every(({ isAsExpected }) => isAsExpected) ? 0 : 1;
}

function formatPlanted({ defect, policy, kills, misses, isAsExpected }: PlantedReport, seed: number): string {
  const found = misses.length === 0 ? 'no figure missed' : misses.join('; ');
  return `${isAsExpected ? 'ok    ' : 'WRONG '} ${defect} (${policy}, seed ${seed}, ${kills} kills): ${found}\n`;
}

function optionsOrProblem(): Options | string | undefined {
  try {
    return readOptions(process.argv.slice(2));
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

process.exitCode = await main();
