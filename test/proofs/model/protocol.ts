import {
  abandon,
  confirm,
  decideClaim,
  decideParked,
  finish,
  release,
} from '../../../lib/delivery/ledger/entry.ts';

/** One step of somebody who handles a message. Between any two of them, and before the first, he may die. */
export type Step =
  /** Copies the message to the outcomes queue. */
  | 'park'
  /** Copies the message to the dead-letter queue. */
  | 'dead-letter'
  /** Copies a parked message to the sends queue. */
  | 'queue'
  /** Writes what the attempt found out, and goes on when that write fails, which a known acceptance allows. */
  | 'finish-or-not'
  /** Writes what the attempt found out. */
  | 'finish'
  | 'abandon'
  /** Lets the queue forget the message. */
  | 'acknowledge';

/** What is left to do once it is clear what has happened, in this order. */
export interface Routines {
  // A delivery of the sends queue.
  readonly accepted: readonly Step[];
  readonly notSent: readonly Step[];
  readonly refused: readonly Step[];
  readonly unclear: readonly Step[];
  readonly unclearToResend: readonly Step[];
  readonly lapsed: readonly Step[];
  readonly duplicate: readonly Step[];
  readonly busy: readonly Step[];
  // A parked copy on the outcomes queue.
  readonly settled: readonly Step[];
  readonly sendAgain: readonly Step[];
  readonly handOver: readonly Step[];
}

/** Everything that can be got wrong: the decisions about an entry, and the order of what follows from them. */
export interface Protocol {
  readonly decideClaim: typeof decideClaim;
  readonly finish: typeof finish;
  readonly abandon: typeof abandon;
  readonly confirm: typeof confirm;
  readonly decideParked: typeof decideParked;
  readonly release: typeof release;
  readonly routines: Routines;
  /** Whether a claim reads and then writes, without a condition. */
  readonly claimsBlindly?: true;
  /** Whether an entry may be forgotten while its message is still about. */
  readonly forgetsEarly?: true;
}

/** What ships: the functions themselves, and the order that the design prescribes. */
export const shipped: Protocol = {
  decideClaim,
  finish,
  abandon,
  confirm,
  decideParked,
  release,
  routines: {
    accepted: ['finish-or-not', 'acknowledge'],
    notSent: ['finish'],
    refused: ['dead-letter', 'finish', 'acknowledge'],
    unclear: ['park', 'finish', 'acknowledge'],
    unclearToResend: ['finish'],
    lapsed: ['park', 'abandon', 'acknowledge'],
    duplicate: ['acknowledge'],
    busy: [],
    settled: ['acknowledge'],
    sendAgain: ['queue', 'acknowledge'],
    handOver: ['dead-letter', 'acknowledge'],
  },
};
