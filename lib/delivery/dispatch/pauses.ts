import type { Health } from '../outcome.ts';
import { type Breaker, createBreaker } from './breaker.ts';

/** How many paused businesses are remembered at most. The oldest of more is simply tried again. */
const mostBusinesses = 1_000;

export interface Pauses {
  breakerOf(businessId: string): Breaker;
  /** What the request with that ticket says about its business. Time in epoch milliseconds. */
  learn(businessId: string, health: Health, ticket: number, now: number): void;
}

/**
 * The businesses that are paused because every message of theirs would be turned down: each comes back by a probe and
 * one message of its own, while all others go on.
 */
export function createPauses(random: () => number): Pauses {
  const breakers = new Map<string, Breaker>();
  /** Of all businesses that are well: it never opens. */
  const unpaused = createBreaker(random);

  return {
    breakerOf: (businessId) => breakers.get(businessId) ?? unpaused,
    learn(businessId, health, ticket, now) {
      const known = breakers.get(businessId);
      if (known?.endedTrial(ticket, health, now) || health !== 'hopeless') return;
      const breaker = known ?? createBreaker(random);
      if (!breaker.heeds(ticket)) return;
      breaker.open(now);
      // Behind all others: the oldest are the first to be forgotten.
      breakers.delete(businessId);
      breakers.set(businessId, breaker);
      const [oldest] = breakers.keys();
      if (breakers.size > mostBusinesses && oldest !== undefined) breakers.delete(oldest);
    },
  };
}
