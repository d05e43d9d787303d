/**
 * Everything there is about one message, in small numbers. Attempts are told apart only by whether they are the same, so
 * they are renumbered in every state (see `encode`): that alone makes most interleavings meet again.
 */
export interface World {
  /** 0: no entry; else an index into `entryStates`, plus one. */
  entryState: number;
  entryAttempt: number;
  /** Of the entry's lease: 0 it lasts, 1 it has lapsed, 2 the wait for a delivery status is over, too. */
  entryAge: number;
  /** Whether an attempt before the entry's may have been accepted: 0 no, else an index into `entryDoubts`, plus one. */
  entryDoubt: number;
  /** 1: the entry's attempt was accepted, and its delivery status is on the way. */
  statusDue: number;
  readonly workers: readonly [Worker, Worker];
  settler: number;
  person: number;
  /** Bits: which messages are on the sends queue, 0 the original, the others copies of it. */
  present: number;
  /** How many copies have been put on the sends queue. */
  copies: number;
  /** Bits, as in `present`: which of them look like new messages. */
  looksNew: number;
  /** 1: at least one copy is on the outcomes queue that nobody holds. When one is taken, others stay, or none do: both are tried. */
  parked: number;
  /** 1: at least one copy is in the dead-letter queue that nobody holds. */
  deadLetters: number;
  /** How often Connectly has accepted it and reports that. */
  accepted: number;
  /** 1: Connectly has accepted it at least once and never reports that. */
  unreported: number;
  deliveries: number;
  releases: number;
  /** 1: somebody has claimed while another one, whose lease had not lapsed, was still at it. */
  overlapped: number;
  /** 1: somebody has claimed under `hold` what Connectly had accepted before; only looked for where policies are mixed. */
  unheld: number;
}

export interface Worker {
  /** 0 idle, 1 has a message, 2 has claimed, 3 has read an entry (blind claims only), then the steps of routines. */
  at: number;
  message: number;
  /** The attempt that it makes, or found lapsed. 0: none. */
  attempt: number;
  /** 1: this delivery is treated under `resend`; only where policies are mixed. */
  resends: number;
  /** 1: the lease of the attempt that it makes has lapsed. */
  lapsed: number;
}

export const entryStates = ['RETRY', 'SENDING', 'SENT', 'UNKNOWN'] as const;
export const entryDoubts = ['repeated', 'released'] as const;

const idle = (): Worker => ({ at: 0, message: 0, attempt: 0, resends: 0, lapsed: 0 });

/** A message has been put on the sends queue. */
export const beginning = (): World => ({
  entryState: 0,
  entryAttempt: 0,
  entryAge: 0,
  entryDoubt: 0,
  statusDue: 0,
  workers: [idle(), idle()],
  settler: 0,
  person: 0,
  present: 1,
  copies: 0,
  looksNew: 0,
  parked: 0,
  deadLetters: 0,
  accepted: 0,
  unreported: 0,
  deliveries: 0,
  releases: 0,
  overlapped: 0,
  unheld: 0,
});

export function copyOf(world: World): World {
  const [one, other] = world.workers;
  return { ...world, workers: [{ ...one }, { ...other }] };
}

/** Two numbers of at most 31 bits that say the same as the world. */
export interface Code {
  low: number;
  high: number;
  /** Whether the two workers, who are alike, have changed their places. */
  isSwapped: boolean;
}

/** Writes a world into `code`, with its workers in order and its attempts renumbered. */
export function encode(world: World, code: Code): void {
  const { entryState, entryAttempt } = world;
  const rank = (worker: Worker) => workerBits(worker, worker.attempt === entryAttempt ? 1 : 0);
  code.isSwapped = rank(world.workers[0]) > rank(world.workers[1]);
  const [one, other] = code.isSwapped ? [world.workers[1], world.workers[0]] : world.workers;
  let known = entryAttempt === 0 ? 0 : 1;
  const first = one.attempt === 0 ? 0 : one.attempt === entryAttempt ? 1 : ++known;
  let second = 0;
  if (other.attempt !== 0) {
    if (other.attempt === entryAttempt) second = 1;
    else second = other.attempt === one.attempt ? first : ++known;
  }
  // An entry that is not under way has no use for its lease, and one that has been sent none for its doubt.
  const isOpen = entryState === 2 || entryState === 4;
  code.low =
    entryState |
    ((entryAttempt === 0 ? 0 : 1) << 3) |
    ((isOpen ? world.entryAge : 0) << 4) |
    ((isOpen ? world.statusDue : 0) << 6) |
    ((isOpen || entryState === 1 ? world.entryDoubt : 0) << 7) |
    (workerBits(one, first) << 9) |
    (workerBits(other, second) << 20);
  code.high =
    world.settler |
    (world.person << 3) |
    (world.present << 5) |
    (world.copies << 8) |
    (world.looksNew << 10) |
    (world.parked << 13) |
    (world.overlapped << 14) |
    (world.unheld << 15) |
    (world.deadLetters << 16) |
    (world.accepted << 19) |
    (world.unreported << 22) |
    (world.deliveries << 25) |
    (world.releases << 28);
}

const workerBits = ({ at, message, resends, lapsed }: Worker, attempt: number) =>
  at | (message << 5) | (attempt << 7) | (resends << 9) | (lapsed << 10);

const workerOf = (bits: number): Worker => ({
  at: bits & 31,
  message: (bits >> 5) & 3,
  attempt: (bits >> 7) & 3,
  resends: (bits >> 9) & 1,
  lapsed: (bits >> 10) & 1,
});

export function decode(low: number, high: number): World {
  return {
    entryState: low & 7,
    entryAttempt: (low >> 3) & 1,
    entryAge: (low >> 4) & 3,
    statusDue: (low >> 6) & 1,
    entryDoubt: (low >> 7) & 3,
    workers: [workerOf((low >> 9) & 2047), workerOf((low >> 20) & 2047)],
    settler: high & 7,
    person: (high >> 3) & 3,
    present: (high >> 5) & 7,
    copies: (high >> 8) & 3,
    looksNew: (high >> 10) & 7,
    parked: (high >> 13) & 1,
    deadLetters: (high >> 16) & 7,
    accepted: (high >> 19) & 7,
    unreported: (high >> 22) & 7,
    deliveries: (high >> 25) & 7,
    releases: (high >> 28) & 1,
    overlapped: (high >> 14) & 1,
    unheld: (high >> 15) & 1,
  };
}
