/**
 * How long it stays closed at first, in milliseconds; twice as long each time that it closes again, up to the longest.
 */
const firstClosedMs = 15_000;
const longestClosedMs = 120_000;

/** Spreads the time by a fifth of itself: environments that closed together are not to probe together. */
const jitterShare = 0.2;

/**
 * No place is farther away, in milliseconds: as long as a message waits between two tries at most. Places of more messages
 * would go on growing while these come back for others, and keep everybody waiting when the many have long expired.
 */
const farthestPlaceMs = 15 * 60_000;

/** After so many failed probes in a row one message may try without: sending does not need what a probe reads. */
const failedProbesBeforeATry = 3;

/**
 * `open`: requests flow. `closed`: none do. `due`: it was closed for long enough, and somebody may probe. `probing`: the
 * probe is under way. `trial`: one message may be sent. `trying`: that message is under way.
 */
export type GateState = 'open' | 'closed' | 'due' | 'probing' | 'trial' | 'trying';

/** Why and until when a gate is closed. Times in epoch milliseconds. */
export interface Closure {
  readonly since: number;
  /** The code of the outcome that closed it. */
  readonly cause: string;
  readonly nextTryAt: number;
}

/** `nothing` says nothing: after it, the next message is tried. */
export type Verdict = 'good' | 'bad' | 'nothing';

/** Times are in epoch milliseconds. A ticket is the number of a request; numbers grow. */
export interface Gate {
  state(now: number): GateState;
  /** Undefined while it is open. */
  readonly closure: Closure | undefined;
  /** A probe begins. */
  probe(): void;
  /** The probe has ended. `bad`: not answered. `nothing`: answered, and nobody would fare better. */
  probed(verdict: Verdict, now: number): void;
  /** A request begins. In the state `trial`, it is the trial. */
  started(ticket: number): void;
  /** If this request was the trial, ends it and returns true. `cause` is the code of its outcome. */
  endedTrial(ticket: number, verdict: Verdict, cause: string, now: number): boolean;
  /** Whether a request counts: the gate is open, and the request began after the last trial. */
  heeds(ticket: number): boolean;
  close(cause: string, now: number): void;
  /**
   * In how many milliseconds somebody who is turned away now shall come back: at the next try, and behind all who were
   * turned away before, one every `intervalMs`. So they arrive as fast as they can be sent, should the try succeed.
   */
  placeMs(now: number, intervalMs: number): number;
}

/**
 * Keeps requests away from a Connectly that does not answer, or from a business that is in trouble. Once closed, it is
 * opened only by one message that was answered; a probe, which is harmless, comes before that message.
 */
export function createGate(random: () => number): Gate {
  let phase: Exclude<GateState, 'due' | 'trying'> = 'open';
  let closure: Closure | undefined;
  let closedMs = 0;
  let openedAt = -Infinity;
  let lastPlace = -Infinity;
  let failedProbes = 0;
  let trial: number | undefined;
  let lastTrial = 0;

  function close(cause: string, now: number): void {
    // Not long open: it is still the same trouble.
    const goesOn = phase !== 'open' || now - openedAt < closedMs;
    closedMs = goesOn ? Math.min(longestClosedMs, 2 * closedMs) : firstClosedMs;
    if (closure === undefined) lastPlace = -Infinity;
    const nextTryAt = now + closedMs * (1 - jitterShare / 2 + jitterShare * random());
    closure = { since: closure?.since ?? now, cause, nextTryAt };
    phase = 'closed';
  }

  function open(now: number): void {
    phase = 'open';
    closure = undefined;
    failedProbes = 0;
    openedAt = now;
  }

  return {
    state(now) {
      if (phase === 'closed' && closure !== undefined && now >= closure.nextTryAt) return 'due';
      return phase === 'trial' && trial !== undefined ? 'trying' : phase;
    },
    get closure() {
      return closure;
    },
    probe() {
      phase = 'probing';
    },
    probed(verdict, now) {
      if (verdict === 'bad') failedProbes += 1;
      const mayTry = verdict === 'good' || failedProbes >= failedProbesBeforeATry;
      if (mayTry) failedProbes = 0;
      if (mayTry) phase = 'trial';
      else close(closure?.cause ?? '', now);
    },
    started(ticket) {
      if (phase === 'trial') trial = lastTrial = ticket;
    },
    endedTrial(ticket, verdict, cause, now) {
      if (ticket !== trial) return false;
      trial = undefined;
      if (verdict === 'good') open(now);
      else if (verdict === 'bad') close(cause, now);
      return true;
    },
    heeds: (ticket) => ticket > lastTrial && phase === 'open',
    close,
    placeMs(now, intervalMs) {
      const nextPlace = Math.max(lastPlace + intervalMs, closure?.nextTryAt ?? now);
      lastPlace = Math.min(nextPlace, now + farthestPlaceMs);
      return Math.max(0, lastPlace - now);
    },
  };
}
