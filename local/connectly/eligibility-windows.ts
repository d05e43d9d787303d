import { Refusal } from '../../connectly-events/refusals.ts';
import type { Clock } from '../clock.ts';

/** WhatsApp's customer service window. */
const windowMs = 24 * 60 * 60 * 1000;

/**
 * Who may be written to freely: for each pair of business number and customer, when the customer last wrote. One small
 * entry for each pair is kept for ever, because "never wrote" and "wrote long ago" are different refusals.
 */
export class EligibilityWindows {
  readonly #clock: Clock;
  readonly #lastInboundAt = new Map<string, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The customer wrote to the number: just now, or at `at` in epoch milliseconds. */
  open(businessNumber: string, customer: string, at = this.#clock.now()): void {
    this.#lastInboundAt.set(key(businessNumber, customer), at);
  }

  /** As if the customer had written, but more than 24 hours ago. */
  expire(businessNumber: string, customer: string): void {
    this.open(businessNumber, customer, this.#clock.now() - windowMs - 1);
  }

  /** As if the customer had never written. */
  forget(businessNumber: string, customer: string): void {
    this.#lastInboundAt.delete(key(businessNumber, customer));
  }

  clear(): void {
    this.#lastInboundAt.clear();
  }

  /** Throws the vendor's refusal when the number may not write to the customer freely. */
  check(businessNumber: string, customer: string): void {
    const at = this.#lastInboundAt.get(key(businessNumber, customer));
    if (at === undefined) throw new Refusal('ERROR_CODE_MESSAGE_CUSTOMER_NO_CONVERSATION_INITIATION');
    if (this.#clock.now() - at > windowMs) {
      throw new Refusal('ERROR_CODE_MESSAGE_OUTSIDE_OF_ELIGIBILITY_WINDOW');
    }
  }
}

function key(businessNumber: string, customer: string): string {
  return `${businessNumber} ${customer}`;
}
