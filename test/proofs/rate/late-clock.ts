import type { Clock } from '../../../local/clock.ts';

/**
 * Time as a busy Node process sees it: timers in whole milliseconds, at least one, about a third of them a little late,
 * and one in a thousand 40 ms late, as after a garbage collection.
 */
export function createLateClock(clock: Clock, random: () => number): Clock {
  function latenessMs(): number {
    const chance = random();
    if (chance < 0.001) return 40;
    if (chance < 0.05) return 5;
    return chance < 0.35 ? 1 : 0;
  }
  return {
    now: () => clock.now(),
    after: (delayMs, run) => clock.after(Math.max(1, Math.trunc(delayMs)) + latenessMs(), run),
  };
}
