/** The longest that a message waits between two tries, in seconds. */
const longestDelaySeconds = 15 * 60;

/** The longest that the first retry waits, in seconds; it doubles with every further try. */
const firstDelaySeconds = 5;

export interface Attempt {
  /** How often the message has been received, this time included. */
  readonly receiveCount: number;
  /** What the server asked for, in seconds. */
  readonly retryAfterSeconds?: number | undefined;
  /** From 0 up to 1. */
  readonly random: () => number;
}

/**
 * How long a message that was not sent stays out of sight, in whole seconds. A Retry-After is honoured up to 15 minutes
 * and spread by up to a tenth, so that not everybody comes back at once; without one, exponential with full jitter.
 */
export function retryDelaySeconds({ receiveCount, retryAfterSeconds, random }: Attempt): number {
  if (retryAfterSeconds !== undefined) {
    const asked = Math.min(retryAfterSeconds, longestDelaySeconds);
    return Math.min(longestDelaySeconds, Math.ceil(asked + random() * Math.max(1, asked / 10)));
  }
  const doublings = Math.min(Math.max(0, receiveCount - 1), 10);
  const ceiling = Math.min(longestDelaySeconds, firstDelaySeconds * 2 ** doublings);
  return Math.max(1, Math.ceil(random() * ceiling));
}
