import { BoundedList } from '../../bounded-list.ts';

/** How much of a function's output is kept: enough for hours at a desk, little enough to forget about. */
const maximumEvents = 10_000;
const maximumBytes = 8 * 1024 * 1024;

export interface LogEvent {
  /** Grows with each event. No two events have one, not even those of two groups. */
  readonly sequence: number;
  readonly logStreamName: string;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly message: string;
}

/** The newest events of one function's output, in the order in which they came. */
export class LogGroup {
  readonly name: string;
  readonly createdAt: number;
  readonly #events = new BoundedList<LogEvent>({
    items: maximumEvents,
    bytes: maximumBytes,
    bytesOf: ({ message }) => Buffer.byteLength(message),
  });
  readonly #nextSequence: () => number;

  constructor(name: string, createdAt: number, nextSequence: () => number) {
    this.name = name;
    this.createdAt = createdAt;
    this.#nextSequence = nextSequence;
  }

  get storedBytes(): number {
    return this.#events.bytes;
  }

  add(event: Omit<LogEvent, 'sequence'>): void {
    this.#events.add({ ...event, sequence: this.#nextSequence() });
  }

  events(): Iterable<LogEvent> {
    return this.#events;
  }
}
