import { DueHeap } from '../../local/aws/sqs/due-heap.ts';
import type { Clock } from '../../local/clock.ts';

export interface VirtualClock extends Clock {
  /**
   * Moves the time on by `milliseconds`, running every timer that falls due, in order of time and then of creation,
   * each at its own moment. Between two timers everything already promised settles, so a timer sees the effects of
   * the one before it, and timers set on the way run too when they fall due in time.
   */
  advance(milliseconds: number): Promise<void>;
  /** How many timers wait: a test that expects nothing to be left behind asks for 0. */
  pendingTimers(): number;
}

/** A clock that moves only by hand. `startAt` is in epoch milliseconds. */
export function createVirtualClock(startAt = Date.UTC(2026, 0, 1)): VirtualClock {
  let time = startAt;
  const timers = new DueHeap<() => void>();
  const waiting = new Set<() => void>();
  let turns = 0;
  const flush = () => settled(turns++);

  return {
    now: () => time,
    after(delayMs, run) {
      // A function of its own for each timer: the same `run` may wait twice.
      const timer = () => run();
      waiting.add(timer);
      timers.push(time + Math.max(0, delayMs), timer);
      return () => void waiting.delete(timer);
    },
    async advance(milliseconds) {
      const until = time + milliseconds;
      // From here on within a promise's job.
      await Promise.resolve();
      await flush();
      for (let due = timers.peek(); due !== undefined && due.dueAt <= until; due = timers.peek()) {
        timers.pop();
        if (!waiting.delete(due.item)) continue;
        time = due.dueAt;
        due.item();
        await flush();
      }
      time = until;
      await flush();
    },
    pendingTimers: () => waiting.size,
  };
}

/** How many timers run before the machine's own events get a turn: whoever waits for a socket or a message is not starved. */
const timersInATurn = 256;

/**
 * Resolves when every chain of settled promises has run to its end. To be called from within a promise's job: a tick that
 * is asked for there comes after all of them, at half the price of a turn of the event loop.
 */
function settled(turn: number): Promise<void> {
  const isTurn = turn % timersInATurn === 0;
  return new Promise((resolve) => void (isTurn ? setImmediate(resolve) : process.nextTick(resolve)));
}
