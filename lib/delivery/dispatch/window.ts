/** How many may be in flight at first, and how many more with every answer: 2, 10, 50 within three round trips. */
const firstSlots = 2;
const slotsPerAnswer = 4;

export interface SendWindow {
  /** `doubt`, from 0 to 1, is the share of failures in a whole window. It takes as large a share of the slots. */
  hasRoom(doubt: number): boolean;
  /** A request starts. Returns its ticket: the number that tells it apart from others. Numbers grow. */
  enter(): number;
  /** A request ended, in whatever way. */
  leave(): void;
  /** Connectly did its work. */
  answered(): void;
  /** Begins anew with room for a few. */
  restart(): void;
}

/**
 * How many requests may be in flight, `size` at most. It begins with few, so that a refused key or a Connectly that is
 * down costs few requests; and failures take slots with them until an answer gives them back, so that a silent Connectly
 * eats the window once and nothing more, however long the silence.
 */
export function createSendWindow(size: number): SendWindow {
  if (!(size >= 1)) throw new RangeError('The window must have room for a request.');
  let slots = Math.min(size, firstSlots);
  let inFlight = 0;
  let started = 0;

  return {
    hasRoom: (doubt) => inFlight < Math.ceil(slots * (1 - doubt)),
    enter() {
      inFlight += 1;
      started += 1;
      return started;
    },
    leave() {
      inFlight -= 1;
    },
    answered() {
      slots = Math.min(size, slots + slotsPerAnswer);
    },
    restart() {
      slots = Math.min(size, firstSlots);
    },
  };
}
