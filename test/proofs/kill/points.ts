/** The policies that the figures are about. */
export const policies = ['hold', 'resend'] as const;

export type Policy = (typeof policies)[number];

/** The six points at which a worker dies. The last one is `going back` to the queue where nothing is ever parked. */
export const points = [
  'received, not claimed',
  'claimed, not requested',
  'requested, not answered',
  'answered, not recorded',
  'recorded, not acknowledged',
  'parking or going back',
] as const;

export type Point = (typeof points)[number];

/** A call of a worker to AWS, by what it means for the one message that it is about. */
export type Moment = 'claim' | 'park' | 'hide' | 'sent' | 'unknown' | 'yield' | 'retry';

/** When the fake Connectly has the request, too. */
export type Trigger =
  /** The worker dies before its call reaches AWS, or after AWS has done what it asks and before it hears of it. */
  | { readonly on: Moment; readonly when: 'before' | 'after' }
  /** The worker dies with its request at Connectly, which never answers. */
  | { readonly on: 'request'; readonly accepted: boolean };

/** One way to die at a point. */
export interface Death {
  readonly point: Point;
  readonly trigger: Trigger;
  /** Whether Connectly has to reset the request first: only then is there something to park. */
  readonly afterUnclearRequest: boolean;
}

const common: readonly Death[] = [
  death('received, not claimed', { on: 'claim', when: 'before' }),
  death('claimed, not requested', { on: 'claim', when: 'after' }),
  death('requested, not answered', { on: 'request', accepted: true }),
  death('requested, not answered', { on: 'request', accepted: false }),
  death('answered, not recorded', { on: 'sent', when: 'before' }),
  death('recorded, not acknowledged', { on: 'sent', when: 'after' }),
];

/** Every way to die under a policy. */
export const deaths: Readonly<Record<Policy, readonly Death[]>> = {
  hold: [
    ...common,
    unclear('recorded, not acknowledged', { on: 'unknown', when: 'after' }),
    unclear('parking or going back', { on: 'park', when: 'before' }),
    unclear('parking or going back', { on: 'park', when: 'after' }),
    unclear('parking or going back', { on: 'unknown', when: 'before' }),
  ],
  resend: [
    ...common,
    unclear('recorded, not acknowledged', { on: 'yield', when: 'after' }),
    unclear('parking or going back', { on: 'hide', when: 'before' }),
    unclear('parking or going back', { on: 'hide', when: 'after' }),
    unclear('parking or going back', { on: 'yield', when: 'before' }),
  ],
};

function death(point: Point, trigger: Trigger): Death {
  return { point, trigger, afterUnclearRequest: false };
}

function unclear(point: Point, trigger: Trigger): Death {
  return { point, trigger, afterUnclearRequest: true };
}
