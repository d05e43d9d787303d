import type { Sign } from '../sign.ts';
import { createGate, type Gate, type Verdict } from './gate.ts';

/** So many businesses with a fault are remembered at most: the oldest of more is simply tried again. */
const mostBusinesses = 1_000;

/** What a result says about its business alone. That Connectly fails says nothing about a key. */
const verdictOf: Readonly<Record<Sign, Verdict>> = {
  alive: 'good',
  throttled: 'good',
  'business-fault': 'bad',
  'stage-fault': 'nothing',
  failing: 'nothing',
  neutral: 'nothing',
};

export interface Pauses {
  gateOf(businessId: string): Gate;
  /** What a request of that business has said; the first fault pauses it. Time in epoch milliseconds. */
  learn(businessId: string, sign: Sign, start: number, now: number): void;
}

/**
 * The businesses that are paused because every message of theirs would be turned down: each comes back by a probe and
 * one message of its own, while all others go on.
 */
export function createPauses(random: () => number): Pauses {
  const gates = new Map<string, Gate>();
  /** Of all businesses without a fault: it never opens. */
  const unpaused = createGate(random);

  return {
    gateOf: (businessId) => gates.get(businessId) ?? unpaused,
    learn(businessId, sign, start, now) {
      const known = gates.get(businessId);
      const verdict = verdictOf[sign];
      if (known?.endedTrial(start, verdict, now) || verdict !== 'bad') return;
      const gate = known ?? createGate(random);
      if (!gate.heeds(start, now)) return;
      gate.open(now);
      // Behind all others: the oldest are the first to be forgotten.
      gates.delete(businessId);
      gates.set(businessId, gate);
      const [oldest] = gates.keys();
      if (gates.size > mostBusinesses && oldest !== undefined) gates.delete(oldest);
    },
  };
}
