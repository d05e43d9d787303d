import { type Figure, none } from '../harness/figures.ts';
import type { KillReport } from './run-kills.ts';

export function figuresOf(report: KillReport): readonly Figure[] {
  const { policy, kills, wantedKills, otherDeadLetters } = report;
  return [
    { name: 'kills', value: kills, atLeast: wantedKills },
    none('lost', report.lost.length),
    none('still on a queue', report.unsettled),
    ...(policy === 'hold' ? [none('duplicates', report.duplicates)] : []),
    none('duplicates without an unclear attempt', report.unexplainedDuplicates),
    none('outcome-unknown without an unclear attempt', report.unexplainedUnknowns),
    ...(policy === 'resend' ? [none('outcome-unknown', report.outcomeUnknown)] : []),
    ...Object.entries(otherDeadLetters).map(([reason, count]) =>
      none(`dead letters with the reason ${reason}`, count),
    ),
  ];
}
