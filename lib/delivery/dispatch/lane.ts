import { createPace, type Pace } from './pace.ts';

/** Two lanes that are throttled within this time, in milliseconds, have met a limit of what they belong to. */
const togetherMs = 2_000;

/** A part of what is sent that has a pace of its own: a number's, a business's, the stage's. */
export interface Lane {
  readonly pace: Pace;
  /** A request of this lane was answered 429. Returns whether that is news. Time in epoch milliseconds. */
  throttled(now: number): boolean;
  /** A request of this lane was answered, and not with 429. */
  answered(): void;
  /** One of the lanes that belong to it was throttled. */
  throttledBelow(lane: Lane, now: number): void;
}

/**
 * A lane within another one, or the outermost. Where a limit is, no answer says: a 429 slows the innermost lane, and the
 * one around it only when two of its lanes meet 429s together. So one number or one business that is over its own limit
 * slows nobody else. Throws a RangeError for a rate that is not above 0.
 */
export function createLane(ratePerSecond: number, around?: Lane): Lane {
  const pace = createPace(ratePerSecond);
  let lastBelow: { readonly lane: Lane; readonly at: number } | undefined;

  const lane: Lane = {
    pace,
    throttled(now) {
      around?.throttledBelow(lane, now);
      return pace.throttled(now);
    },
    answered() {
      pace.answered();
      around?.answered();
    },
    throttledBelow(below, now) {
      const isTogether =
        lastBelow !== undefined && lastBelow.lane !== below && now - lastBelow.at < togetherMs;
      lastBelow = { lane: below, at: now };
      if (isTogether) lane.throttled(now);
    },
  };
  return lane;
}
