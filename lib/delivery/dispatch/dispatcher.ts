import type { Sign } from '../sign.ts';
import { createGate, type Gate, type Verdict } from './gate.ts';
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
  readonly judge: (result: Result) => Sign;
  /** A harmless read with the key of that business, and what it says. Rejecting is no answer. */
  readonly probe: (businessId: string) => Promise<Sign>;
}

/** For a dispatcher of what says nothing about Connectly: it has a pace and a window, and never pauses. */
export const undisturbed: Pick<DispatcherOptions<unknown>, 'judge' | 'probe'> = {
  judge: () => 'neutral',
  probe: () => Promise.resolve('neutral'),
};

export type NotStarted = { readonly notStarted: 'breaker-open' | 'business-paused' | 'no-time-left' };

export interface DispatchRequest<Result> {
  readonly businessId: string;
  readonly start: () => Promise<Result>;
  /** Whether a request begun now would still end in time. */
  readonly canFinish: () => boolean;
}

export interface Dispatcher<Result> {
  /**
   * Calls `start` when the window has room, the pace has a token, and neither Connectly as a whole nor the business
   * alone is to be left in peace; in order of arrival. When `canFinish` says false by then, or while it waits:
   * no-time-left. Rejects as `start` does, which says nothing about Connectly.
   */
  dispatch(request: DispatchRequest<Result>): Promise<Result | NotStarted>;
}

/** How often those who wait are asked whether they still have time, in milliseconds. */
const lookEveryMs = 1_000;

/** How much of the rate the probes for businesses may come to, beyond it. */
const probeShare = 1 / 10;

interface Waiting<Result> extends DispatchRequest<Result> {
  readonly resolve: (result: Result | NotStarted) => void;
  readonly reject: (error: unknown) => void;
}

/** What a result says about Connectly as a whole. */
const verdictOf: Readonly<Record<Sign, Verdict>> = {
  alive: 'good',
  throttled: 'good',
  failing: 'bad',
  'stage-fault': 'bad',
  'business-fault': 'nothing',
  neutral: 'nothing',
};

/**
 * Decides when requests to Connectly start. Made to live as long as an execution environment: it holds one timer while
 * somebody waits and none otherwise, saves nothing up over a freeze, and probes only for somebody who waits for it.
 */
export function createDispatcher<Result>(options: DispatcherOptions<Result>): Dispatcher<Result> {
  const { clock, judge, probe, random } = options;
  const now = neverBack(() => clock.now());
  const pace = createPace(options.ratePerSecond);
  /** Of the probes for businesses, of which many may be due at once: a probe is a request, too. */
  const probePace = createPace(options.ratePerSecond * probeShare);
  const window = createSendWindow(options.window);
  /** Of Connectly as a whole. */
  const gate = createGate(random);
  const pauses = createPauses(random);
  const waiting: Waiting<Result>[] = [];
  let cancelTimer: (() => void) | undefined;

  /** Starts what may start, sends away what may not, and sets the timer for the rest. */
  function pump(): void {
    const waitMs = startDue();
    if (waitMs === undefined) pace.rest();
    setTimer(waitMs ?? lookEveryMs);
  }

  /** In how many milliseconds the next one may start; undefined when time is not what is missing. */
  function startDue(): number | undefined {
    let place = 0;
    for (let next = waiting[place]; next !== undefined; next = waiting[place]) {
      const time = now();
      const state = gate.state(time);
      if (state === 'open') {
        for (const { resolve } of waiting.splice(0)) resolve({ notStarted: 'breaker-open' });
        return undefined;
      }
      const own = pauses.gateOf(next.businessId);
      const ownState = own.state(time);
      if (ownState === 'open' || !next.canFinish()) {
        waiting.splice(place, 1);
        next.resolve({ notStarted: ownState === 'open' ? 'business-paused' : 'no-time-left' });
      } else if (ownState === 'probing' || ownState === 'trying') {
        // It waits alone: those of other businesses go past it.
        place += 1;
      } else if (state === 'due') {
        void probeFor(next, gate);
      } else if (state === 'probing' || state === 'trying') {
        return undefined;
      } else if (ownState === 'due' && probePace.waitMs(time) > 0) {
        place += 1;
      } else if (ownState === 'due') {
        probePace.start(time);
        void probeFor(next, own);
      } else {
        const waitMs = window.hasRoom ? pace.waitMs(time) : undefined;
        if (waitMs !== 0) return waitMs;
        waiting.splice(place, 1);
        begin(next, own, time);
      }
    }
    return undefined;
  }

  function begin(message: Waiting<Result>, own: Gate, time: number): void {
    pace.start(time);
    const start = window.start();
    gate.started(start, time);
    own.started(start, time);
    void run(message, start);
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
      learn(sign, start, message.businessId);
      pump();
    }
  }

  function learn(sign: Sign, start: number, businessId: string): void {
    const time = now();
    if (sign === 'throttled') pace.throttled(time);
    if (sign === 'alive') pace.answered();
    pauses.learn(businessId, sign, start, time);
    const verdict = verdictOf[sign];
    if (gate.endedTrial(start, verdict, time)) {
      if (verdict === 'good') window.answered(start);
    } else if (gate.heeds(start, time)) {
      watch(sign, start, time);
    }
  }

  function watch(sign: Sign, start: number, time: number): void {
    switch (sign) {
      case 'alive':
        window.answered(start);
        return gate.answered(time);
      case 'failing':
        window.failed(start);
        gate.failed(time);
        if (window.isClosed && gate.state(time) === 'closed') gate.open(time);
        return;
      case 'stage-fault':
        return gate.open(time);
      case 'business-fault':
      case 'throttled':
      case 'neutral':
    }
  }

  /** Probes while `message` waits for it, out of the line, so that nobody sends it away meanwhile. */
  async function probeFor(message: Waiting<Result>, probed: Gate): Promise<void> {
    waiting.splice(waiting.indexOf(message), 1);
    probed.probe();
    const sign = await probe(message.businessId).catch((): Sign => 'failing');
    waiting.unshift(message);
    // That a business is refused is an answer of Connectly.
    const isGood = sign === 'alive' || (sign === 'business-fault' && probed === gate);
    if (isGood && probed === gate) window.reopen();
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
