import { type Figure, none } from '../harness/figures.ts';
import { points } from './points.ts';
import type { KillReport } from './run-kills.ts';

export function figuresOf(report: KillReport): readonly Figure[] {
  const { policy, kills, wantedKills, otherDeadLetters } = report;
  return [
    { name: 'kills', value: kills, atLeast: wantedKills },
    {
      name: 'fewest kills at one of the points',
      value: Math.min(...points.map((point) => report.byPoint[point] ?? 0)),
      atLeast: Math.floor(wantedKills / points.length),
    },
    { name: 'invocations that ended by SIGKILL', value: report.invocationsKilled, atLeast: kills },
    {
      name: 'invocations of settle-send that ended by SIGKILL',
      value: report.settlersKilled,
      atLeast: report.wantedSettlerKills,
    },
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
