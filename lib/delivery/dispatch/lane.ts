import { createPace, type Pace } from './pace.ts';

/** Two lanes that are throttled within this time, in milliseconds, may have met a limit of what they belong to. */
const togetherMs = 2_000;

/** So many 429s of its lanes, and no good answer between them, are a limit of what they belong to. */
const severalInARow = 5;

/** A part of what is sent that has a pace of its own: a number's, a business's, the stage's. */
export interface Lane {
  readonly pace: Pace;
  /** A request of this lane was answered 429. Returns whether that is news. Time in epoch milliseconds. */
  throttled(now: number): boolean;
  /** A request of this lane was answered, and not with 429. */
  answered(): void;
  /** A lane that belongs to it was throttled. `wasWell`: answered well since it was throttled the last time. */
  throttledBelow(lane: Lane, now: number, wasWell: boolean): void;
}

/**
 * A lane within another one, or the outermost. Where a limit is, no answer says: a 429 slows the innermost lane, and the
 * ones around it only when two of their lanes meet 429s together, between answers that are good. Lanes that meet nothing
 * but 429s have limits of their own, however many they are, unless nobody beside them is answered well. So a number or a
 * business that is over its own limit slows nobody else. Throws a RangeError for a rate that is not above 0.
 */
export function createLane(ratePerSecond: number, around?: Lane): Lane {
  const pace = createPace(ratePerSecond);
  let lastBelow: { readonly lane: Lane; readonly at: number; readonly wasWell: boolean } | undefined;
  let isWell = false;
  let inARow = 0;

  const lane: Lane = {
    pace,
    throttled(now) {
      around?.throttledBelow(lane, now, isWell);
      isWell = false;
      return pace.throttled(now);
    },
    answered() {
      isWell = true;
      inARow = 0;
      pace.answered();
      around?.answered();
    },
    throttledBelow(below, now, wasWell) {
      inARow += 1;
      around?.throttledBelow(lane, now, wasWell);
      const isTogether =
        lastBelow !== undefined && lastBelow.lane !== below && now - lastBelow.at < togetherMs;
      const isShared = inARow >= severalInARow || (wasWell && lastBelow?.wasWell === true);
      lastBelow = { lane: below, at: now, wasWell };
      if (isTogether && isShared) pace.throttled(now);
    },
  };
  return lane;
}
