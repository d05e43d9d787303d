import {
  createDispatcher,
  type DispatcherOptions,
  type DispatchRequest,
  type NotStarted,
  type Pause,
  type Turn,
} from '../../../../lib/delivery/dispatch/dispatcher.ts';
import { codeOf, type Outcome, signOf } from '../../../../lib/delivery/outcome.ts';
import { createVirtualClock } from '../../../support/virtual-clock.ts';

/** What a request or a probe can come to, in the words of these tests. */
const outcomes = {
  alive: { kind: 'accepted', vendorId: 'V1' },
  throttled: { kind: 'not-sent', code: 'connectly-429' },
  failing: { kind: 'unclear', code: 'no-answer' },
  'turned-down': { kind: 'not-sent', code: 'connectly-403', configurationFault: 'request' },
  'business-fault': { kind: 'not-sent', code: 'connectly-401', configurationFault: 'business' },
  'stage-fault': { kind: 'not-sent', code: 'secret-not-set', configurationFault: 'stage' },
  neutral: { kind: 'duplicate' },
} as const satisfies Record<string, Outcome>;

export type Sign = keyof typeof outcomes;

const judge = (sign: Sign) => ({ sign: signOf(outcomes[sign]), code: codeOf(outcomes[sign]) });

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
}

interface Ended {
  readonly name: string;
  readonly result: Sign | NotStarted['notStarted'] | Error;
}

type Options = Partial<Omit<DispatcherOptions<Sign>, 'clock'>>;
type Request = Partial<Omit<DispatchRequest<Sign>, 'run'>>;

const always = () => true;

/** Where a gate that closed at time 0 without jitter is due. */
export const dueAt = 15_000;

/** A dispatcher of one request a millisecond, so that the pace is in nobody's way, over a clock moved by hand. */
export function scene(options: Options = {}, startAt = 0) {
  const clock = createVirtualClock(startAt);
  const started: Started[] = [];
  const ended: Ended[] = [];
  const probes: Probe[] = [];
  const turns: Turn[] = [];
  const pauses = new Map<string, Pause>();
  let setBackMs = 0;
  const settle = () => clock.advance(0);
  const dispatcher = createDispatcher<Sign>({
    ratePerSecond: 1_000,
    window: 4,
    clock: { ...clock, now: () => clock.now() - setBackMs },
    random: () => 0.5,
    judge,
    probe: (businessId) =>
      new Promise((resolve) => {
        const say = (sign: Sign) => {
          resolve(judge(sign));
          return settle();
        };
        probes.push({ businessId, say });
      }),
    onTurn: (turn) => turns.push(turn),
    ...options,
  });

  function dispatch(name: string, request: Request = {}): void {
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
    const ordinary = { businessId: 'business-1', number: undefined, message: name, canFinish: always };
    dispatcher.dispatch({ ...ordinary, ...request, run }).then(
      (result) => {
        if (typeof result === 'string') return ended.push({ name, result });
        if (result.notStarted !== 'no-time-left') pauses.set(name, result);
        return ended.push({ name, result: result.notStarted });
      },
      (error: unknown) => ended.push({ name, result: error instanceof Error ? error : new Error('?') }),
    );
  }

  const dispatchFor = (businessId: string, names: Iterable<string>, canFinish = always) => {
    for (const name of names) dispatch(name, { businessId, canFinish });
  };

  return {
    clock,
    dispatcher,
    dispatch,
    started,
    ended,
    probes,
    /** Whenever sending began to pause, and when it went on. */
    turns,
    /** What those were told who were turned away, by their names. */
    pauses,
    names: () => started.map(({ name }) => name),
    dispatchAll: (names: Iterable<string>, canFinish?: () => boolean) =>
      dispatchFor('business-1', names, canFinish),
    /** Dispatches messages of a business of their own. */
    dispatchFor,
    /** Ends the request of that name. */
    end: async (name: string, sign: Sign) => started.findLast((each) => each.name === name)?.end(sign),
    setBack: (milliseconds: number) => {
      setBackMs += milliseconds;
    },
  };
}

export type Scene = ReturnType<typeof scene>;

/** A scene whose window is as wide as it can be, at time 0. Somebody else was well before. */
export async function wideScene(options: Options = {}): Promise<Scene> {
  const { ratePerSecond = 1_000, window = 4 } = options;
  const answers = Math.ceil(window / 4);
  const made = scene(options, -10_000 - Math.ceil((answers * 1_000) / ratePerSecond));
  for (let answer = 0; answer < answers; answer += 1) {
    made.dispatch('before', { businessId: `business-before-${answer}` });
    await made.clock.advance(Math.ceil(1_000 / ratePerSecond));
    await made.end('before', 'alive');
  }
  await made.clock.advance(-made.clock.now());
  made.started.length = 0;
  made.ended.length = 0;
  return made;
}

/** Starts the messages of a business, and ends each before the next one starts. At the lowest rate, too. */
export async function sendEach(made: Scene, businessId: string, names: Iterable<string>, sign: Sign) {
  for (const name of names) {
    made.dispatchFor(businessId, [name]);
    await made.clock.advance(20);
    await made.end(name, sign);
  }
}

/** The names of so many messages. */
export const named = (prefix: string, many: number): readonly string[] =>
  Array.from({ length: many }, (_, index) => `${prefix}-${index + 1}`);
