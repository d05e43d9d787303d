/** Bad results that no good one has outweighed. A ticket is the number of a request; numbers grow. */
export interface Evidence {
  /** Of how many different messages: one that fails again and again is one message's trouble. */
  readonly size: number;
  /** The request of the oldest; undefined when there is none. */
  readonly oldestTicket: number | undefined;
  readonly messages: Iterable<string>;
  /** A message went badly. `message` is anything that tells messages apart. */
  bad(message: string, ticket: number): void;
  /** A request went well, which outweighs the oldest bad one, if that began before. */
  good(ticket: number): void;
  /** These are explained by something else. */
  forget(messages: Iterable<string>): void;
}

export function createEvidence(): Evidence {
  const tickets = new Map<string, number>();

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
      if (!tickets.has(message)) tickets.set(message, ticket);
    },
    good(ticket) {
      const [oldest] = tickets;
      if (oldest === undefined) return;
      const [message, badTicket] = oldest;
      // An earlier request may have been answered before the trouble began. Not than the latest bad one: failures are
      // quick, so that one would have begun after nearly every good one, however few fail.
      if (ticket > badTicket) tickets.delete(message);
    },
    forget(messages) {
      for (const message of messages) tickets.delete(message);
    },
  };
}
