import { formatCounts, missesIn } from '../harness/figures.ts';
import type { Change } from '../harness/planted-changes.ts';
import type { Proof } from '../harness/proof.ts';
import { seedsAndParts } from '../harness/run-proof.ts';
import { startAwsProxy } from './aws-proxy.ts';
import { defects } from './defects.ts';
import { type Policy, points, policies } from './points.ts';
import { type KillOptions, type KillReport, runKills } from './run-kills.ts';
import { copyScaledDown, scaledText } from './scaled-project.ts';
import { figuresOf } from './verdict.ts';

export const kill: Proof<'kills', Policy> = {
  parts: { option: 'policy', values: policies },
  async *runs({ counts: { kills }, projectRoot, ...options }) {
    for (const { seed, part: policy, where } of seedsAndParts(options)) {
      const report = await runIn(projectRoot, [], { policy, seed, kills, onProgress: tell });
      yield { where, figures: figuresOf(report), details: detailsOf(report), report };
    }
  },
  defects,
  async plant(
    { where: policy = 'hold', changes = [], shows = '' },
    { counts: { kills }, seed, projectRoot },
  ) {
    const options = { policy, kills, underWay: 40, patienceMs: 20_000 };
    let misses: readonly string[] = [];
    // What a defect needs to show is a matter of luck among real processes: it has several rounds.
    for (let round = 0; round < (changes.length === 0 ? 1 : mostRounds); round += 1) {
      const report = await runIn(projectRoot, changes, { ...options, seed: seed + round });
      misses = missesIn(policy, figuresOf(report));
      if (misses.some((miss) => miss.includes(shows))) break;
    }
    return misses;
  },
};

const mostRounds = 5;

async function runIn(
  projectRoot: string,
  changes: readonly Change[],
  options: Omit<KillOptions, 'project' | 'proxies'>,
): Promise<KillReport> {
  const [sender, settler] = await Promise.all([startAwsProxy(), startAwsProxy()]);
  try {
    const ports = { sender: sender.port, settler: settler.port };
    const project = await copyScaledDown(projectRoot, ports, changes);
    try {
      return await runKills({ project, proxies: { sender, settler }, ...options });
    } finally {
      await project.remove();
    }
  } finally {
    await Promise.all([sender.close(), settler.close()]);
  }
}

function tell(kills: number): void {
  if (kills % 100 === 0) process.stderr.write(`${kills} kills\n`);
}

function detailsOf(report: KillReport): readonly string[] {
  const {
    kills,
    settlersKilled,
    settlersByCall,
    byPoint,
    messages,
    twins,
    accepted,
    duplicates,
    lost,
    outcomeUnknown,
  } = report;
  const others = Object.entries(report.otherDeadLetters).map(([reason, count]) => `, ${count} ${reason}`);
  return [
    scaledText,
    `${kills} kills of real processes (${report.invocationsKilled} invocations ended by SIGKILL, ${report.unclearAttempts} attempts with an unclear end)`,
    ...(settlersKilled === 0
      ? []
      : [`${settlersKilled} kills of settle-send besides: ${formatCounts(settlersByCall)}`]),
    ...points.map((point) => `${String(byPoint[point] ?? 0).padStart(5)}  ${point}`),
    `${messages} messages, ${twins} of them queued twice; ${accepted} accepted, ${duplicates} duplicates (${report.unexplainedDuplicates} without an unclear attempt)`,
    `${lost.length} lost, ${report.unsettled} unsettled; in the DLQ: ${outcomeUnknown} outcome-unknown${others.join('')}`,
    ...lost.slice(0, 5).map((id) => `lost: ${id}`),
  ];
}
