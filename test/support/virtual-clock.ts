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

interface Timer {
  readonly dueAt: number;
  readonly run: () => void;
}

/** A clock that moves only by hand. `startAt` is in epoch milliseconds. */
export function createVirtualClock(startAt = Date.UTC(2026, 0, 1)): VirtualClock {
  let time = startAt;
  const timers = new Set<Timer>();

  const nextDue = (until: number): Timer | undefined => {
    let next: Timer | undefined;
    // A set keeps the order of creation, so among equals the first one wins.
    for (const timer of timers) if (timer.dueAt <= until && timer.dueAt < (next?.dueAt ?? Infinity)) next = timer;
    return next;
  };

  return {
    now: () => time,
    after(delayMs, run) {
      const timer = { dueAt: time + Math.max(0, delayMs), run };
      timers.add(timer);
      return () => void timers.delete(timer);
    },
    async advance(milliseconds) {
      const until = time + milliseconds;
      await flush();
      for (let timer = nextDue(until); timer !== undefined; timer = nextDue(until)) {
        timers.delete(timer);
        time = Math.max(time, timer.dueAt);
        timer.run();
        await flush();
      }
      time = until;
      await flush();
    },
    pendingTimers: () => timers.size,
  };
}

/** One turn of the event loop: every chain of settled promises has run to its end before an immediate does. */
const flush = () => new Promise<void>((resolve) => void setImmediate(resolve));
