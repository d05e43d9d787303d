/** The good results that are kept for bad ones to come: as many as are in flight, since a silent one ends last. */
const mostKept = 64;

/** Bad results that no good one has outweighed. A ticket is the number of a request; numbers grow. */
export interface Evidence {
  /** Of how many different messages: one that fails again and again is one message's trouble. */
  readonly size: number;
  /** The request of the oldest; undefined when there is none. */
  readonly oldestTicket: number | undefined;
  readonly messages: Iterable<string>;
  /** A message went badly. `message` is anything that tells messages apart. */
  bad(message: string, ticket: number): void;
  /** A request went well, which outweighs one bad one that began before, whichever of the two ended first. */
  good(ticket: number): void;
  /** What the size would be if all of these requests went well, which are still under way. */
  sizeIfWell(underWay: Iterable<number>): number;
  /** These are explained by something else. */
  forget(messages: Iterable<string>): void;
}

export function createEvidence(): Evidence {
  const tickets = new Map<string, number>();
  /** Good ones that have outweighed none so far. */
  const kept: number[] = [];

  function oldestTicket(): number | undefined {
    const [oldest] = tickets.values();
    return oldest;
  }

  return {
    get size() {
      return tickets.size;
    },
    get oldestTicket() {
      return oldestTicket();
    },
    get messages() {
      return tickets.keys();
    },
    bad(message, ticket) {
      if (tickets.has(message)) return;
      // A missing answer is missed after seconds. By then many have gone well that began after it.
      const later = kept.findIndex((good) => good > ticket);
      if (later === -1) tickets.set(message, ticket);
      else kept.splice(later, 1);
    },
    good(ticket) {
      const [oldest] = tickets;
      // An earlier request may have been answered before the trouble began. Not than the latest bad one: failures are
      // quick, so that one would have begun after nearly every good one, however few fail.
      if (oldest !== undefined && ticket > oldest[1]) {
        tickets.delete(oldest[0]);
        return;
      }
      kept.push(ticket);
      if (kept.length > mostKept) kept.shift();
    },
    sizeIfWell(underWay) {
      const oldest = oldestTicket() ?? 0;
      return tickets.size - [...underWay].filter((ticket) => ticket > oldest).length;
    },
    forget(messages) {
      for (const message of messages) tickets.delete(message);
    },
  };
}
