import { dirname, join } from 'node:path';
import { formatVerdict } from '../harness/figures.ts';
import { runPlanted } from '../harness/planted.ts';
import { runSuite, type SuiteOptions } from '../harness/suite.ts';
import { startAwsProxy } from './aws-proxy.ts';
import { controls, defects, type Planting, plant } from './planted-defects.ts';
import { type Policy, points, policies } from './points.ts';
import { type KillReport, runKills } from './run-kills.ts';
import { copyScaledDown, type ScaledProject, scaledText } from './scaled-project.ts';
import { missesOf } from './verdict.ts';

/** The runner gives the program's own path, wherever its bundle lies. */
const projectRoot = join(dirname(process.argv[1] ?? ''), '../../..');

const suite = {
  script: 'kill',
  purpose: `
Runs the built functions on the local stack, kills their processes with SIGKILL at six named points of their work, and
counts what became of every message. Ends with 1 when a figure is not what it must be. Needs Linux.
${scaledText}
`,
  counts: { kills: { meaning: 'of workers, for each policy or defect', usual: 1_000, planted: 60 } },
  choice: { name: 'policy', values: policies },
};

type Options = SuiteOptions<keyof typeof suite.counts, Policy>;

await runSuite(suite, async (options) => {
  process.stderr.write(`${scaledText}\n`);
  const proxy = await startAwsProxy();
  let project: ScaledProject | undefined;
  try {
    project = await copyScaledDown(projectRoot, proxy.port);
    const bench = { project, proxy };
    if (!options.planted) return await runAll(options, bench);
    const { chosen, counts } = options;
    const planted = [...controls, ...defects].filter(({ policy }) => chosen.includes(policy));
    return await runPlanted(options, planted, (defect, seed) =>
      plant(defect, { bench, kills: counts.kills, seed }),
    );
  } finally {
    await project?.remove();
    await proxy.close();
  }
});

/** The kills are shared out among the seeds. */
async function runAll(
  { counts: { kills }, chosen, seeds, json }: Options,
  bench: Planting['bench'],
): Promise<boolean> {
  const reports: KillReport[] = [];
  for (const policy of chosen) {
    for (const [index, seed] of seeds.entries()) {
      const share = Math.floor(kills / seeds.length) + (index < kills % seeds.length ? 1 : 0);
      const report = await runKills({ ...bench, policy, seed, kills: share, onProgress: tell });
      reports.push(report);
      if (!json) process.stdout.write(formatReport(report));
    }
  }
  const misses = reports.flatMap(missesOf);
  process.stdout.write(
    json
      ? `${JSON.stringify({ seeds, scaled: scaledText, reports, misses }, null, 2)}\n`
      : formatVerdict(misses),
  );
  return misses.length === 0;
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
