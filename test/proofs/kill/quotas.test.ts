import { describe, expect, it } from 'vitest';
import { createRandom } from '../fuzz/random.ts';
import { deaths, type Policy, points } from './points.ts';
import { createQuotas } from './quotas.ts';

function killAll(kills: number, policy: Policy) {
  const quotas = createQuotas(kills, policy, createRandom(7, 1));
  const died = [];
  for (let death = quotas.next(); death !== undefined; death = quotas.next()) {
    quotas.planned(death);
    quotas.died(death);
    died.push(death);
  }
  return { quotas, died };
}

describe('The quotas of a run', () => {
  it.each(['hold', 'resend'] as const)(
    'spread the kills over the points and every way to die, for "%s"',
    (policy) => {
      const { quotas, died } = killAll(74, policy);

      expect(Object.values(quotas.byPoint())).toEqual([13, 13, 12, 12, 12, 12]);
      expect(new Set(died)).toEqual(new Set(deaths[policy]));
    },
  );

  it('want a death again that was planned and did not come, or that was survived', () => {
    const quotas = createQuotas(6, 'hold', createRandom(7, 1));
    const planned = points.map(() => {
      const death = quotas.next();
      if (death !== undefined) quotas.planned(death);
      return death;
    });
    const [dropped, survived, ...others] = planned.filter((death) => death !== undefined);

    for (const death of others) quotas.died(death);
    if (dropped !== undefined) quotas.dropped(dropped);
    if (survived !== undefined) {
      quotas.died(survived);
      quotas.survived(survived);
    }

    expect(new Set(planned.map((death) => death?.point))).toEqual(new Set(points));
    expect(Object.values(quotas.byPoint()).filter((count) => count === 1)).toHaveLength(4);
    expect([dropped?.point, survived?.point]).toContain(quotas.next()?.point);
  });
});
