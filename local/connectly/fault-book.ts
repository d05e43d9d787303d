import {
  type Fault,
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
  readonly fault: Fault;
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

  add(fault: Fault): string {
    this.#lastId += 1;
    const id = `fault_${this.#lastId}`;
    this.#entries.push({
      id,
      fault,
      timesLeft: fault.times === 'always' ? Infinity : fault.times,
      skipLeft: fault.skip,
    });
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
    return this.#entries.map(({ id, fault, timesLeft, skipLeft }) => ({
      id,
      name: fault.name,
      kind: fault.kind,
      times: timesLeft === Infinity ? 'always' : timesLeft,
      skip: skipLeft,
      probability: fault.probability,
      match: fault.match,
    }));
  }

  takeForRequest(subject: FaultSubject): RequestFault | undefined {
    return this.#take(isRequestFault, subject);
  }

  takeForWebhook(subject: FaultSubject): WebhookFault | undefined {
    return this.#take(isWebhookFault, { ...subject, acceptable: true });
  }

  #take<F extends Fault>(isOfKind: (fault: Fault) => fault is F, subject: FaultSubject): F | undefined {
    for (const entry of this.#entries) {
      const { fault } = entry;
      if (!isOfKind(fault) || !matches(fault, subject)) continue;
      if (entry.skipLeft > 0) {
        entry.skipLeft -= 1;
        continue;
      }
      if (fault.probability < 1 && this.#random() >= fault.probability) continue;
      entry.timesLeft -= 1;
      if (entry.timesLeft === 0) this.remove(entry.id);
      return fault;
    }
    return undefined;
  }
}

function matches({ match, accept }: Fault, subject: FaultSubject): boolean {
  if (accept && subject.acceptable !== true) return false;
  return (
    (match.endpoint === undefined || match.endpoint === subject.endpoint) &&
    (match.recipient === undefined || match.recipient === subject.recipient) &&
    (match.businessId === undefined || match.businessId === subject.businessId) &&
    (match.topic === undefined || match.topic === subject.topic) &&
    (match.status === undefined || match.status === subject.status)
  );
}
