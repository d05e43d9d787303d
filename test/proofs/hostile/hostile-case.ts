import type { Task, Verdict } from './task.ts';
import type { Play } from './wire.ts';

/** One server and what the sender must make of it. */
export interface HostileCase {
  readonly name: string;
  /** What is asked of the sender, one after the other; one send unless given. */
  readonly calls?: Task['calls'];
  readonly play: Play;
  /** For each call what it may come to: more than one where the network itself decides. */
  readonly expected: readonly (readonly Verdict[])[];
  /** Requests that the configured host must see, where that is certain. */
  readonly requests?: number;
  /** Only the deadline ends it: a shorter one than the deployed is given. */
  readonly endsByDeadline?: boolean;
  readonly isLarge?: boolean;
  /** Between two calls, in milliseconds. */
  readonly restMs?: number;
  /** The address that the sender is deployed with, from the server's port. */
  readonly urlOf?: (port: number) => string;
  readonly businessId?: string;
}

/** Reads one request, and does this with it. */
export function afterRequest(then: Play): Play {
  return async (wire, connection) => (await wire.request()) && then(wire, connection);
}

/** Answers every request with the same bytes and keeps the connection. */
export function answering(bytes: string | Buffer): Play {
  return async (wire) => {
    while (await wire.request()) await wire.write(bytes);
  };
}
