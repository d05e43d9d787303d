/** The breaker opens when at least so many results of this time are failures, and at least half of all. */
const seconds = 10;
const fewestFailures = 20;

/**
 * How long it stays open at first; twice as long each time it opens again, up to the longest. In milliseconds. Longer
 * than the time in which results count, so that what opened it is forgotten when it closes.
 */
const firstOpenMs = 15_000;
const longestOpenMs = 120_000;

/** Environments that opened together are not to probe together: the time is spread by so much of itself. */
const jitterShare = 0.2;

/**
 * `closed`: requests flow. `open`: none. `due`: it was open for long enough, and somebody may probe. `probing`: that
 * runs. `trial`: the probe was answered, and one message may be sent.
 */
export type BreakerState = 'closed' | 'open' | 'due' | 'probing' | 'trial';

export interface Breaker {
  state(now: number): BreakerState;
  /** An answer while closed. */
  answered(now: number): void;
  /** A failure while closed; may open it. */
  failed(now: number): void;
  open(now: number): void;
  probe(): void;
  /** The probe was answered. */
  try(): void;
  close(now: number): void;
}

interface Second {
  readonly number: number;
  answers: number;
  failures: number;
}

/**
 * Keeps requests away from a Connectly that does not answer. Opens when at least half of the results of 10 s are
 * failures, 20 or more of them, or when told to; is closed only by a probe and then a message that were answered.
 */
export function createBreaker(random: () => number): Breaker {
  let phase: Exclude<BreakerState, 'due'> = 'closed';
  let openUntil = 0;
  let openMs = 0;
  let closedAt = -Infinity;
  let recent: Second[] = [];

  function second(now: number): Second {
    const number = Math.floor(now / 1_000);
    const last = recent.at(-1);
    if (last?.number === number) return last;
    const added = { number, answers: 0, failures: 0 };
    recent = [...recent.filter((earlier) => earlier.number > number - seconds), added];
    return added;
  }

  function open(now: number): void {
    // Not long closed: it is still the same trouble.
    const goesOn = phase !== 'closed' || now - closedAt < openMs;
    openMs = goesOn ? Math.min(longestOpenMs, 2 * openMs) : firstOpenMs;
    openUntil = now + openMs * (1 - jitterShare / 2 + jitterShare * random());
    phase = 'open';
  }

  return {
    state: (now) => (phase === 'open' && now >= openUntil ? 'due' : phase),
    answered(now) {
      second(now).answers += 1;
    },
    failed(now) {
      second(now).failures += 1;
      const failures = recent.reduce((sum, each) => sum + each.failures, 0);
      const answers = recent.reduce((sum, each) => sum + each.answers, 0);
      if (failures >= fewestFailures && failures >= answers) open(now);
    },
    open,
    probe() {
      phase = 'probing';
    },
    try() {
      phase = 'trial';
    },
    close(now) {
      phase = 'closed';
      closedAt = now;
    },
  };
}
