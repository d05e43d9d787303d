import type { Sign } from '../outcome.ts';
import type { Verdict } from './gate.ts';

type Verdicts = Readonly<Record<Sign, Verdict>>;

const onBusiness: Verdicts = {
  well: 'good',
  throttled: 'bad',
  failing: 'bad',
  'turned-down': 'bad',
  'refuses-business': 'bad',
  'refuses-stage': 'nothing',
  nothing: 'nothing',
};

/** That one message or one business is turned down says nothing about all, but is an answer. */
const onStage: Verdicts = {
  ...onBusiness,
  throttled: 'good',
  'turned-down': 'nothing',
  'refuses-business': 'nothing',
  'refuses-stage': 'bad',
};

/** What an outcome says to the gate whose trial it ended. */
export const verdictOnTrial = { business: onBusiness, stage: onStage } as const;

/** A probe asks for a sign of life. A key that is refused is that of Connectly, and none of its business. */
export const verdictOnProbe = {
  business: { ...onBusiness, throttled: 'good', 'refuses-business': 'nothing', nothing: 'bad' },
  stage: {
    ...onStage,
    'refuses-business': 'good',
    'refuses-stage': 'nothing',
    'turned-down': 'bad',
    nothing: 'bad',
  },
} as const satisfies Readonly<Record<keyof typeof verdictOnTrial, Verdicts>>;
