import type { Clock } from '../clock.ts';
import { isLoopbackHost } from '../loopback.ts';
import type { FaultBook } from './fault-book.ts';
import type { WebhookFault } from './fault-specs.ts';
import type { Feed } from './feed.ts';
import type { Journal } from './journal.ts';
import { Newest } from './newest.ts';
import type { Registrations } from './registrations.ts';
import type { Settings } from './settings.ts';
import { type AttemptResult, WebhookClient } from './webhook-request.ts';

/** An event on its way to the address that has registered its topic. */
export interface OutgoingWebhook {
  readonly businessId: string;
  readonly topic: string;
  readonly body: string;
  /** What webhook faults are matched against. */
  readonly recipient?: string;
  readonly status?: string;
}

/** What became of a webhook. */
export interface WebhookRecord {
  readonly number: number;
  readonly businessId: string;
  readonly topic: string;
  /** Null when the topic is not registered. */
  readonly address: string | null;
  readonly body: string;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  readonly attempts: ReadonlyArray<AttemptResult & { readonly at: number }>;
  readonly state: 'waiting' | 'delivered' | 'failed' | 'unregistered' | 'not-loopback' | 'dropped';
}

type Entry = { -readonly [K in keyof WebhookRecord]: WebhookRecord[K] } & {
  attempts: Array<AttemptResult & { readonly at: number }>;
};

interface Held {
  readonly address: string;
  readonly send: () => void;
  /** Takes back the timer that sends it when nothing overtakes it. */
  readonly cancel: () => void;
}

const noCounts = {
  events: 0,
  delivered: 0,
  failed: 0,
  attempts: 0,
  unregistered: 0,
  notLoopback: 0,
  dropped: 0,
};

/**
 * Signs webhooks and sends them, again when they are not answered with 200. An address that is not on this machine is
 * accepted at registration, because the documented examples have one, and never called.
 */
