import type { Health } from '../outcome.ts';

/** Opens when at least 20 results of the last 10 s are failures, and failures are at least half of all. */
const seconds = 10;
const fewestFailures = 20;

/**
 * How long it stays open at first, in milliseconds; twice as long each time it opens again, up to the longest. Longer
 * than the time in which results count, so that what opened it is forgotten when it closes.
 */
const firstOpenMs = 15_000;
const longestOpenMs = 120_000;

/** Spreads the time by a fifth of itself: environments that opened together are not to probe together. */
const jitterShare = 0.2;

/**
 * `closed`: requests flow. `open`: none do. `due`: it was open for long enough, and somebody may probe. `probing`: the
 * probe is under way. `trial`: the probe was answered, and one message may be sent. `trying`: that message is under way.
 */
export type BreakerState = 'closed' | 'open' | 'due' | 'probing' | 'trial' | 'trying';

/** Times are in epoch milliseconds. A ticket is the number of a request; numbers grow. */
export interface Breaker {
  state(now: number): BreakerState;
  /** A probe begins. */
  probe(): void;
  /** The probe has ended: one message may be tried, or the breaker is open again. */
  probed(isGood: boolean, now: number): void;
  /** A request begins. In the state `trial`, it is the trial. */
  started(ticket: number): void;
  /** If this request was the trial, ends it and returns true. When it says nothing, the next message becomes the trial. */
  endedTrial(ticket: number, health: Health, now: number): boolean;
  /** Whether a request counts: the breaker is closed, and the request began after the last trial. */
  heeds(ticket: number): boolean;
  /** An answer while closed. */
  answered(now: number): void;
  /** A failure while closed; may open it. */
  failed(now: number): void;
  open(now: number): void;
}

interface Second {
  readonly number: number;
  answers: number;
  failures: number;
}

/**
 * Keeps requests away from a Connectly that does not answer, or from a business that is refused. Once open, it is closed
 * only by a probe and then one message that were both answered.
 */
export function createBreaker(random: () => number): Breaker {
  let phase: Exclude<BreakerState, 'due' | 'trying'> = 'closed';
  let openUntil = 0;
  let openMs = 0;
  let closedAt = -Infinity;
  let recent: Second[] = [];
  let trial: number | undefined;
  let lastTrial = 0;

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

  function close(now: number): void {
    phase = 'closed';
    closedAt = now;
  }

  return {
    state(now) {
      if (phase === 'open' && now >= openUntil) return 'due';
      return phase === 'trial' && trial !== undefined ? 'trying' : phase;
    },
    probe() {
      phase = 'probing';
    },
    probed(isGood, now) {
      if (isGood) phase = 'trial';
      else open(now);
    },
    started(ticket) {
      if (phase === 'trial') trial = lastTrial = ticket;
    },
    endedTrial(ticket, health, now) {
      if (ticket !== trial) return false;
      trial = undefined;
      if (health === 'good') close(now);
      else if (health !== 'nothing') open(now);
      return true;
    },
    heeds: (ticket) => ticket > lastTrial && phase === 'closed',
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
  };
}
