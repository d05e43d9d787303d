import type { Figure } from '../harness/figures.ts';
import type { Variables } from '../harness/shipped.ts';
import type { Stage } from '../harness/simulated/stage.ts';
import { crowds } from './crowds.ts';
import type { From } from './marked-messages.ts';
import { neighbours } from './neighbours.ts';
import { recoveries } from './recoveries.ts';
import type { Trouble, VendorScript } from './scripted-vendor.ts';
import type { Report } from './simulate.ts';

export interface Scene {
  readonly name: string;
  /** Of the whole stage, in requests a second. */
  readonly ratePerSecond: number;
  readonly vendor: VendorScript;
  /** How many execution environments; as many as the stage has unless given. */
  readonly environments?: number;
  /** Settings of the function other than the stage's. */
  readonly variables?: Variables;
  /** How many milliseconds after the start the message of that number is queued; at the start unless given. */
  readonly queuedAfterMs?: (index: number, messages: number) => number;
  /** Who the message of that number is from. */
  readonly from?: (index: number) => From;
  /** Whether it is run once more without trouble, to be compared with. */
  readonly isCompared?: boolean;
  /** By how much the ledger's answers differ, in milliseconds; some unless given. */
  readonly ledgerSpreadMs?: number;
  /** How long a message of that number may live, in milliseconds; as long as messages do unless given. */
  readonly lifeMs?: (index: number) => number | undefined;
  /** How many messages, for a scene that is about so many. */
  readonly messages?: number;
  /** Ends so many milliseconds after the start even though messages wait; when all have expired unless given. */
  readonly endsAfterMs?: number;
  /** Whether messages may wait still when it ends. */
  readonly mayWait?: boolean;
  /** Whether it is about more messages than a queue has in flight. */
  readonly isCrowd?: boolean;
  /** Whether it needs a long run: at the end of a queue, where a few wait for their second try, the rate falls. */
  readonly isSteady?: boolean;
  /** What its runs must reach, besides what all must. */
  readonly figures: (report: Report, stage: Stage) => readonly Figure[];
}

const minuteMs = 60_000;
/** Trouble begins when everything is running. */
const troubleFromMs = 30_000;

const defaultRate = 160;
const healthy: VendorScript = { limitPerSecond: 200, medianLatencyMs: 150, troubleAt: () => undefined };

export const rateOf = ({ accepted, seconds }: Report): number => accepted / seconds;

export const requestsPerMessage = ({ requests, reads, messages }: Report): number =>
  (requests + reads) / messages;

const messagesASecond = (report: Report, atLeast: number): Figure => {
  return { name: 'messages a second', value: rateOf(report), atLeast };
};

/** Otherwise all messages were sent before the trouble began, and the run proves nothing. */
const metTrouble = ({ inTrouble }: Report): Figure => {
  return { name: 'requests that met the trouble', value: inTrouble, atLeast: 1 };
};

const fewRequests = (report: Report): Figure => {
  return { name: 'requests per message', value: requestsPerMessage(report), atMost: 1.05 };
};

/** Nothing hangs or breaks in these scenes, but for answers slower than the deadline of a request. */
const nothingUnclear = ({ unclear, answeredTooLate }: Report): Figure => {
  return { name: 'unclear sends', value: unclear, atMost: answeredTooLate };
};

const unclearOnce = ({ unclear, reads }: Report, { window, sendMessage }: Stage): Figure => {
  return { name: 'unclear sends', value: unclear, atMost: sendMessage.maximumConcurrency * window + reads };
};

function healthyAt(ratePerSecond: number, more: Pick<Scene, 'ledgerSpreadMs'> = {}): Scene {
  return {
    name: `healthy-${ratePerSecond}`,
    ratePerSecond,
    vendor: healthy,
    isSteady: true,
    ...more,
    figures: (report) => [
      nothingUnclear(report),
      messagesASecond(report, 0.93 * ratePerSecond),
      { name: '429s', value: report.answered429, atMost: 0 },
    ],
  };
}

interface Outage {
  readonly name: string;
  readonly trouble: Trouble;
  readonly minutes: number;
  readonly reads?: VendorScript['reads'];
}

