/** One request to Connectly ends within this time, connecting, headers and body together, in milliseconds. */
export const requestDeadlineMs = 8_000;

/**
 * What the worst message takes once its turn has come, in milliseconds: the claim (2.5 s), the key read (2 s), a request, the key
 * read again after a 401 (2 s), a second request, the queue effect (5 s), and the end
 * written down (2.5 s). Nothing is begun with
 * less than this left.
 */
export const timeForOneMessageMs = 2 * 2_500 + 2 * (2_000 + requestDeadlineMs) + 5_000;

/**
 * How long a claim keeps everybody else away, in milliseconds: longer than its attempt can take, with a minute for
 * clocks that differ.
 */
export const leaseMs = timeForOneMessageMs + 60_000;
