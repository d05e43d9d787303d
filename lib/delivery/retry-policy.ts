/**
 * The longest Retry-After that is honoured, and the longest that a message waits between two tries whose life is 3 hours
 * or less, in seconds.
 */
const longestDelaySeconds = 15 * 60;

/** The longest that the first retry waits, in seconds; it doubles with every further try. */
const firstDelaySeconds = 5;

/**
 * How many of the longest delays may fill a message's life. They are half as long on average, and up to twelve growing
 * ones come before them: 37 receives of the 50 that the sends queue allows, and over 50 for 2 messages in 100,000.
 */
const longestDelaysInALife = 12;

/**
 * What is turned away while sending pauses comes back with every try of the gate, so many times: an hour has 65, those of
 * five environments together. After that it waits for a part of its life at least: one message on the queue is enough for
 * a try. 180 receives, and those of its attempts, of the 250 that the sends queue allows.
 */
const promptReturns = 80;
const slowReturnsInALife = 100;

/**
 * How many times a short Retry-After is trusted. A server that asks for one second for ever would otherwise use up a
 * message's receives within minutes.
 */
const trustedRetryAfters = 5;

export interface Retry {
  /** How often the message has been received, this time included. */
  readonly receiveCount: number;
  /** What the server asked for, in seconds. */
  readonly retryAfterSeconds?: number | undefined;
  /** From being queued to its expiry, in seconds. */
  readonly lifeSeconds: number;
  /** Until its expiry. */
  readonly secondsLeft: number;
  /** From 0 up to 1. */
  readonly random: () => number;
}

/**
 * How long a message that was not sent stays out of sight, in whole seconds. A Retry-After is honoured up to 15 minutes
 * and spread by up to a tenth, so that not everybody comes back at once; without one, or after five of them, exponential with full jitter, up
 * to 15 minutes or a twelfth of the message's life. Never far beyond the expiry: it is told then, and not later. A
 * message that is past its expiry already waits as if it were not: whatever keeps it from being told takes its time.
 */
export function retryDelaySeconds({
  receiveCount,
  retryAfterSeconds,
  lifeSeconds,
  secondsLeft,
  random,
}: Retry): number {
  const delay = delaySeconds({ receiveCount, retryAfterSeconds, lifeSeconds, random });
  return secondsAtMost(secondsLeft, delay);
}

export interface PausedRetry extends Pick<Retry, 'receiveCount' | 'lifeSeconds' | 'secondsLeft'> {
  /** When it would be its turn if the next try went well, in seconds from now. */
  readonly comeBackInSeconds: number;
}

/** How long a message that was turned away because sending pauses stays out of sight, in whole seconds. */
export function pausedDelaySeconds(retry: PausedRetry): number {
  const { comeBackInSeconds, receiveCount, lifeSeconds, secondsLeft } = retry;
  const shortest = receiveCount <= promptReturns ? 1 : lifeSeconds / slowReturnsInALife;
  const delay = Math.max(shortest, Math.min(longestDelaySeconds, comeBackInSeconds));
  return secondsAtMost(secondsLeft, Math.ceil(delay));
}

/** A delay that does not go beyond a message's expiry; past the expiry, nothing limits it. */
export function secondsAtMost(secondsLeft: number, delay: number): number {
  return secondsLeft > 0 ? Math.min(Math.ceil(secondsLeft), delay) : delay;
}

function delaySeconds({
  receiveCount,
  retryAfterSeconds,
  lifeSeconds,
  random,
}: Omit<Retry, 'secondsLeft'>): number {
  if (retryAfterSeconds !== undefined) {
    const asked = Math.min(Math.max(0, retryAfterSeconds), longestDelaySeconds);
    const spread = Math.min(longestDelaySeconds, Math.ceil(asked + random() * Math.max(1, asked / 10)));
    if (receiveCount <= trustedRetryAfters) return spread;
    return Math.max(
      spread,
      delaySeconds({ receiveCount, retryAfterSeconds: undefined, lifeSeconds, random }),
    );
  }
  const longest = Math.max(longestDelaySeconds, lifeSeconds / longestDelaysInALife);
  const doublings = Math.min(Math.max(0, receiveCount - 1), 20);
  return Math.max(1, Math.ceil(random() * Math.min(longest, firstDelaySeconds * 2 ** doublings)));
}
