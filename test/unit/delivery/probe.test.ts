import { expect, it } from 'vitest';
import { judge, type Outcome } from '../../../lib/delivery/outcome.ts';
import { createProbe } from '../../../lib/delivery/probe.ts';

it.each<[string, Outcome, boolean]>([
  ['an answer', { kind: 'accepted', vendorId: undefined }, false],
  ['a refusal that is about the request', { kind: 'refused', code: 'connectly-400', message: '' }, false],
  ['a refused key', { kind: 'not-sent', code: 'connectly-401', configurationFault: 'business' }, true],
  ['no key', { kind: 'not-sent', code: 'secret-not-set', configurationFault: 'stage' }, true],
  ['silence', { kind: 'unclear', code: 'no-answer' }, true],
])('a probe that meets %s judges it, and tells of what keeps sending paused', async (_, outcome, isTold) => {
  const asked: string[] = [];
  const told: Outcome[] = [];
  const probe = createProbe(
    {
      ask: async (businessId) => {
        asked.push(businessId);
        return outcome;
      },
    },
    (failed) => told.push(failed),
  );

  const judged = await probe('business-1');

  expect(asked).toEqual(['business-1']);
  expect(judged).toEqual(judge(outcome));
  expect(told).toEqual(isTold ? [outcome] : []);
});
