import type { Clock } from '../../../../local/clock.ts';

/** Deadlines that the adapters give to their clients, in the time of the simulation. */
export interface VirtualDeadlines {
  /** How long until the deadline of a call, in milliseconds. */
  leftMs(signal: AbortSignal | undefined): number;
}

/** Without any deadline, no client of ours waits for longer than this, in milliseconds. */
const longestMs = 60_000;

/**
 * Takes the place of `AbortSignal.timeout`, whose timers would count the seconds of this machine, until the run has ended. The
 * signals never abort: whoever emulates a call that hangs asks when it would have been given up.
 */
export async function withVirtualDeadlines<Result>(
  clock: Clock,
  run: (virtual: VirtualDeadlines) => Promise<Result>,
): Promise<Result> {
  const deadlines = new WeakMap<AbortSignal, number>();
  const own = Object.getOwnPropertyDescriptor(AbortSignal, 'timeout');
  AbortSignal.timeout = (delayMs) => {
    // A real one takes longer to make than all else that a call does here.
    const signal: AbortSignal = Object.create(AbortSignal.prototype);
    deadlines.set(signal, clock.now() + delayMs);
    return signal;
  };
  const leftMs = (signal: AbortSignal | undefined) => {
    const deadline = signal === undefined ? undefined : deadlines.get(signal);
    return deadline === undefined ? longestMs : Math.max(0, deadline - clock.now());
  };
  try {
    return await run({ leftMs });
  } finally {
    if (own !== undefined) Object.defineProperty(AbortSignal, 'timeout', own);
  }
}
