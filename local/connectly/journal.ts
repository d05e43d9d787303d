import type { Feed } from './feed.ts';
import { Newest } from './newest.ts';
import type { SendRequest } from './send-request.ts';

/** A request to the vendor's API as it came, and what became of it. */
export interface RequestRecord {
  readonly number: number;
  /** Epoch milliseconds. */
  readonly receivedAt: number;
  readonly endpoint: string;
  readonly businessId: string | null;
  readonly recipient: string | null;
  readonly method: string;
  /** With the query, untouched. */
  readonly path: string;
  /** Names in lower case; the API key is masked. */
  readonly headers: Readonly<Record<string, string>>;
  /** The parsed body, null when it is not JSON. */
  readonly body: unknown;
  /** The body's bytes as text. */
  readonly rawBody: string;
  readonly outcome: RequestOutcome;
}

export interface RequestOutcome {
  /** The status line that was sent; null when none was. */
  readonly status: number | null;
  /** The vendor's code that was answered. */
  readonly code: string | null;
  /** Whether it was carried out, whatever was answered. */
  readonly accepted: boolean;
  /** The id of the accepted message. */
  readonly messageId: string | null;
  /** The name of the fault that struck. */
  readonly fault: string | null;
}

/** A message that the vendor would now deliver. */
export interface AcceptedMessage {
  readonly id: string;
  readonly endpoint: string;
  readonly businessId: string;
  readonly businessNumber: string;
  readonly recipient: string;
  readonly send: SendRequest;
  /** Epoch milliseconds. */
  readonly receivedAt: number;
  readonly request: Omit<RequestRecord, 'outcome'>;
}

/** Counts of one endpoint; `none` counts requests that got no status line. */
export interface EndpointCounts {
  readonly requests: number;
  readonly accepted: number;
  readonly byStatus: Readonly<Record<string, number>>;
  readonly byCode: Readonly<Record<string, number>>;
}

export interface InjectedCount {
  readonly accepted: number;
  readonly notAccepted: number;
}

class Tally {
  readonly #counts = new Map<string, number>();

  add(key: string): void {
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1);
  }

  counts(): Record<string, number> {
    return Object.fromEntries(this.#counts);
  }
}

class EndpointTally {
  requests = 0;
  accepted = 0;
  readonly byStatus = new Tally();
  readonly byCode = new Tally();

  add(outcome: RequestOutcome): void {
    this.requests += 1;
    if (outcome.accepted) this.accepted += 1;
    this.byStatus.add(String(outcome.status ?? 'none'));
    if (outcome.code !== null) this.byCode.add(outcome.code);
  }

  counts(): EndpointCounts {
    return {
      requests: this.requests,
      accepted: this.accepted,
      byStatus: this.byStatus.counts(),
      byCode: this.byCode.counts(),
    };
  }
}

/**
 * What came in and what was accepted. Only the newest records are kept; every count is exact since the last `clear`.
 * The two tallies of accepted messages hold one small entry for each recipient and each callbackData seen.
 */
export class Journal {
  readonly #feed: Feed;
  readonly #requests: Newest<RequestRecord>;
  readonly #messages: Newest<AcceptedMessage>;
  #total = new EndpointTally();
  #byEndpoint = new Map<string, EndpointTally>();
  #acceptedMessages = 0;
  #byRecipient = new Tally();
  #byCallbackData = new Tally();
  #injected = new Map<string, { accepted: number; notAccepted: number }>();
  #lastNumber = 0;

  constructor(options: { feed: Feed; keepRequests: number }) {
    this.#feed = options.feed;
    this.#requests = new Newest(options.keepRequests);
    this.#messages = new Newest(options.keepRequests);
  }

  nextNumber(): number {
    this.#lastNumber += 1;
    return this.#lastNumber;
  }

  finished(record: RequestRecord): void {
    const { outcome } = record;
    this.#requests.add(String(record.number), record);
    this.#total.add(outcome);
    const tally = this.#byEndpoint.get(record.endpoint) ?? new EndpointTally();
    this.#byEndpoint.set(record.endpoint, tally);
    tally.add(outcome);
    this.#feed.publish({ type: 'request', data: record });
  }

  accepted(message: AcceptedMessage): void {
    this.#messages.add(message.id, message);
    this.#acceptedMessages += 1;
    this.#byRecipient.add(message.recipient);
    const { callbackData } = message.send;
    if (callbackData !== undefined) this.#byCallbackData.add(JSON.stringify(callbackData.value));
    this.#feed.publish({ type: 'accepted', data: message });
  }

  injected(name: string, accepted: boolean): void {
    const count = this.#injected.get(name) ?? { accepted: 0, notAccepted: 0 };
    count[accepted ? 'accepted' : 'notAccepted'] += 1;
    this.#injected.set(name, count);
    this.#feed.publish({ type: 'fault', data: { name, accepted } });
  }

  message(id: string): AcceptedMessage | undefined {
    return this.#messages.get(id);
  }

  clear(): void {
    this.#requests.clear();
    this.#messages.clear();
    this.#total = new EndpointTally();
    this.#byEndpoint = new Map();
    this.#acceptedMessages = 0;
    this.#byRecipient = new Tally();
    this.#byCallbackData = new Tally();
    this.#injected = new Map();
  }

  snapshot(newest?: number) {
    return {
      requests: {
        ...this.#total.counts(),
        byEndpoint: Object.fromEntries([...this.#byEndpoint].map(([name, tally]) => [name, tally.counts()])),
        newest: this.#requests.list(newest),
      },
      accepted: {
        count: this.#acceptedMessages,
        byRecipient: this.#byRecipient.counts(),
        byCallbackData: this.#byCallbackData.counts(),
        newest: this.#messages.list(newest),
      },
      injected: Object.fromEntries(
        [...this.#injected].map(([name, count]): [string, InjectedCount] => [name, { ...count }]),
      ),
    };
  }
}
