import type { Sign } from '../outcome.ts';
import { type Business, createBusinesses, type LaneRates } from './businesses.ts';
import { createEvidence } from './evidence.ts';
import { type Closure, createGate, type Gate, type Verdict } from './gate.ts';
import { createLane, type Lane } from './lane.ts';
import { createPace } from './pace.ts';
import { verdictOnProbe, verdictOnTrial } from './verdicts.ts';
import { createSendWindow } from './window.ts';

export interface DispatcherOptions<Result> {
  /** Requests a second that this execution environment may start: the stage's rate / maximumConcurrency. */
  readonly ratePerSecond: number;
  /**
   * How many of those that are turned away shall come back in a second, when it is their turn again; no more than may start
   * unless given. Whichever environment is well receives them.
   */
  readonly returnsPerSecond?: number;
  /** Its shares of the rates of one business and of one sender number; without them, these have the stage's. */
  readonly laneRates?: { readonly [Kind in keyof LaneRates]?: number | undefined };
  /** Requests in flight at most. */
  readonly window: number;
  /** In milliseconds. `now` may jump, `after` may come late; the function it returns cancels. */
  readonly clock: { now(): number; after(delayMs: number, run: () => void): () => void };
  /** From 0 up to 1. */
  readonly random: () => number;
  readonly judge: (result: Result) => Judgement;
  /** Judges a harmless read with the key of that business. Rejecting counts as no answer. */
  readonly probe: (businessId: string) => Promise<Judgement>;
  /** Told when sending, or sending for one business, begins to pause, after each try that fails, and when it goes on. */
  readonly onTurn?: (turn: Turn) => void;
}

/** What a result says about the way that requests take, and the code that stands for it. */
export interface Judgement {
  readonly sign: Sign;
  readonly code: string;
}

/** Of what pauses: all sending, or sending for one business. */
export type Paused = 'sending-paused' | 'business-paused';

export interface Turn extends Closure {
  readonly paused: Paused;
  readonly isOver: boolean;
}

const saysNothing: Judgement = { sign: 'nothing', code: '' };

/** For a dispatcher of what says nothing about Connectly: it has a pace and a window, and never pauses. */
export const undisturbed: Pick<DispatcherOptions<unknown>, 'judge' | 'probe'> = {
  judge: () => ({ sign: 'well', code: '' }),
  probe: () => Promise.resolve({ sign: 'well', code: '' }),
};

/** Sending pauses: since when, why, and in how many milliseconds somebody shall come back. */
export interface Pause {
  readonly paused: Paused;
  readonly closure: Closure;
  readonly comeBackInMs: number;
}

/** Why a request was not started. */
export type NotStarted = { readonly notStarted: 'no-time-left' } | ({ readonly notStarted: Paused } & Pause);

export interface DispatchRequest<Result> {
  readonly businessId: string;
  /** The sender number, where it is known. */
  readonly number: string | undefined;
  /** Anything that tells messages apart. */
  readonly message: string;
  readonly run: () => Promise<Result>;
  /** Whether a request begun now would still end in time. */
  readonly canFinish: () => boolean;
}

export interface Dispatcher<Result> {
  /**
   * Calls `run`, in order of arrival, when the window has room, the paces have a token, and the gates are open. Resolves
   * to `no-time-left` when `canFinish` says false before that. Rejects as `run` does, which says nothing about Connectly.
   */
  dispatch(request: DispatchRequest<Result>): Promise<Result | NotStarted>;
  /** When somebody of that business shall come back whose request has failed; undefined when nothing pauses. */
  pauseFor(businessId: string): Pause | undefined;
}

/** How often waiting requests are asked whether they still have time, in milliseconds. */
const lookEveryMs = 1_000;

/** How much of the rate the probes for businesses may come to, beyond it. */
const probeShare = 1 / 10;

/**
 * After bad results of so many different messages, that no good one outweighs, a gate closes. Where a tenth is turned
 * down, five in a row come by chance within the hour, and eight do not. Where a fifth fails, at once or after
 * long silence, the rest goes on.
 */
const severalOf = { 'turned-down': 8, throttled: 5, failing: 10 } as const;
const severalFailuresOfAll = 16;

