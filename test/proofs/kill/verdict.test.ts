import { describe, expect, it } from 'vitest';
import type { KillReport } from './run-kills.ts';
import { missesOf } from './verdict.ts';

const good: KillReport = {
  policy: 'hold',
  seed: 7,
  kills: 12,
  wantedKills: 12,
  byPoint: {},
  invocationsKilled: 12,
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

describe('The verdict on a run', () => {
  it('has nothing against one that kept its promise', () => {
    const misses = missesOf(good);

    expect(misses).toEqual([]);
  });

  it.each<[string, Partial<KillReport>]>([
    ['12 kills, must be 13', { wantedKills: 13 }],
    ['1 lost (kill-1), must be 0', { lost: ['kill-1'] }],
    ['1 still on a queue, must be 0', { unsettled: 1 }],
    ['1 duplicates, must be 0', { duplicates: 1 }],
    ['2 duplicates without an unclear attempt, must be 0', { policy: 'resend', unexplainedDuplicates: 2 }],
    ['1 outcome-unknown without an unclear attempt, must be 0', { unexplainedUnknowns: 1 }],
    ['3 dead letters with the reason expired, must be 0', { otherDeadLetters: { expired: 3 } }],
  ])('says "%s"', (miss, changes) => {
    const report = { ...good, outcomeUnknown: 0, ...changes };

    const misses = missesOf(report);

    expect(misses).toEqual([`${report.policy}, seed 7: ${miss}`]);
  });

  it('allows explained duplicates under "resend", and nothing of unknown outcome', () => {
    const misses = missesOf({ ...good, policy: 'resend', duplicates: 5 });

    expect(misses).toEqual(['resend, seed 7: 2 outcome-unknown, must be 0']);
  });
});
