/** After this many failures without an answer in between, nothing may start any more: that is enough evidence. */
const failuresThatCloseIt = 20;

export interface SendWindow {
  readonly hasRoom: boolean;
  /** Every slot was lost to failures. Whether to go on is for the breaker to say. */
  readonly isClosed: boolean;
  /** A request starts. Returns its ticket: the number that tells it apart from others. Numbers grow. */
  enter(): number;
  /** A request ended, in whatever way. */
  leave(): void;
  failed(ticket: number): void;
  answered(ticket: number): void;
  /** Begins anew with room for a few, which grows with every answer. */
  reopen(): void;
}

/**
 * How many requests may be in flight. A failure takes slots with it, and only the answer to a later request gives them
 * back: so a silent Connectly eats the window once and nothing more, however long the silence, while single failures
 * among answers cost nothing. `size` is the most that it ever lets through.
 */
export function createSendWindow(size: number): SendWindow {
  if (!(size >= 1)) throw new RangeError('The window must have room for a request.');
  const slotsPerFailure = Math.ceil(size / failuresThatCloseIt);
  let slots = size;
  let inFlight = 0;
  let started = 0;
  let lastFailed = 0;

  return {
    get hasRoom() {
      return inFlight < slots;
    },
    get isClosed() {
      return slots <= 0;
    },
    enter() {
      inFlight += 1;
      started += 1;
      return started;
    },
    leave() {
      inFlight -= 1;
    },
    failed(ticket) {
      slots = Math.max(0, slots - slotsPerFailure);
      lastFailed = Math.max(lastFailed, ticket);
    },
    answered(ticket) {
      // An answer to an earlier request may have been on its way already when Connectly fell silent.
      if (ticket > lastFailed) slots = Math.min(size, slots + slotsPerFailure);
    },
    reopen() {
      slots = Math.min(size, 2 * slotsPerFailure);
    },
  };
}
