import {
  type ArmedFault,
  type FaultMatch,
  isRequestFault,
  isWebhookFault,
  type RequestFault,
  type WebhookFault,
} from './fault-specs.ts';

/** A fault that waits for its turn, as the admin API lists it. */
export interface WaitingFault {
  readonly id: string;
  readonly name: string;
  readonly kind: string;
  /** Strikes left; `'always'` for one without end. */
  readonly times: number | 'always';
  readonly skip: number;
  readonly probability: number;
  readonly match: FaultMatch;
}

/** What a fault is matched against. */
export type FaultSubject = FaultMatch & {
  /** Whether the request would be accepted. */ readonly acceptable?: boolean;
};

interface Entry {
  readonly id: string;
  readonly armed: ArmedFault;
  timesLeft: number;
  skipLeft: number;
}

/** The faults that are switched on, in the order in which they were. The first one that matches strikes. */
export class FaultBook {
  readonly #random: () => number;
  #entries: Entry[] = [];
  #lastId = 0;

  constructor(random: () => number) {
    this.#random = random;
  }

  add(armed: ArmedFault): string {
    this.#lastId += 1;
    const id = `fault_${this.#lastId}`;
    this.#entries.push({ id, armed, timesLeft: armed.times, skipLeft: armed.skip });
    return id;
  }

  /** False when there is no such fault, or it has struck for the last time. */
  remove(id: string): boolean {
    const before = this.#entries.length;
    this.#entries = this.#entries.filter((entry) => entry.id !== id);
    return this.#entries.length < before;
  }

  clear(): void {
    this.#entries = [];
  }

  list(): readonly WaitingFault[] {
    return this.#entries.map(({ id, armed, timesLeft, skipLeft }) => ({
      id,
      name: armed.name,
      kind: armed.fault.kind,
      times: timesLeft === Infinity ? 'always' : timesLeft,
      skip: skipLeft,
      probability: armed.probability,
      match: armed.match,
    }));
  }

  takeForRequest(subject: FaultSubject): ArmedFault<RequestFault> | undefined {
    return this.#take(isRequestFault, subject);
  }

  takeForWebhook(subject: FaultSubject): ArmedFault<WebhookFault> | undefined {
    return this.#take(isWebhookFault, { ...subject, acceptable: true });
  }

  #take<A extends ArmedFault>(
    isOfKind: (armed: ArmedFault) => armed is A,
    subject: FaultSubject,
  ): A | undefined {
    for (const entry of this.#entries) {
      const { armed } = entry;
      if (!isOfKind(armed) || !matches(armed, subject)) continue;
      if (entry.skipLeft > 0) {
        entry.skipLeft -= 1;
        continue;
      }
      if (armed.probability < 1 && this.#random() >= armed.probability) continue;
      entry.timesLeft -= 1;
      if (entry.timesLeft === 0) this.remove(entry.id);
      return armed;
    }
    return undefined;
  }
}

function matches({ match, accept }: ArmedFault, subject: FaultSubject): boolean {
  if (accept && subject.acceptable !== true) return false;
  return (
    (match.endpoint === undefined || match.endpoint === subject.endpoint) &&
    (match.recipient === undefined || match.recipient === subject.recipient) &&
    (match.businessId === undefined || match.businessId === subject.businessId) &&
    (match.topic === undefined || match.topic === subject.topic) &&
    (match.status === undefined || match.status === subject.status)
  );
}
