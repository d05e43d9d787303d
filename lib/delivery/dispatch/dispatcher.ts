import { type Judgement, saysNothing } from '../outcome.ts';
import { type Breaker, createBreaker } from './breaker.ts';
import { createPace } from './pace.ts';
import { createPauses } from './pauses.ts';
import { createSendWindow } from './window.ts';

export interface DispatcherOptions<Result> {
  /** Requests a second that this execution environment may start: the stage's rate / maximumConcurrency. */
  readonly ratePerSecond: number;
  /** Requests in flight at most. */
  readonly window: number;
  /** In milliseconds. `now` may jump, `after` may come late; the function it returns cancels. */
  readonly clock: { now(): number; after(delayMs: number, run: () => void): () => void };
  /** From 0 up to 1. */
  readonly random: () => number;
  readonly judge: (result: Result) => Judgement;
  /** Judges a harmless read with the key of that business. Rejecting counts as no answer. */
  readonly probe: (businessId: string) => Promise<Judgement>;
}

/** For a dispatcher of what says nothing about Connectly: it has a pace and a window, and never pauses. */
export const undisturbed: Pick<DispatcherOptions<unknown>, 'judge' | 'probe'> = {
  judge: () => saysNothing,
  probe: () => Promise.resolve(saysNothing),
};

export type NotStarted = { readonly notStarted: 'breaker-open' | 'business-paused' | 'no-time-left' };

export interface DispatchRequest<Result> {
  readonly businessId: string;
  readonly run: () => Promise<Result>;
  /** Whether a request begun now would still end in time. */
  readonly canFinish: () => boolean;
}

export interface Dispatcher<Result> {
  /**
   * Calls `run`, in order of arrival, when the window has room, the pace has a token, and neither Connectly nor the
   * business is paused. Resolves to `no-time-left` when `canFinish` says false before that. Rejects as `run` does, which
   * says nothing about Connectly.
   */
  dispatch(request: DispatchRequest<Result>): Promise<Result | NotStarted>;
}

/** How often waiting requests are asked whether they still have time, in milliseconds. */
const lookEveryMs = 1_000;

/** How much of the rate the probes for businesses may come to, beyond it. */
const probeShare = 1 / 10;

interface Waiting<Result> extends DispatchRequest<Result> {
  readonly resolve: (result: Result | NotStarted) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Decides when requests to Connectly start. Made to live as long as an execution environment: it holds one timer while a
 * request waits and none otherwise, saves nothing up over a freeze, and probes only for a request that waits for it.
 */
export function createDispatcher<Result>(options: DispatcherOptions<Result>): Dispatcher<Result> {
  const { clock, judge, probe, random } = options;
  const now = neverBack(() => clock.now());
  const pace = createPace(options.ratePerSecond);
  /** Of the probes for businesses, of which many may be due at once: a probe is a request, too. */
  const probePace = createPace(options.ratePerSecond * probeShare);
  const window = createSendWindow(options.window);
  /** Of Connectly as a whole. */
  const breaker = createBreaker(random);
  const pauses = createPauses(random);
  const waiting: Waiting<Result>[] = [];
  let cancelTimer: (() => void) | undefined;

  /** Starts what may start, sends away what may not, and sets the timer for the rest. */
  function pump(): void {
    const waitMs = startDue();
    if (waitMs === undefined) pace.rest();
    setTimer(waitMs ?? lookEveryMs);
  }

  /** Milliseconds until the next request may start; undefined when something other than time is missing. */
  function startDue(): number | undefined {
    let index = 0;
    for (let next = waiting[index]; next !== undefined; next = waiting[index]) {
      const time = now();
      const state = breaker.state(time);
      if (state === 'open') {
        for (const { resolve } of waiting.splice(0)) resolve({ notStarted: 'breaker-open' });
        return undefined;
      }
      const businessBreaker = pauses.breakerOf(next.businessId);
      const businessState = businessBreaker.state(time);
      if (businessState === 'open' || !next.canFinish()) {
        waiting.splice(index, 1);
        next.resolve({ notStarted: businessState === 'open' ? 'business-paused' : 'no-time-left' });
      } else if (businessState === 'probing' || businessState === 'trying') {
        // It waits alone: those of other businesses go past it.
        index += 1;
      } else if (state === 'due') {
        void probeFor(next, breaker);
      } else if (state === 'probing' || state === 'trying') {
        return undefined;
      } else if (businessState === 'due' && probePace.waitMs(time) > 0) {
        index += 1;
      } else if (businessState === 'due') {
        probePace.take(time);
        void probeFor(next, businessBreaker);
      } else {
        const waitMs = window.hasRoom ? pace.waitMs(time) : undefined;
        if (waitMs !== 0) return waitMs;
        waiting.splice(index, 1);
        begin(next, businessBreaker, time);
      }
    }
    return undefined;
  }

  function begin(request: Waiting<Result>, businessBreaker: Breaker, time: number): void {
    pace.take(time);
    const ticket = window.enter();
    breaker.started(ticket);
    businessBreaker.started(ticket);
    void run(request, ticket);
  }

  async function run(request: Waiting<Result>, ticket: number): Promise<void> {
    let judgement = saysNothing;
    try {
      const result = await request.run();
      judgement = judge(result);
      request.resolve(result);
    } catch (error) {
      request.reject(error);
    } finally {
      window.leave();
      learn(judgement, ticket, request.businessId);
      pump();
    }
  }

  function learn(judgement: Judgement, ticket: number, businessId: string): void {
    const time = now();
    if (judgement.pace === 'throttled') pace.throttled(time);
    if (judgement.pace === 'answered') pace.answered();
    pauses.learn(businessId, judgement.business, ticket, time);
    if (breaker.endedTrial(ticket, judgement.connectly, time)) {
      if (judgement.connectly === 'good') window.answered(ticket);
    } else if (breaker.heeds(ticket)) {
      watch(judgement, ticket, time);
    }
  }

  function watch(judgement: Judgement, ticket: number, time: number): void {
    switch (judgement.connectly) {
      case 'good':
        // A 429 does not say that Connectly does its work.
        if (judgement.pace !== 'answered') return;
        window.answered(ticket);
        return breaker.answered(time);
      case 'bad':
        window.failed(ticket);
        breaker.failed(time);
        if (window.isClosed && breaker.state(time) === 'closed') breaker.open(time);
        return;
      case 'hopeless':
        return breaker.open(time);
      case 'nothing':
    }
  }

  /** Probes for a waiting request, which leaves the line meanwhile: otherwise it could be sent away. */
  async function probeFor(request: Waiting<Result>, probed: Breaker): Promise<void> {
    waiting.splice(waiting.indexOf(request), 1);
    probed.probe();
    const { pace: answer, business } = await probe(request.businessId).catch(() => saysNothing);
    waiting.unshift(request);
    // That a business is refused is an answer of Connectly.
    const isGood = answer === 'answered' || (business === 'hopeless' && probed === breaker);
    if (isGood && probed === breaker) window.reopen();
    probed.probed(isGood, now());
    pump();
  }

  function setTimer(waitMs: number): void {
    cancelTimer?.();
    // Timers count whole milliseconds, and one that comes too early would have to be set again.
    const delayMs = Math.ceil(Math.min(waitMs, lookEveryMs));
    cancelTimer = waiting.length === 0 ? undefined : clock.after(delayMs, pump);
  }

  return {
    dispatch(request) {
      return new Promise((resolve, reject) => {
        waiting.push({ ...request, resolve, reject });
        pump();
      });
    },
  };
}

/** A time that never goes back, even when the clock is set back: otherwise a request could wait for an hour more. */
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
