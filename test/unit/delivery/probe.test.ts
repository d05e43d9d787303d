import { expect, it } from 'vitest';
import type { Outcome } from '../../../lib/delivery/outcome.ts';
import { createProbe } from '../../../lib/delivery/probe.ts';

it.each<[string, Outcome, string, boolean]>([
  ['an answer', { kind: 'accepted', vendorId: undefined }, 'alive', false],
  [
    'a refusal that is about the request',
    { kind: 'refused', code: 'connectly-400', message: '' },
    'alive',
    false,
  ],
  [
    'a refused key',
    { kind: 'not-sent', code: 'connectly-401', configurationFault: 'business' },
    'business-fault',
    true,
  ],
  ['no key', { kind: 'not-sent', code: 'secret-not-set', configurationFault: 'stage' }, 'stage-fault', true],
  ['silence', { kind: 'unclear', code: 'no-answer' }, 'failing', true],
])(
  'a probe that meets %s judges it, and tells of what keeps sending paused',
  async (_, outcome, sign, isTold) => {
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
    expect(judged).toBe(sign);
    expect(told).toEqual(isTold ? [outcome] : []);
  },
);
