import type { Clock } from '../clock.ts';

const windowMs = 1000;

/**
 * Lets a number of requests through in any 1,000 ms: a sliding window, the strictest reading of "200 requests per
 * second". What was refused does not count against the next. What the vendor counts by (key, business, number) and how
 * is not documented; here it is one limit for the whole server.
 */
export class RateLimit {
  readonly #clock: Clock;
  /** When the last requests were let through, oldest at `#oldest`. */
  #admittedAt: number[] = [];
  #oldest = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  admit(requestsPerSecond: number): boolean {
    const now = this.#clock.now();
    while (
      this.#oldest < this.#admittedAt.length &&
      (this.#admittedAt[this.#oldest] ?? now) <= now - windowMs
    ) {
      this.#oldest += 1;
    }
    if (this.#oldest > 4096) {
      this.#admittedAt = this.#admittedAt.slice(this.#oldest);
      this.#oldest = 0;
    }
    if (this.#admittedAt.length - this.#oldest >= requestsPerSecond) return false;
    this.#admittedAt.push(now);
    return true;
  }

  clear(): void {
    this.#admittedAt = [];
    this.#oldest = 0;
  }
}
