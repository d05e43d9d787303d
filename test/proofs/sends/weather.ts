// What goes wrong in a run, how often and when.
export const minuteMs = 60_000;
export const hourMs = 60 * minuteMs;

/** How much goes wrong, each as a share of all calls or messages. */
const usualShares = {
  answers: 0.1,
  queueCalls: 0.005,
  ledgerCalls: 0.005,
  secretCalls: 0.3,
  overlaps: 0.01,
  queuedTwice: 0.02,
  reworded: 0.002,
  /** Of the calls of an environment, before and after each: it ends there. */
  ends: 0.00005,
  statusesLost: 0.05,
};

/** When the whole ledger is out, in milliseconds from the start, and for how long. */
export const outages = [
  { fromMs: 4 * minuteMs, forMs: 2 * minuteMs },
  { fromMs: 35 * minuteMs, forMs: 4 * minuteMs },
];
/** When somebody redrives the whole dead-letter queue. */
export const redrivesAtMs = [50 * minuteMs, 100 * minuteMs, 190 * minuteMs];
export const keyRotationEveryMs = 3 * minuteMs;
export const keyRotations = 20;
export const producedEveryMs = 2_000;
export const producedAtOnce = 500;
/** A run that is well is over after 5 hours, whatever its size: what is left after this will always be. */
export const longestMs = 12 * hourMs;

/** The shares when queues, ledger and environments fail so many times as often as usual. */
export function sharesAt(harshness: number): typeof usualShares {
  const { queueCalls, ledgerCalls, overlaps, queuedTwice, ends } = usualShares;
  return {
    ...usualShares,
    queueCalls: queueCalls * harshness,
    ledgerCalls: ledgerCalls * harshness,
    overlaps: overlaps * harshness,
    queuedTwice: queuedTwice * harshness,
    ends: ends * harshness,
  };
}
