import { BoundedList } from '../../bounded-list.ts';

/** How much of a function's output is kept: enough for hours at a desk, little enough to forget about. */
const maximumEvents = 10_000;
const maximumBytes = 8 * 1024 * 1024;

export interface LogEvent {
  /** Grows by one with each event of the group. */
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
  #next = 1;

  constructor(name: string, createdAt: number) {
    this.name = name;
    this.createdAt = createdAt;
  }

  get storedBytes(): number {
    return this.#events.bytes;
  }

  add(event: Omit<LogEvent, 'sequence'>): void {
    this.#events.add({ ...event, sequence: this.#next });
    this.#next += 1;
  }

  events(): Iterable<LogEvent> {
    return this.#events;
  }
}