interface Waiting<Result> extends DispatchRequest<Result> {
  readonly business: Business;
  readonly lane: Lane;
  readonly resolve: (result: Result | NotStarted) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Decides when requests to Connectly start. Made to live as long as an execution environment: it holds one timer while a
 * request waits and none otherwise, saves nothing up over a freeze, and probes only for a request that waits for it.
 */
export function createDispatcher<Result>(options: DispatcherOptions<Result>): Dispatcher<Result> {
  const { clock, judge, probe, random, ratePerSecond, laneRates, onTurn = () => {} } = options;
  const { returnsPerSecond = ratePerSecond } = options;
  const now = neverBack(() => clock.now());
  const intervalMs = 1_000 / returnsPerSecond;
  const stage = createLane(ratePerSecond);
  /** Of the probes for businesses, of which many may be due at once: a probe is a request, too. */
  const probePace = createPace(ratePerSecond * probeShare);
  const window = createSendWindow(options.window);
  /** Of Connectly as a whole, and what speaks for closing it. */
  const gate = createGate(random);
  const evidence = createEvidence();
  const severalOfAll = Math.min(severalFailuresOfAll, options.window);
  const businesses = createBusinesses(random, stage, {
    business: laneRates?.business ?? ratePerSecond,
    number: laneRates?.number ?? ratePerSecond,
  });
  const waiting: Waiting<Result>[] = [];
  let lastTried: Business | undefined;
  let cancelTimer: (() => void) | undefined;

  /** Starts what may start, sends away what may not, and sets the timer for the rest. */
  function pump(): void {
    setTimer(startDue() ?? lookEveryMs);
  }

  /** Milliseconds until the next request may start; undefined when something other than time is missing. */
  function startDue(): number | undefined {
    let index = 0;
    let soonestMs: number | undefined;
    /** Whoever waits for these waits alone: those of others go past. */
    const blocked = new Set<Lane>();
    if (gate.state(now()) === 'trial') letAnotherTry();
    for (let next = waiting[index]; next !== undefined; next = waiting[index]) {
      if (blocked.has(next.lane) || blocked.has(next.business.lane)) {
        index += 1;
        continue;
      }
      const time = now();
      const state = gate.state(time);
      if (state === 'closed') {
        for (const each of waiting.splice(0)) turnAway(each, 'sending-paused', gate, time);
        return undefined;
      }
      const businessState = next.business.gate.state(time);
      if (businessState === 'closed' || !next.canFinish()) {
        waiting.splice(index, 1);
        if (businessState === 'closed') turnAway(next, 'business-paused', next.business.gate, time);
        else next.resolve({ notStarted: 'no-time-left' });
      } else if (businessState === 'probing' || businessState === 'trying') {
        blocked.add(next.business.lane);
      } else if (state === 'due') {
        void probeFor(next, gate, 'stage');
      } else if (state === 'probing' || state === 'trying') {
        return undefined;
      } else if (businessState === 'due' && probePace.waitMs(time) > 0) {
        blocked.add(next.business.lane);
      } else if (businessState === 'due') {
        probePace.take(time);
        void probeFor(next, next.business.gate, 'business');
      } else {
        if (!window.hasRoom(evidence.size / options.window)) return soonestMs;
        const stageWaitMs = stage.pace.waitMs(time);
        const blocking = [next.lane, next.business.lane].find(({ pace }) => pace.waitMs(time) > 0);
        if (stageWaitMs > 0) return Math.min(stageWaitMs, soonestMs ?? stageWaitMs);
        if (blocking === undefined) {
          waiting.splice(index, 1);
          begin(next, time);
        } else {
          // Its number or its business has had its share.
          blocked.add(blocking);
          soonestMs = Math.min(blocking.pace.waitMs(time), soonestMs ?? Number.POSITIVE_INFINITY);
        }
      }
    }
    return soonestMs;
  }

  /** Who tries for all is of another business than the last time, where one waits, or one in trouble could keep all away. */
  function letAnotherTry(): void {
    const index = waiting.findIndex(
      ({ business }) => business !== lastTried && business.gate.closure === undefined,
    );
    if (index > 0) waiting.unshift(...waiting.splice(index, 1));
  }

  function turnAway({ resolve }: Waiting<Result>, paused: Paused, closed: Gate, time: number): void {
    const pause = pauseOf(paused, closed, time);
    if (pause === undefined) throw new Error('Only a closed gate turns away.');
    resolve({ notStarted: paused, ...pause });
  }

  function pauseOf(paused: Paused, closed: Gate, time: number): Pause | undefined {
    const { closure } = closed;
    return closure && { paused, closure, comeBackInMs: closed.placeMs(time, intervalMs) };
  }

  function begin(request: Waiting<Result>, time: number): void {
    const { lane, business } = request;
    for (const { pace } of new Set([lane, business.lane, stage])) pace.take(time);
    const ticket = window.enter();
    gate.started(ticket);
    business.gate.started(ticket);
    business.underWay.add(ticket);
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
      request.business.underWay.delete(ticket);
      learn(judgement, ticket, request);
      pump();
    }
  }

