import {
  createDispatcher,
  type DispatcherOptions,
  type NotStarted,
} from '../../../../lib/delivery/dispatch/dispatcher.ts';
import { judge, type Outcome } from '../../../../lib/delivery/outcome.ts';
import { createVirtualClock } from '../../../support/virtual-clock.ts';

/** What a request or a probe can come to, in the words of these tests. */
const outcomes = {
  alive: { kind: 'accepted', vendorId: 'V1' },
  throttled: { kind: 'not-sent', code: 'connectly-429' },
  failing: { kind: 'unclear', code: 'no-answer' },
  'business-fault': { kind: 'not-sent', code: 'connectly-401', configurationFault: 'business' },
  'stage-fault': { kind: 'not-sent', code: 'secret-not-set', configurationFault: 'stage' },
  neutral: { kind: 'duplicate' },
} as const satisfies Record<string, Outcome>;

type Sign = keyof typeof outcomes;

const judgeSign = (sign: Sign) => judge(outcomes[sign]);

/** One request that the dispatcher has started; the test says when and how it ends. */
interface Started {
  readonly name: string;
  readonly at: number;
  readonly end: (sign: Sign) => Promise<void>;
  readonly fail: (error: Error) => Promise<void>;
}

/** One probe that the dispatcher has made; the test says what comes of it. */
interface Probe {
  readonly businessId: string;
  readonly say: (sign: Sign) => Promise<void>;
  readonly answer: (isAnswered: boolean) => Promise<void>;
}

export const breakerOpen: NotStarted = { notStarted: 'breaker-open' };
export const businessPaused: NotStarted = { notStarted: 'business-paused' };
export const noTimeLeft: NotStarted = { notStarted: 'no-time-left' };

/** A dispatcher of one request a millisecond, so that the pace is in nobody's way, over a clock moved by hand. */
export function scene(options: Partial<Omit<DispatcherOptions<Sign>, 'clock'>> = {}) {
  const clock = createVirtualClock(0);
  const started: Started[] = [];
  const ended: { name: string; result: Sign | NotStarted | Error }[] = [];
  const probes: Probe[] = [];
  let setBackMs = 0;
  const settle = () => clock.advance(0);
  const dispatcher = createDispatcher<Sign>({
    ratePerSecond: 1_000,
    window: 4,
    clock: { ...clock, now: () => clock.now() - setBackMs },
    random: () => 0.5,
    judge: judgeSign,
    probe: (businessId) =>
      new Promise((resolve) => {
        const say = (sign: Sign) => {
          resolve(judgeSign(sign));
          return settle();
        };
        probes.push({ businessId, say, answer: (isAnswered) => say(isAnswered ? 'alive' : 'failing') });
      }),
    ...options,
  });

  function dispatch(
    name: string,
    canFinish: () => boolean = () => true,
    businessId: string = 'business-1',
  ): void {
    const run = () =>
      new Promise<Sign>((resolve, reject) => {
        started.push({
          name,
          at: clock.now(),
          end: (sign) => {
            resolve(sign);
            return settle();
          },
          fail: (error) => {
            reject(error);
            return settle();
          },
        });
      });
    dispatcher.dispatch({ businessId, run, canFinish }).then(
      (result) => ended.push({ name, result }),
      (error: unknown) => ended.push({ name, result: error instanceof Error ? error : new Error('?') }),
    );
  }

  return {
    clock,
    dispatcher,
    dispatch,
    started,
    ended,
    probes,
    names: () => started.map(({ name }) => name),
    dispatchAll: (names: string, canFinish?: () => boolean) => {
      for (const name of names) dispatch(name, canFinish);
    },
    /** Dispatches messages of a business of their own. */
    dispatchFor: (businessId: string, names: string, canFinish?: () => boolean) => {
      for (const name of names) dispatch(name, canFinish, businessId);
    },
    /** Ends the request of that name. */
    end: async (name: string, sign: Sign) => started.findLast((each) => each.name === name)?.end(sign),
    setBack: (milliseconds: number) => {
      setBackMs += milliseconds;
    },
  };
}

/** Where a breaker opened at time 0 without jitter is due. */
export const dueAt = 15_000;
