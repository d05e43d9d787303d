/** Bad results that no good one has outweighed. A ticket is the number of a request; numbers grow. */
export interface Evidence {
  /** Of how many different messages: one that fails again and again is one message's trouble. */
  readonly size: number;
  /** The request of the oldest; undefined when there is none. */
  readonly oldestTicket: number | undefined;
  readonly messages: Iterable<string>;
  /** A message went badly. `message` is anything that tells messages apart. */
  bad(message: string, ticket: number): void;
  /** A request went well, which outweighs the oldest bad one. */
  good(ticket: number): void;
  /** These are explained by something else. */
  forget(messages: Iterable<string>): void;
}

export function createEvidence(): Evidence {
  const tickets = new Map<string, number>();
  let lastBad = 0;

  return {
    get size() {
      return tickets.size;
    },
    get oldestTicket() {
      const [oldest] = tickets.values();
      return oldest;
    },
    get messages() {
      return tickets.keys();
    },
    bad(message, ticket) {
      lastBad = Math.max(lastBad, ticket);
      if (!tickets.has(message)) tickets.set(message, ticket);
    },
    good(ticket) {
      // The answer to an earlier request may have been on its way already when the trouble began.
      if (ticket <= lastBad) return;
      const [oldest] = tickets.keys();
      if (oldest !== undefined) tickets.delete(oldest);
    },
    forget(messages) {
      for (const message of messages) tickets.delete(message);
    },
  };
}
