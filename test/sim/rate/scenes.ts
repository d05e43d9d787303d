import type { Trouble, VendorScript } from './scripted-vendor.ts';
import { type Report, stage } from './simulate.ts';

/** A figure that a run must reach. */
export interface Goal {
  readonly name: string;
  readonly measure: (report: Report) => number;
  readonly atLeast?: number;
  readonly atMost?: number | ((report: Report) => number);
}

export interface Scene {
  readonly name: string;
  /** Of the whole stage, in requests a second. */
  readonly ratePerSecond: number;
  readonly vendor: VendorScript;
  readonly goals: readonly Goal[];
}

const minuteMs = 60_000;
/** Trouble begins when everything is running. */
const troubleFromMs = 30_000;

const defaultRate = 160;
const healthy: VendorScript = { limitPerSecond: 200, medianLatencyMs: 150, troubleAt: () => undefined };

const nothingLost: readonly Goal[] = [
  { name: 'messages lost', measure: ({ lost }) => lost, atMost: 0 },
  { name: 'messages not sent in time', measure: ({ left }) => left, atMost: 0 },
  { name: 'messages accepted twice', measure: ({ duplicates }) => duplicates, atMost: 0 },
  { name: 'dead letters', measure: ({ deadLetters }) => deadLetters, atMost: 0 },
  {
    name: 'longest invocation in seconds',
    measure: ({ longestInvocationMs }) => longestInvocationMs / 1_000,
    atMost: stage.functionTimeoutMs / 1_000,
  },
];

export const rateOf = ({ accepted, seconds }: Report): number => accepted / seconds;

export const requestsPerMessage = ({ requests, reads, messages }: Report): number =>
  (requests + reads) / messages;

const share429 = ({ answered429, requests }: Report): number => answered429 / requests;

const fewRequests: Goal = { name: 'requests per message', measure: requestsPerMessage, atMost: 1.05 };

/** Nothing hangs or breaks in these scenes, but for answers slower than the deadline of a request. */
const nothingUnclear: Goal = {
  name: 'unclear sends',
  measure: ({ unclear }) => unclear,
  atMost: ({ answeredTooLate }) => answeredTooLate,
};

const unclearOnce: Goal = {
  name: 'unclear sends',
  measure: ({ unclear }) => unclear,
  atMost: ({ reads }) => stage.environments * stage.window + reads,
};

function healthyAt(ratePerSecond: number): Scene {
  return {
    name: `healthy-${ratePerSecond}`,
    ratePerSecond,
    vendor: healthy,
    goals: [
      ...nothingLost,
      nothingUnclear,
      { name: 'messages a second', measure: rateOf, atLeast: 0.93 * ratePerSecond },
      { name: '429s', measure: ({ answered429 }) => answered429, atMost: 0 },
    ],
  };
}

interface Outage {
  readonly name: string;
  readonly trouble: Trouble;
  readonly minutes: number;
  readonly readsAlwaysWork?: boolean;
}

function outage({ name, trouble, minutes, readsAlwaysWork = false }: Outage): Scene {
  const untilMs = troubleFromMs + minutes * minuteMs;
  const troubleAt = (elapsedMs: number) =>
    elapsedMs >= troubleFromMs && elapsedMs < untilMs ? trouble : undefined;
  return {
    name: `${name}-${minutes}-minutes`,
    ratePerSecond: defaultRate,
    vendor: { ...healthy, readsAlwaysWork, troubleAt },
    goals: [...nothingLost, fewRequests, trouble === 'refusing-connections' ? nothingUnclear : unclearOnce],
  };
}

const hardLimit = 80;

export const scenes: readonly Scene[] = [
  healthyAt(defaultRate),
  healthyAt(200),
  {
    name: 'hard-limit',
    ratePerSecond: defaultRate,
    vendor: { ...healthy, limitPerSecond: hardLimit },
    goals: [
      ...nothingLost,
      nothingUnclear,
      { name: 'messages a second', measure: rateOf, atLeast: 0.85 * hardLimit },
      { name: 'share of 429s', measure: share429, atMost: 0.02 },
    ],
  },
  {
    name: 'slow',
    ratePerSecond: defaultRate,
    vendor: { ...healthy, medianLatencyMs: 900 },
    goals: [...nothingLost, fewRequests, nothingUnclear],
  },
  {
    name: 'bursts-of-429',
    ratePerSecond: defaultRate,
    // For 3 s of every minute everything is refused.
    vendor: {
      ...healthy,
      troubleAt: (elapsedMs) =>
        elapsedMs % minuteMs >= troubleFromMs && elapsedMs % minuteMs < troubleFromMs + 3_000
          ? 'limiting'
          : undefined,
    },
    goals: [
      ...nothingLost,
      fewRequests,
      nothingUnclear,
      { name: 'messages a second', measure: rateOf, atLeast: 0.7 * defaultRate },
    ],
  },
  ...[10, 60].flatMap((minutes) => [
    outage({ name: 'errors', trouble: 'unavailable', minutes }),
    outage({ name: 'refused-connections', trouble: 'refusing-connections', minutes }),
    outage({ name: 'silence', trouble: 'silent', minutes }),
  ]),
  outage({ name: 'silence-to-sends-only', trouble: 'silent', minutes: 60, readsAlwaysWork: true }),
];

export function findScene(name: string): Scene | undefined {
  return scenes.find((scene) => scene.name === name);
}