function outage({ name, trouble, minutes, reads }: Outage): Scene {
  const untilMs = troubleFromMs + minutes * minuteMs;
  const troubleAt = (elapsedMs: number) =>
    elapsedMs >= troubleFromMs && elapsedMs < untilMs ? trouble : undefined;
  const unclear = trouble === 'refusing-connections' ? nothingUnclear : unclearOnce;
  return {
    name: `${name}-${minutes}-minutes`,
    ratePerSecond: defaultRate,
    vendor: { ...healthy, ...(reads !== undefined && { reads }), troubleAt },
    figures: (report, stage) => [metTrouble(report), fewRequests(report), unclear(report, stage)],
  };
}

const expiryOutage = outage({ name: 'expiry-in-silence', trouble: 'silent', minutes: 10 });

/** A third of the messages expire while Connectly is silent, spread over five minutes of it. */
function lifeInOutageMs(index: number): number | undefined {
  return index % 3 === 0 ? troubleFromMs + 2 * minuteMs + ((index * 997) % (5 * minuteMs)) : undefined;
}

/**
 * From the expiry on: until the batch in hand is through, which may wait for a probe, then the next one, at the rate of
 * an environment.
 */
function untoldAtMostSeconds({ sendMessage: { batchSize, maximumConcurrency } }: Stage): number {
  return (2 * batchSize) / (defaultRate / maximumConcurrency) + 10;
}

const hardLimit = 80;

/** For 3 s of every minute everything is refused. */
function burstAt(elapsedMs: number): Trouble | undefined {
  const inMinute = elapsedMs % minuteMs;
  return inMinute >= troubleFromMs && inMinute < troubleFromMs + 3_000 ? 'limiting' : undefined;
}

export const scenes: readonly Scene[] = [
  ...neighbours,
  ...recoveries,
  ...crowds,
  healthyAt(defaultRate),
  // At the very limit: requests that leave the ledger closer together than they came would be too many for a second.
  healthyAt(200, { ledgerSpreadMs: 0 }),
  {
    name: 'hard-limit',
    ratePerSecond: defaultRate,
    vendor: { ...healthy, limitPerSecond: hardLimit },
    isSteady: true,
    figures: (report) => [
      nothingUnclear(report),
      messagesASecond(report, 0.85 * hardLimit),
      { name: 'share of 429s', value: report.answered429 / report.requests, atMost: 0.02 },
    ],
  },
  {
    name: 'slow',
    ratePerSecond: defaultRate,
    vendor: { ...healthy, medianLatencyMs: 900 },
    figures: (report) => [fewRequests(report), nothingUnclear(report)],
  },
  {
    name: 'bursts-of-429',
    ratePerSecond: defaultRate,
    vendor: { ...healthy, troubleAt: burstAt },
    figures: (report) => [
      metTrouble(report),
      fewRequests(report),
      nothingUnclear(report),
      messagesASecond(report, 0.7 * defaultRate),
    ],
  },
  ...[10, 60].flatMap((minutes) => [
    outage({ name: 'errors', trouble: 'unavailable', minutes }),
    outage({ name: 'refused-connections', trouble: 'refusing-connections', minutes }),
    outage({ name: 'silence', trouble: 'silent', minutes }),
  ]),
  outage({ name: 'silence-to-sends-only', trouble: 'silent', minutes: 60, reads: 'work' }),
  outage({ name: 'reads-never-work-again', trouble: 'unavailable', minutes: 1, reads: 'never-work-again' }),
  {
    ...expiryOutage,
    lifeMs: lifeInOutageMs,
    figures: (report, stage) => [
      ...expiryOutage.figures(report, stage),
      { name: 'messages that expired in the outage', value: report.expired, atLeast: 1 },
      {
        name: 'seconds from an expiry until people are told',
        value: report.longestUntoldMs / 1_000,
        atMost: untoldAtMostSeconds(stage),
      },
    ],
  },
];

/** Throws for a name that no scene has. */
export function sceneNamed(name: string): Scene {
  const scene = scenes.find((each) => each.name === name);
  if (scene === undefined) throw new Error(`There is no scene ${name}.`);
  return scene;
}