export class WebhookOutbox {
  readonly #clock: Clock;
  readonly #client: WebhookClient;
  readonly #parts: Parts;
  readonly #newest: Newest<Entry>;
  readonly #timers = new Set<() => void>();
  #held: Held[] = [];
  #counts = { ...noCounts };
  #lastNumber = 0;
  /** Raised by `clear`: what was on its way before is not counted any more, and not tried again. */
  #generation = 0;
  #inFlight = 0;
  #waiters: Array<() => void> = [];

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#clock = parts.clock;
    this.#client = new WebhookClient();
    this.#newest = new Newest(parts.keepRequests);
  }

  publish(webhook: OutgoingWebhook): WebhookRecord {
    const registration = this.#parts.registrations.find(webhook.businessId, webhook.topic);
    const entry = this.#record(webhook, registration?.address ?? null);
    if (registration === undefined) return this.#end(entry, 'unregistered');
    if (!isLoopbackHost(new URL(registration.address).hostname)) return this.#end(entry, 'not-loopback');

    const fault = this.#parts.faults.takeForWebhook(webhook);
    if (fault !== undefined) this.#parts.journal.injected(fault.name, fault.kind !== 'webhook-drop');
    this.#dispatch(entry, registration.address, fault);
    return entry;
  }

  /** Resolves when no request to a receiver is under way. Timers, for retries for example, do not count. */
  quiet(): Promise<void> {
    return this.#inFlight === 0 ? Promise.resolve() : new Promise((resolve) => this.#waiters.push(resolve));
  }

  snapshot(newest?: number) {
    return { ...this.#counts, underWay: this.#inFlight, newest: this.#newest.list(newest).map(copy) };
  }

  /** Forgets all counts and records, and everything that still waits to be sent. */
  clear(): void {
    this.#generation += 1;
    for (const cancel of this.#timers) cancel();
    this.#timers.clear();
    this.#held = [];
    this.#counts = { ...noCounts };
    this.#newest.clear();
  }

  close(): void {
    this.clear();
    this.#client.close();
  }

  #record({ businessId, topic, body }: OutgoingWebhook, address: string | null): Entry {
    this.#lastNumber += 1;
    const number = this.#lastNumber;
    const createdAt = this.#clock.now();
    const entry: Entry = {
      number,
      businessId,
      topic,
      address,
      body,
      createdAt,
      attempts: [],
      state: 'waiting',
    };
    this.#newest.add(String(number), entry);
    this.#counts.events += 1;
    return entry;
  }

  #dispatch(entry: Entry, address: string, fault: WebhookFault | undefined): void {
    switch (fault?.kind) {
      case 'webhook-drop':
        this.#end(entry, 'dropped');
        return;
      case 'webhook-delay':
        this.#later(fault.delayMs, () => void this.#deliver(entry, address));
        return;
      case 'webhook-reorder':
        this.#hold(entry, address, fault.delayMs);
        return;
      case 'webhook-duplicate':
        for (let copies = 1; copies < fault.copies; copies += 1) {
          void this.#deliver(this.#record(entry, address), address);
        }
        break;
      case undefined:
        break;
    }
    void this.#deliver(entry, address, this.#takeHeld(address));
  }

  #hold(entry: Entry, address: string, delayMs: number): void {
    const send = (): void => void this.#deliver(entry, address);
    const cancel = this.#later(delayMs, () => {
      this.#held = this.#held.filter((other) => other !== held);
      send();
    });
    const held: Held = { address, send, cancel };
    this.#held.push(held);
  }

  /** Takes what is held back for the address; the returned function sends it, once it has been overtaken. */
  #takeHeld(address: string): () => void {
    const taken = this.#held.filter((held) => held.address === address);
    this.#held = this.#held.filter((held) => held.address !== address);
    for (const held of taken) held.cancel();
    return () => {
      for (const held of taken) held.send();
    };
  }

  /** Sends until a 200, or until the retries are used up. `afterFirst` is called after the first attempt. */
  async #deliver(entry: Entry, address: string, afterFirst = (): void => {}): Promise<void> {
    const generation = this.#generation;
    this.#inFlight += 1;
    const result = await this.#client.post({
      address,
      body: Buffer.from(entry.body),
      secret: this.#parts.webhookSecret(),
      timeoutMs: this.#parts.settings().webhookTimeoutMs,
    });
    if (generation === this.#generation) {
      this.#attempted(entry, address, result);
      afterFirst();
    }
    this.#inFlight -= 1;
    if (this.#inFlight === 0) for (const resolve of this.#waiters.splice(0)) resolve();
  }

  #attempted(entry: Entry, address: string, result: AttemptResult): void {
    this.#counts.attempts += 1;
    entry.attempts.push({ at: this.#clock.now(), ...result });
    if ('status' in result && result.status === 200) {
      this.#end(entry, 'delivered');
      return;
    }
    const delayMs = this.#parts.settings().webhookRetryDelaysMs[entry.attempts.length - 1];
    if (delayMs === undefined) {
      this.#end(entry, 'failed');
      return;
    }
    this.#later(delayMs, () => void this.#deliver(entry, address));
    this.#parts.feed.publish({ type: 'webhook', data: copy(entry) });
  }

  #end(entry: Entry, state: Exclude<WebhookRecord['state'], 'waiting'>): WebhookRecord {
    entry.state = state;
    this.#counts[state === 'not-loopback' ? 'notLoopback' : state] += 1;
    this.#parts.feed.publish({ type: 'webhook', data: copy(entry) });
    return entry;
  }

  #later(delayMs: number, run: () => void): () => void {
    const cancel = this.#clock.after(delayMs, () => {
      this.#timers.delete(cancel);
      run();
    });
    this.#timers.add(cancel);
    return () => {
      this.#timers.delete(cancel);
      cancel();
    };
  }
}

interface Parts {
  readonly clock: Clock;
  readonly feed: Feed;
  readonly journal: Journal;
  readonly faults: FaultBook;
  readonly registrations: Registrations;
  readonly keepRequests: number;
  readonly webhookSecret: () => string;
  readonly settings: () => Settings;
}

function copy(entry: WebhookRecord): WebhookRecord {
  return { ...entry, attempts: [...entry.attempts] };
}
