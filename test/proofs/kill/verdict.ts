import type { KillReport } from './run-kills.ts';

/** The figures that a run misses, each as a line; none when it is as promised. */
export function missesOf(report: KillReport): readonly string[] {
  const { policy, kills, wantedKills, lost, unsettled, duplicates, unexplainedDuplicates } = report;
  const misses = [
    kills < wantedKills && `${kills} kills, must be ${wantedKills}`,
    lost.length > 0 && `${lost.length} lost (${lost.slice(0, 5).join(', ')}), must be 0`,
    unsettled > 0 && `${unsettled} still on a queue, must be 0`,
    policy === 'hold' && duplicates > 0 && `${duplicates} duplicates, must be 0`,
    unexplainedDuplicates > 0 && `${unexplainedDuplicates} duplicates without an unclear attempt, must be 0`,
    report.unexplainedUnknowns > 0 &&
      `${report.unexplainedUnknowns} outcome-unknown without an unclear attempt, must be 0`,
    policy === 'resend' && report.outcomeUnknown > 0 && `${report.outcomeUnknown} outcome-unknown, must be 0`,
    ...Object.entries(report.otherDeadLetters).map(
      ([reason, count]) => `${count} dead letters with the reason ${reason}, must be 0`,
    ),
  ];
  return misses.filter((miss) => miss !== false).map((miss) => `${policy}, seed ${report.seed}: ${miss}`);
}
