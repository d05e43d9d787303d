import { errorBody, Refusal } from '../../connectly-events/refusals.ts';
import { type DeliveryStatus, statusEvent } from '../../connectly-events/status-event.ts';
import type { Clock } from '../clock.ts';
import type { AcceptedMessage } from './journal.ts';
import type { Settings } from './settings.ts';
import type { WebhookOutbox, WebhookRecord } from './webhook-outbox.ts';

interface Parts {
  readonly clock: Clock;
  readonly random: () => number;
  readonly outbox: WebhookOutbox;
}

/** Tells by webhook how far accepted messages have come. */
export class StatusUpdates {
  readonly #parts: Parts;
  readonly #timers = new Set<() => void>();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Lets sent, delivered and read follow a message, each in its time. */
  follow(message: AcceptedMessage, { statusDelaysMs, undeliverable }: Settings): void {
    const { sent, delivered, read } = statusDelaysMs;
    const fails = undeliverable.includes(message.recipient);
    this.#later(message, 'sent', sent);
    this.#later(message, fails ? 'delivery_failed' : 'delivered', delivered);
    if (!fails) this.#later(message, 'read', read);
  }

  /** Sends one status now. `code` is that of the error of a failure. */
  emit(message: AcceptedMessage, status: DeliveryStatus, code = 'ERROR_CODE_UNSPECIFIED'): WebhookRecord {
    const { clock, random, outbox } = this.#parts;
    const error = status === 'delivery_failed' ? errorBody(new Refusal(code), random) : null;
    return outbox.publish({
      businessId: message.businessId,
      topic: 'delivery_status',
      body: JSON.stringify(statusEvent({ message, status, error, at: clock.now() })),
      recipient: message.recipient,
      status,
    });
  }

  /** Takes back every status still to come. */
  clear(): void {
    for (const cancel of this.#timers) cancel();
    this.#timers.clear();
  }

  #later(message: AcceptedMessage, status: DeliveryStatus, delayMs: number | null): void {
    if (delayMs === null) return;
    const cancel = this.#parts.clock.after(delayMs, () => {
      this.#timers.delete(cancel);
      this.emit(message, status);
    });
    this.#timers.add(cancel);
  }
}
