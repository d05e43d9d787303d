import { type BreakerState, createBreaker } from './breaker.ts';

/** As of the breaker; `trying`: the one message that it lets through half open is under way. */
export type GateState = BreakerState | 'trying';

/** What a request says about that which the gate guards. */
export type Verdict = 'good' | 'bad' | 'nothing';

export interface Gate {
  state(now: number): GateState;
  /** Somebody probes. */
  probe(): void;
  /** The probe has ended: one message may be tried, or it is open again. */
  probed(isGood: boolean, now: number): void;
  /** A request starts that it has let through. Numbers grow. */
  started(start: number, now: number): void;
  /** Ends the trial if that request was it, and says whether it was. After `nothing` the next message is the trial. */
  endedTrial(start: number, verdict: Verdict, now: number): boolean;
  /** Whether a request tells about the time since the gate closed: what began before its last trial does not. */
  heeds(start: number, now: number): boolean;
  answered(now: number): void;
  failed(now: number): void;
  open(now: number): void;
}

/** A breaker and the one message that it lets through half open. Times in epoch milliseconds. */
export function createGate(random: () => number): Gate {
  const breaker = createBreaker(random);
  let trial: number | undefined;
  let lastTrial = 0;

  return {
    state(now) {
      const state = breaker.state(now);
      return state === 'trial' && trial !== undefined ? 'trying' : state;
    },
    probe: () => breaker.probe(),
    probed(isGood, now) {
      if (isGood) breaker.try();
      else breaker.open(now);
    },
    started(start, now) {
      if (breaker.state(now) === 'trial') trial = lastTrial = start;
    },
    endedTrial(start, verdict, now) {
      if (start !== trial) return false;
      trial = undefined;
      if (verdict === 'good') breaker.close(now);
      if (verdict === 'bad') breaker.open(now);
      return true;
    },
    heeds: (start, now) => start > lastTrial && breaker.state(now) === 'closed',
    answered: (now) => breaker.answered(now),
    failed: (now) => breaker.failed(now),
    open: (now) => breaker.open(now),
  };
}
