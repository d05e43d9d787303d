import * as z from 'zod/mini';
import { isCustomerId } from '../../connectly-events/addresses.ts';
import { inboundEvent, inboundSpec } from '../../connectly-events/inbound-event.ts';
import { deliveryStatuses } from '../../connectly-events/status-event.ts';
import type { Clock } from '../clock.ts';
import type { EligibilityWindows } from './eligibility-windows.ts';
import type { FaultBook, WaitingFault } from './fault-book.ts';
import { readFault } from './fault-specs.ts';
import type { Feed, FeedEvent } from './feed.ts';
import { FieldError, readSpec } from './fields.ts';
import type { AcceptedMessage, Journal } from './journal.ts';
import type { RateLimit } from './rate-limit.ts';
import type { Registrations } from './registrations.ts';
import { changeSecrets, type Secrets } from './secrets.ts';
import { changeSettings, defaultBusinessNumber, type Settings } from './settings.ts';
import type { StatusUpdates } from './status-updates.ts';
import type { WebhookOutbox, WebhookRecord } from './webhook-outbox.ts';

export interface ControlParts {
  readonly clock: Clock;
  readonly newId: () => string;
  readonly feed: Feed;
  readonly journal: Journal;
  readonly faults: FaultBook;
  readonly windows: EligibilityWindows;
  readonly registrations: Registrations;
  readonly rateLimit: RateLimit;
  readonly outbox: WebhookOutbox;
  readonly statuses: StatusUpdates;
}

/** A change to who may be written to freely. */
const windowSpec = z.strictObject({
  customer: z.string().check(z.refine(isCustomerId, 'must be a number in E.164 or a BSUID')),
  businessNumber: z.optional(z.string()),
  /** `open`: wrote just now. `expired`: wrote more than 24 hours ago. `never`: never wrote. */
  state: z.prefault(z.enum(['open', 'expired', 'never']), 'open'),
});
export type WindowSpec = z.input<typeof windowSpec>;

/** A delivery status to send out for an accepted message, now. */
const statusSpec = z
  .strictObject({
    messageId: z.string(),
    status: z.enum(deliveryStatuses),
    /** The code in the error of a failure. */
    code: z.optional(z.string()),
  })
  .check(
    z.refine(({ status, code }) => code === undefined || status === 'delivery_failed', {
      path: ['code'],
      error: 'goes with delivery_failed only',
    }),
  );
export type StatusSpec = z.input<typeof statusSpec>;

const resetSpec = z.strictObject({
  /** Keeps the registered webhooks. */
  keepRegistrations: z.prefault(z.boolean(), false),
});
export type ResetSpec = z.input<typeof resetSpec>;

/**
 * What a test or a person can tell the fake, in process and, with the same checks, over its admin routes. Arguments
 * come as JSON may come; every method throws a `FieldError` that names the field it does not like.
 */
export class Control {
  readonly #parts: ControlParts;
  #secrets: Secrets;
  #settings: Settings;

  constructor(parts: ControlParts, initial: { secrets: Secrets; settings: Settings }) {
    this.#parts = parts;
    this.#secrets = initial.secrets;
    this.#settings = initial.settings;
  }

  secrets(): Secrets {
    return this.#secrets;
  }

  settings(): Settings {
    return this.#settings;
  }

  /**
   * Counts are exact since the start or the last reset; lists hold the newest entries only, at most `newest` of them.
   * No secret is in it.
   */
  state(newest?: number) {
    const { journal, outbox, registrations, faults } = this.#parts;
    return {
      ...journal.snapshot(newest),
      webhooks: outbox.snapshot(newest),
      registrations: registrations.listAll(),
      faults: faults.list(),
      settings: this.#settings,
    };
  }

  inbound(json: unknown = {}): WebhookRecord {
    const { clock, newId, outbox, windows } = this.#parts;
    const spec = readSpec(inboundSpec, json);
    const event = inboundEvent(spec, {
      now: clock.now(),
      newId,
      businessNumber: defaultBusinessNumber(this.#settings),
      answered: spec.replyTo === undefined ? undefined : this.#messageOf('replyTo', spec.replyTo),
    });
    const businessId = event.businessId ?? this.#onlyBusinessOf(event.topic);
    for (const customer of event.conversation?.customers ?? []) {
      windows.open(event.conversation?.businessNumber ?? '', customer);
    }
    const [recipient] = event.conversation?.customers ?? [];
    const { topic, body } = event;
    return outbox.publish({ businessId, topic, body, ...(recipient === undefined ? {} : { recipient }) });
  }

  setWindow(json: unknown): void {
    const { windows } = this.#parts;
    const { customer, state, ...rest } = readSpec(windowSpec, json);
    const { businessNumber = defaultBusinessNumber(this.#settings) } = rest;
    switch (state) {
      case 'open':
        windows.open(businessNumber, customer);
        return;
      case 'expired':
        windows.expire(businessNumber, customer);
        return;
      case 'never':
        windows.forget(businessNumber, customer);
        return;
    }
  }

  addFault(json: unknown): string {
    const id = this.#parts.faults.add(readFault(json));
    this.#changed('faults');
    return id;
  }

  faults(): readonly WaitingFault[] {
    return this.#parts.faults.list();
  }

  /** Without an id, all of them. False when there is none with the id. */
  removeFaults(id?: string): boolean {
    const { faults } = this.#parts;
    const removed = id === undefined || faults.remove(id);
    if (id === undefined) faults.clear();
    this.#changed('faults');
    return removed;
  }

  emitStatus(json: unknown): WebhookRecord {
    const { messageId, status, code } = readSpec(statusSpec, json);
    return this.#parts.statuses.emit(this.#messageOf('messageId', messageId), status, code);
  }

  setSecrets(change: unknown): void {
    this.#secrets = changeSecrets(this.#secrets, change);
    this.#changed('secrets');
  }

  configure(change: unknown): Settings {
    this.#settings = changeSettings(this.#settings, change);
    this.#changed('settings');
    return this.#settings;
  }

  /**
   * Forgets what has happened: counts, requests, windows, faults, registrations, statuses and webhooks still to come.
   * Secrets and settings stay. A request under way is counted when it ends.
   */
  reset(json: unknown = {}): void {
    const { keepRegistrations } = readSpec(resetSpec, json);
    const { journal, faults, windows, registrations, rateLimit, outbox, statuses } = this.#parts;
    for (const part of [statuses, outbox, journal, faults, windows, rateLimit]) part.clear();
    if (!keepRegistrations) registrations.clear();
    this.#changed('everything');
  }

  /** Calls `listener` with everything that happens; the returned function ends it. */
  onEvent(listener: (event: FeedEvent) => void): () => void {
    return this.#parts.feed.subscribe(listener);
  }

  /** Resolves when no webhook request is under way. Those that wait for a time to come do not count. */
  webhooksQuiet(): Promise<void> {
    return this.#parts.outbox.quiet();
  }

  #onlyBusinessOf(topic: string): string {
    const businesses = this.#parts.registrations.businessesOf(topic);
    const [only = '', second] = businesses;
    if (second === undefined) return only;
    throw new FieldError('businessId', `is required: several businesses have registered ${topic}`);
  }

  #messageOf(field: string, id: string): AcceptedMessage {
    const message = this.#parts.journal.message(id);
    if (message !== undefined) return message;
    throw new FieldError(field, 'is not the id of a message that was accepted and is still kept');
  }

  #changed(what: string): void {
    this.#parts.feed.publish({ type: 'changed', data: { what } });
  }
}
