import { describe, expect, it } from 'vitest';
import { missesIn } from '../harness/figures.ts';
import { points } from './points.ts';
import type { KillReport } from './run-kills.ts';
import { figuresOf } from './verdict.ts';

const good: KillReport = {
  policy: 'hold',
  seed: 7,
  kills: 12,
  wantedKills: 12,
  byPoint: Object.fromEntries(points.map((point) => [point, 2])),
  invocationsKilled: 12,
  settlersKilled: 3,
  wantedSettlerKills: 3,
  settlersByCall: {},
  messages: 30,
  twins: 3,
  accepted: 28,
  duplicates: 0,
  unexplainedDuplicates: 0,
  outcomeUnknown: 2,
  unexplainedUnknowns: 0,
  unclearAttempts: 5,
  otherDeadLetters: {},
  lost: [],
  unsettled: 0,
  seconds: 1,
};

const missesOf = (report: KillReport) => missesIn('run', figuresOf(report));

describe('The verdict on a run', () => {
  it('has nothing against one that kept its promise', () => {
    const misses = missesOf(good);

    expect(misses).toEqual([]);
  });

  it.each<[string, Partial<KillReport>]>([
    ['kills is 12, must be at least 13', { wantedKills: 13 }],
    ['fewest kills at one of the points is 0, must be at least 2', { byPoint: { [points[0]]: 12 } }],
    ['invocations that ended by SIGKILL is 11, must be at least 12', { invocationsKilled: 11 }],
    ['invocations of settle-send that ended by SIGKILL is 2, must be at least 3', { settlersKilled: 2 }],
    ['lost is 1, must be at most 0', { lost: ['kill-1'] }],
    ['still on a queue is 1, must be at most 0', { unsettled: 1 }],
    ['duplicates is 1, must be at most 0', { duplicates: 1 }],
    [
      'duplicates without an unclear attempt is 2, must be at most 0',
      { policy: 'resend', unexplainedDuplicates: 2 },
    ],
    ['outcome-unknown without an unclear attempt is 1, must be at most 0', { unexplainedUnknowns: 1 }],
    ['dead letters with the reason expired is 3, must be at most 0', { otherDeadLetters: { expired: 3 } }],
  ])('says "%s"', (miss, changes) => {
    const report = { ...good, outcomeUnknown: 0, ...changes };

    const misses = missesOf(report);

    expect(misses).toEqual([`run: ${miss}`]);
  });

  it('allows explained duplicates under "resend", and nothing of unknown outcome', () => {
    const misses = missesOf({ ...good, policy: 'resend', duplicates: 5 });

    expect(misses).toEqual(['run: outcome-unknown is 2, must be at most 0']);
  });
});
