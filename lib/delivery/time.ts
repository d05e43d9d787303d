/** One request to Connectly ends within this time, connecting, headers and body together, in milliseconds. */
export const requestDeadlineMs = 8_000;

/**
 * What the worst message takes, in milliseconds: the key read (2 s), a request, the key read again after a 401 (2 s),
 * a second request, and the queue effect (5 s). Nothing is begun with less than this left.
 */
export const timeForOneMessageMs = 2 * (2_000 + requestDeadlineMs) + 5_000;
