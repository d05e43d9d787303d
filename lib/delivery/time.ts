/** One request to Connectly ends within this time, connecting, headers and body together, in milliseconds. */
export const requestDeadlineMs = 8_000;

/**
 * One decision of the ledger ends within this time, in milliseconds: all its calls together, however often somebody else
 * is faster, and the SDK's retries included.
 */
export const decisionBudgetMs = 2_500;

/** SQS must confirm an effect within this time, retries included, in milliseconds. */
export const effectBudgetMs = 5_000;

/** The API key must be read within this time, retries included, in milliseconds. */
const keyBudgetMs = 2_000;

/**
 * What the worst message takes once its turn has come, in milliseconds: the claim, the key read, a request, the key read
 * again after a 401, a second request, the queue effect, and the end written down. Nothing is begun with less than this
 * left.
 */
export const timeForOneMessageMs =
  2 * decisionBudgetMs + 2 * (keyBudgetMs + requestDeadlineMs) + effectBudgetMs;

/**
 * How long a claim keeps everybody else away, in milliseconds: longer than its attempt can take, with a minute for
 * clocks that differ.
 */
export const leaseMs = timeForOneMessageMs + 60_000;
