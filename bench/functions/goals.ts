import { type Figure, figureNames } from './figures.ts';
import type { Measurements } from './measure.ts';

/** What a figure shall be at most: the relay's ratio to another one, or its own number. */
export interface Goal {
  readonly of: 'webhook' | 'sender';
  readonly what: string;
  readonly against: 'bare' | 'peer' | 'itself';
  readonly atMost: number;
}

const { loaded, answered, ready, firstAnswer, cpuFirst, cpuOfMessage, toConnectly, bundle, settleBundle } =
  figureNames;

export const goals: readonly Goal[] = [
  { of: 'webhook', what: ready, against: 'bare', atMost: 1.7 },
  { of: 'webhook', what: ready, against: 'peer', atMost: 0.45 },
  { of: 'webhook', what: firstAnswer, against: 'bare', atMost: 2.6 },
  // The same of a start without the runtime client: its own time is in every ratio above.
  { of: 'webhook', what: loaded, against: 'bare', atMost: 1.7 },
  { of: 'webhook', what: loaded, against: 'peer', atMost: 0.45 },
  { of: 'webhook', what: answered, against: 'bare', atMost: 2.6 },
  { of: 'webhook', what: cpuFirst, against: 'peer', atMost: 0.75 },
  { of: 'webhook', what: bundle, against: 'itself', atMost: 190 },
  { of: 'sender', what: cpuOfMessage(10), against: 'peer', atMost: 1 },
  { of: 'sender', what: cpuOfMessage(1_000), against: 'peer', atMost: 0.6 },
  { of: 'sender', what: toConnectly(50), against: 'itself', atMost: 5 },
  { of: 'sender', what: bundle, against: 'itself', atMost: 275 },
  { of: 'sender', what: settleBundle, against: 'itself', atMost: 245 },
];

export interface Judged {
  readonly goal: Goal;
  readonly is: number;
  readonly isReached: boolean;
}

/** Throws for a goal about something that was not measured. */
export function judge(measurements: Pick<Measurements, 'webhook' | 'sender'>): Judged[] {
  return goals.map((goal) => {
    const figure = measurements[goal.of].find(({ what }) => what === goal.what);
    const is = figure && numberOf(figure, goal.against);
    if (is === undefined) throw new Error(`Nothing was measured for the goal "${goal.what}".`);
    return { goal, is, isReached: is <= goal.atMost };
  });
}

function numberOf({ values, ratios }: Figure, against: Goal['against']): number | undefined {
  return against === 'itself' ? values.relay?.median : ratios[against]?.median;
}
