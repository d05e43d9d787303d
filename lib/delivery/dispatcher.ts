import { createBreaker } from './breaker.ts';
import { createPace } from './pace.ts';
import { createSendWindow } from './window.ts';

/**
 * What a result says about Connectly. `alive`: it answered and does its work, even by a refusal. `throttled`: 429.
 * `failing`: no answer, or one that says that it is broken. `configuration`: no other message would fare better.
 * `neutral`: nothing, as when no request was made.
 */
export type Sign = 'alive' | 'throttled' | 'failing' | 'configuration' | 'neutral';

export interface DispatcherOptions<Result> {
  /** Requests a second that this execution environment may start: the stage's rate / maximumConcurrency. */
  readonly ratePerSecond: number;
  /** Requests in flight at most. */
  readonly window: number;
  /** In milliseconds. `now` may jump, `after` may come late; the function it returns cancels. */
  readonly clock: { now(): number; after(delayMs: number, run: () => void): () => void };
  /** From 0 up to 1. */
  readonly random: () => number;
  readonly judge: (result: Result) => Sign;
  /** A harmless read: resolves to whether Connectly answers and takes the key. Rejecting means that it does not. */
  readonly probe: () => Promise<boolean>;
}

export type NotStarted = { readonly notStarted: 'breaker-open' | 'no-time-left' };

export interface Dispatcher<Result> {
  /**
   * Calls `start` when the window has room, the pace has a token and the breaker allows, in order of arrival. When
   * `canFinish` says false by then, or while it waits: no-time-left. Rejects as `start` does, which says nothing about
   * Connectly.
   */
  dispatch(start: () => Promise<Result>, canFinish: () => boolean): Promise<Result | NotStarted>;
}

/** How often those who wait are asked whether they still have time, in milliseconds. */
const lookEveryMs = 1_000;

interface Waiting<Result> {
  readonly start: () => Promise<Result>;
  readonly canFinish: () => boolean;
  readonly resolve: (result: Result | NotStarted) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Decides when requests to Connectly start. Made to live as long as an execution environment: it holds one timer while
 * somebody waits and none otherwise, saves nothing up over a freeze, and probes only for somebody who waits for it.
 */
export function createDispatcher<Result>(options: DispatcherOptions<Result>): Dispatcher<Result> {
  const { clock, judge, probe } = options;
  const now = neverBack(() => clock.now());
  const pace = createPace(options.ratePerSecond);
  const window = createSendWindow(options.window);
  const breaker = createBreaker(options.random);
  const waiting: Waiting<Result>[] = [];
  let cancelTimer: (() => void) | undefined;
  /** The one message that a half-open breaker lets through. */
  let trial: number | undefined;
  /** What started up to here says nothing about the time since the breaker closed. */
  let lastTrial = 0;

  /** Starts what may start, sends away what may not, and sets the timer for the rest. */
  function pump(): void {
    const waitMs = startDue();
    if (waitMs === undefined) pace.rest();
    setTimer(waitMs ?? lookEveryMs);
  }

  /** In how many milliseconds the next one may start; undefined when time is not what is missing. */
  function startDue(): number | undefined {
    for (let next = waiting[0]; next !== undefined; next = waiting[0]) {
      const time = now();
      const state = breaker.state(time);
      if (state === 'open') {
        sendAllAway();
        return undefined;
      }
      if (!next.canFinish()) {
        waiting.shift();
        next.resolve({ notStarted: 'no-time-left' });
        continue;
      }
      if (state === 'due') void probeFor(next);
      if (state === 'due' || state === 'probing') return undefined;
      if (!window.hasRoom || (state === 'trial' && trial !== undefined)) return undefined;
      const waitMs = pace.waitMs(time);
      if (waitMs > 0) return waitMs;
      waiting.shift();
      pace.start(time);
      const start = window.start();
      if (state === 'trial') trial = lastTrial = start;
      void run(next, start);
    }
    return undefined;
  }

  async function run(message: Waiting<Result>, start: number): Promise<void> {
    let sign: Sign = 'neutral';
    try {
      const result = await message.start();
      sign = judge(result);
      message.resolve(result);
    } catch (error) {
      message.reject(error);
    } finally {
      window.end();
      learn(sign, start);
      pump();
    }
  }

  function learn(sign: Sign, start: number): void {
    const time = now();
    if (sign === 'throttled') pace.throttled(time);
    if (sign === 'alive') pace.answered();
    if (start === trial) {
      trial = undefined;
      settleTrial(sign, start, time);
    } else if (start > lastTrial && breaker.state(time) === 'closed') {
      watch(sign, start, time);
    }
  }

  function watch(sign: Sign, start: number, time: number): void {
    switch (sign) {
      case 'alive':
        window.answered(start);
        return breaker.answered(time);
      case 'failing':
        window.failed(start);
        breaker.failed(time);
        if (window.isClosed && breaker.state(time) === 'closed') breaker.open(time);
        return;
      case 'configuration':
        return breaker.open(time);
      case 'throttled':
      case 'neutral':
    }
  }

  function settleTrial(sign: Sign, start: number, time: number): void {
    switch (sign) {
      case 'alive':
      case 'throttled':
        window.answered(start);
        return breaker.close(time);
      case 'failing':
      case 'configuration':
        return breaker.open(time);
      case 'neutral':
      // Nothing was learned: the next one is the trial.
    }
  }

  /** Probes while `message` waits for it, out of the line, so that nobody sends it away meanwhile. */
  async function probeFor(message: Waiting<Result>): Promise<void> {
    waiting.shift();
    breaker.probe();
    const isAnswered = await probe().catch(() => false);
    waiting.unshift(message);
    if (isAnswered) {
      window.reopen();
      breaker.try();
    } else {
      breaker.open(now());
    }
    pump();
  }

  function sendAllAway(): void {
    for (const { resolve } of waiting.splice(0)) resolve({ notStarted: 'breaker-open' });
  }

  function setTimer(waitMs: number): void {
    cancelTimer?.();
    // Timers count whole milliseconds, and one that comes too early would have to be set again.
    const delayMs = Math.ceil(Math.min(waitMs, lookEveryMs));
    cancelTimer = waiting.length === 0 ? undefined : clock.after(delayMs, pump);
  }

  return {
    dispatch(start, canFinish) {
      return new Promise((resolve, reject) => {
        waiting.push({ start, canFinish, resolve, reject });
        pump();
      });
    },
  };
}

/** Time that a clock set back does not take back: what waits for a moment would wait for an hour more. */
function neverBack(now: () => number): () => number {
  let behindMs = 0;
  let last = -Infinity;
  return () => {
    const time = now() + behindMs;
    if (time < last) behindMs += last - time;
    else last = time;
    return last;
  };
}