  function learn(
    { sign, code }: Judgement,
    ticket: number,
    { business, lane, message }: Waiting<Result>,
  ): void {
    const time = now();
    const wasTrial = endTrial('sending-paused', gate, verdictOnTrial.stage[sign], ticket, code);
    if (wasTrial) lastTried = business;
    if (sign === 'refuses-stage' && gate.heeds(ticket)) close('sending-paused', gate, code);
    if (endTrial('business-paused', business.gate, verdictOnTrial.business[sign], ticket, code)) {
      if (sign === 'well') wentWell();
      return;
    }
    switch (sign) {
      case 'well':
        return wentWell();
      case 'refuses-business':
        if (business.gate.heeds(ticket)) closeBusiness();
        return;
      case 'throttled':
      case 'failing':
      case 'turned-down':
        // A trial for all that is turned down has said nothing of all, and something of its business.
        if ((!wasTrial || sign === 'turned-down') && business.gate.heeds(ticket)) watch(sign);
        return;
      case 'refuses-stage':
      case 'nothing':
    }

    function wentWell(): void {
      window.answered();
      lane.answered();
      evidence.good(ticket);
      business.evidence.good(ticket);
      businesses.wentWell(business, ticket);
    }

    function watch(bad: keyof typeof severalOf): void {
      // Those that come together are one piece of news, and the lane has yet to slow down: that may be all it takes.
      if (bad === 'throttled' && !lane.throttled(time)) return;
      business.evidence.bad(message, ticket);
      if (bad === 'failing' && gate.heeds(ticket)) evidence.bad(message, ticket);
      if (isTroubleOf(business, bad)) return closeBusiness();
      if (bad === 'failing' && evidence.size >= severalOfAll) close('sending-paused', gate, code);
    }

    function closeBusiness(): void {
      // Its trouble is its own.
      evidence.forget(business.evidence.messages);
      business.evidence.forget(business.evidence.messages);
      close('business-paused', business.gate, code);
    }
  }

  function isTroubleOf(business: Business, bad: keyof typeof severalOf): boolean {
    // What turns a request down has read it, and is quick: those that it lets pass take longer to answer.
    if (bad === 'turned-down') return business.evidence.sizeIfWell(business.underWay) >= severalOf[bad];
    // Silence and 429s may be everybody's.
    return business.evidence.size >= severalOf[bad] && businesses.isAlone(business);
  }

  function close(paused: Paused, closing: Gate, code: string): void {
    closing.close(code, now());
    if (closing === gate) {
      businesses.forgetEvidence();
      evidence.forget(evidence.messages);
    }
    tellOf(paused, closing);
  }

  /** Told anew after each try that failed: there is a next one then. */
  function tellOf(paused: Paused, { closure }: Gate): void {
    if (closure !== undefined) onTurn({ paused, isOver: false, ...closure });
  }

  function endTrial(paused: Paused, tried: Gate, verdict: Verdict, ticket: number, code: string): boolean {
    const { closure } = tried;
    if (!tried.endedTrial(ticket, verdict, code, now())) return false;
    if (verdict === 'bad') tellOf(paused, tried);
    if (verdict !== 'good' || closure === undefined) return true;
    if (tried === gate) window.restart();
    onTurn({ paused, isOver: true, ...closure });
    return true;
  }

  /** Probes for a waiting request, which leaves the line meanwhile: otherwise it could be sent away. */
  async function probeFor(
    request: Waiting<Result>,
    probed: Gate,
    of: keyof typeof verdictOnProbe,
  ): Promise<void> {
    waiting.splice(waiting.indexOf(request), 1);
    probed.probe();
    const { sign, code } = await probe(request.businessId).catch(() => saysNothing);
    waiting.unshift(request);
    // A key that was refused for sending, and is for reading, is refused. One that only reads may lack that right alone.
    const isNews = sign === 'refuses-business' && of === 'business' && probed.closure?.cause !== code;
    probed.probed(isNews ? 'bad' : verdictOnProbe[of][sign], now());
    if (probed.state(now()) === 'closed')
      tellOf(of === 'stage' ? 'sending-paused' : 'business-paused', probed);
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
        const business = businesses.of(request.businessId);
        const lane = businesses.laneOf(business, request.number);
        waiting.push({ ...request, business, lane, resolve, reject });
        pump();
      });
    },
    pauseFor(businessId) {
      const time = now();
      return (
        pauseOf('sending-paused', gate, time) ??
        pauseOf('business-paused', businesses.of(businessId).gate, time)
      );
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
