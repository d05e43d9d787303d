import type { Duplex } from 'node:stream';

/**
 * So long a connection may rest and be used again, in milliseconds. Common servers close those that rest longer than 5 s:
 * Node (`server.keepAliveTimeout`) and Apache (`KeepAliveTimeout`). Others wait longer, or announce it.
 */
const longestRestMs = 4_000;

/** The way to the server is taken off what the server announces, in milliseconds. Node's own agent takes off as much. */
const marginMs = 1_000;

/** What is known of connections that rest between two requests. */
export interface RestingConnections {
  /** To be told when a request over it has ended, with the header `Keep-Alive` of the answer. */
  rests(connection: Duplex, announced: string | readonly string[] | undefined): void;
  /** Whether the server may have closed it by its own clock: then no request may begin on it. */
  isOverdue(connection: Duplex): boolean;
}

/**
 * Goes by the time of day (`now`, epoch milliseconds). While Lambda has an environment frozen, timers stand still, those
 * by which Node's agent would close a connection, too. The time of day goes on.
 */
export function restingConnections(now: () => number): RestingConnections {
  const rests = new WeakMap<Duplex, { readonly since: number; readonly atMostMs: number }>();

  return {
    rests(connection, announced) {
      const seconds = /\btimeout=(\d+)/i.exec(String(announced))?.[1];
      const announcedMs = seconds === undefined ? Number.POSITIVE_INFINITY : Number(seconds) * 1_000;
      rests.set(connection, { since: now(), atMostMs: Math.min(longestRestMs, announcedMs - marginMs) });
    },
    isOverdue(connection) {
      const { since, atMostMs } = rests.get(connection) ?? { since: 0, atMostMs: 0 };
      const restedMs = now() - since;
      // A clock that was set back tells nothing.
      return restedMs < 0 || restedMs >= atMostMs;
    },
  };
}

/**
 * Calls back once the event loop has looked at every connection: what had come over one before, such as its end, has been
 * told by then. The first turn may be one whose look was before this call.
 */
export function afterLook(then: () => void): void {
  setImmediate(() => setImmediate(then));
}
