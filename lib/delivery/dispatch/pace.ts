/** What one 429 leaves of the rate. Several that come together are one piece of news: at most one cut in this time. */
const cutFactor = 0.7;
const cutEveryMs = 2_000;

/** The rate never falls below this share of the configured one, or it would take too long to see that things are better. */
const lowestShare = 1 / 20;

/**
 * How much every answered request adds to a rate that was cut, in requests a second. At r requests a second that is
 * r / 30 more each second: back after 11 s from one cut, after a minute and a half from the lowest rate.
 */
const regainPerAnswer = 1 / 30;

/**
 * How many intervals a timer that came late may be made good for. Node's timers have a grain of 1 ms and a busy event
 * loop delays them; without this, every late timer would lower the rate for good.
 */
const longestDebtIntervals = 3;

/**
 * For how long somebody who was told to wait counts as waiting, in milliseconds. Nothing is made good for longer: a freeze,
 * or a time in which nobody could start, saves nothing up.
 */
const awaitedMs = 1_000;

const secondMs = 1_000;

export interface Pace {
  /** In requests a second, as it is now. */
  readonly ratePerSecond: number;
  /** How long until the next request may start, in milliseconds; 0: now. Ask only when a request wants to start, and at least
   * once a second while it waits. */
  waitMs(now: number): number;
  /** A request starts now. */
  take(now: number): void;
  /** Connectly answered 429. Returns whether that is news: several that come together are one. */
  throttled(now: number): boolean;
  /** Connectly answered, and not with 429. */
  answered(): void;
}

/**
 * The moments at which requests may start: one every 1000 / rate milliseconds, and in no second more than the rate, so
 * that catching up on late timers never breaks a limit that is counted in seconds. Throws a RangeError for a rate that
 * is not above 0.
 */
export function createPace(baseRatePerSecond: number): Pace {
  if (!(baseRatePerSecond > 0)) throw new RangeError('The rate must be above 0.');
  let ratePerSecond = baseRatePerSecond;
  let nextAt = -Infinity;
  let lastCutAt = -Infinity;
  /** When somebody last was told to wait for the next moment. */
  let awaitedAt = -Infinity;
  const mostInASecond = Math.ceil(baseRatePerSecond);
  /** The latest starts, as many as one second may hold. */
  const starts: number[] = [];

  return {
    get ratePerSecond() {
      return ratePerSecond;
    },
    waitMs(now) {
      const waitMs = Math.max(0, nextAt - now, (starts.at(-mostInASecond) ?? -Infinity) + secondMs - now);
      if (waitMs > 0) awaitedAt = now;
      return waitMs;
    },
    take(now) {
      const intervalMs = secondMs / ratePerSecond;
      const debtMs = now - awaitedAt <= awaitedMs ? longestDebtIntervals * intervalMs : 0;
      nextAt = Math.max(nextAt, now - debtMs) + intervalMs;
      starts.push(now);
      if (starts.length > mostInASecond) starts.shift();
    },
    throttled(now) {
      if (now - lastCutAt < cutEveryMs) return false;
      lastCutAt = now;
      ratePerSecond = Math.max(baseRatePerSecond * lowestShare, ratePerSecond * cutFactor);
      return true;
    },
    answered() {
      ratePerSecond = Math.min(baseRatePerSecond, ratePerSecond + regainPerAnswer);
    },
  };
}
