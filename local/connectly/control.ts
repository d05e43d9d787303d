import type { Clock } from '../clock.ts';
import { isCustomerId } from './addresses.ts';
import type { EligibilityWindows } from './eligibility-windows.ts';
import type { FaultBook, WaitingFault } from './fault-book.ts';
import { readFaultSpec } from './fault-specs.ts';
import type { Feed, FeedEvent } from './feed.ts';
import { FieldReader } from './fields.ts';
import { readInboundEvent } from './inbound-events.ts';
import type { Journal } from './journal.ts';
import type { RateLimit } from './rate-limit.ts';
import type { Registrations } from './registrations.ts';
import { changeSecrets, type Secrets } from './secrets.ts';
import { changeSettings, defaultBusinessNumber, type Settings } from './settings.ts';
import type { StatusUpdates } from './status-updates.ts';
import type { WebhookOutbox, WebhookRecord } from './webhook-outbox.ts';
import { deliveryStatuses } from './wire.ts';

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

/** Everything that happened, as `GET /_fake/state` has it. */
export type FakeState = ReturnType<Control['state']>;

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

  inbound(spec: unknown): WebhookRecord {
    const { clock, journal, newId, outbox, windows } = this.#parts;
    const event = readInboundEvent(spec, {
      now: clock.now(),
      newId,
      defaultBusinessNumber: defaultBusinessNumber(this.#settings),
      findMessage: (id) => journal.message(id),
    });
    const businessId = event.businessId ?? this.#onlyBusinessOf(event.topic);
    for (const customer of event.conversation?.customers ?? []) {
      windows.open(event.conversation?.businessNumber ?? '', customer);
    }
    const [recipient] = event.conversation?.customers ?? [];
    const { topic, body } = event;
    return outbox.publish({ businessId, topic, body, ...(recipient === undefined ? {} : { recipient }) });
  }

  setWindow(spec: unknown): void {
    const fields = new FieldReader(spec);
    fields.refuseOthers(['customer', 'businessNumber', 'state']);
    const customer = fields.requiredString('customer');
    if (!isCustomerId(customer)) fields.fail('customer', 'must be a number in E.164 or a BSUID');
    const businessNumber = fields.string('businessNumber') ?? defaultBusinessNumber(this.#settings);
    const { windows } = this.#parts;
    switch (fields.oneOf('state', ['open', 'expired', 'never']) ?? 'open') {
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

  /** Returns the fault's id. */
  addFault(spec: unknown): string {
    const id = this.#parts.faults.add(readFaultSpec(spec));
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

  emitStatus(spec: unknown): WebhookRecord {
    const fields = new FieldReader(spec);
    fields.refuseOthers(['messageId', 'status', 'code']);
    const message =
      this.#parts.journal.message(fields.requiredString('messageId')) ??
      fields.fail('messageId', 'is not the id of a message that was accepted and is still kept');
    const status = fields.oneOf('status', deliveryStatuses) ?? fields.fail('status', 'is required');
    const code = fields.string('code');
    if (code !== undefined && status !== 'delivery_failed')
      fields.fail('code', 'goes with delivery_failed only');
    return this.#parts.statuses.emit(message, status, code);
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
  reset(spec: unknown = {}): void {
    const fields = new FieldReader(spec);
    fields.refuseOthers(['keepRegistrations']);
    const keepRegistrations = fields.boolean('keepRegistrations') ?? false;
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
    return new FieldReader({}).fail('businessId', `is required: several businesses have registered ${topic}`);
  }

  #changed(what: string): void {
    this.#parts.feed.publish({ type: 'changed', data: { what } });
  }
}
