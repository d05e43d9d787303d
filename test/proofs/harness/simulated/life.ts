import type { Clock } from '../../../../local/clock.ts';

/** The life of one execution environment: whatever happens in it happens through here, so that it can end anywhere. */
export interface Life {
  readonly isOver: boolean;
  /** Does something outside. Never settles when the environment ends before or after it. */
  call<Value>(run: () => Promise<Value>): Promise<Value>;
  /** Ends it: nothing in it goes on. */
  end(): void;
  readonly ended: Promise<void>;
  /** Its timers end with it. */
  readonly clock: Clock;
}

export interface LifeOptions {
  readonly clock: Clock;
  /** Whether it ends here; asked before and after everything that happens outside. */
  readonly endsHere: () => boolean;
}

export function createLife({ clock, endsHere }: LifeOptions): Life {
  let isOver = false;
  let tell: (() => void) | undefined;
  const ended = new Promise<void>((resolve) => {
    tell = resolve;
  });

  function goesOn(): boolean {
    if (!isOver && endsHere()) end();
    return !isOver;
  }

  function end(): void {
    if (isOver) return;
    isOver = true;
    tell?.();
  }

  return {
    get isOver() {
      return isOver;
    },
    ended,
    end,
    async call(run) {
      if (!goesOn()) return forever();
      try {
        return await run();
      } finally {
        if (!goesOn()) await forever();
      }
    },
    clock: {
      now: () => clock.now(),
      after: (delayMs, run) => clock.after(delayMs, () => isOver || run()),
    },
  };
}

const forever = () => new Promise<never>(() => {});
