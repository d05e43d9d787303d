import { scripted } from '../../support/scripted-clients.ts';
import { createVirtualClock, type VirtualClock } from '../../support/virtual-clock.ts';
import type { Shipped } from '../harness/shipped.ts';
import { Injected, uniform } from '../harness/simulated/faults.ts';
import { createLedgerClient, LedgerTable } from '../harness/simulated/ledger-client.ts';
import { createLife } from '../harness/simulated/life.ts';
import type { Stage } from '../harness/simulated/stage.ts';
import { type VirtualDeadlines, withVirtualDeadlines } from '../harness/simulated/virtual-deadlines.ts';
import { createLateClock } from './late-clock.ts';
import { type MappingCounts, startMapping } from './mapping.ts';
import { bodyOf, indexOf, markOf } from './marked-messages.ts';
import type { Scene } from './scenes.ts';
import { createScriptedVendor, type VendorCounts } from './scripted-vendor.ts';
import { createSendsQueue } from './sends-queue.ts';

export interface Simulation {
  readonly shipped: Shipped;
  readonly stage: Stage;
  readonly messages: number;
  readonly seed: number;
  readonly scene: Pick<
    Scene,
    | 'vendor'
    | 'ratePerSecond'
    | 'environments'
    | 'endsAfterMs'
    | 'variables'
    | 'ledgerSpreadMs'
    | 'lifeMs'
    | 'queuedAfterMs'
    | 'from'
    | 'isCompared'
  >;
}

export interface Report extends Readonly<VendorCounts>, Readonly<MappingCounts> {
  readonly messages: number;
  /** How many messages Connectly has. */
  readonly accepted: number;
  /** How many it has more than once. */
  readonly duplicates: number;
  /** Parked, because nobody knows whether Connectly accepted them. */
  readonly unclear: number;
  readonly deadLetters: number;
  /** Of these, those that people were told had expired, and the longest that this took from the expiry on. */
  readonly expired: number;
  readonly longestUntoldMs: number;
  /** Neither accepted, nor parked, nor a dead letter, nor still queued. */
  readonly lost: number;
  /** Still queued at the end, of those with which nothing was wrong. */
  readonly left: number;
  /** Of the messages with which nothing was wrong: parked or dead letters. */
  readonly goodNotAccepted: number;
  /** The longest that one waited which was accepted, from being queued on. */
  readonly longestWaitMs: number;
  /** As SQS counts them: received, and neither deleted nor visible again. */
  readonly mostInFlightOnQueue: number;
  /** Errors that nobody thought of, and writes of the ledger that failed. */
  readonly bugs: number;
  /** Requests that hid messages, and bytes of the log. */
  readonly hideRequests: number;
  readonly logBytes: number;
  /** From the first request to the last message accepted. */
  readonly seconds: number;
  /** The same of a run in which nothing is wrong, for scenes that are compared with one. */
  readonly healthySeconds: number | undefined;
}

/** How long a message lives that does not say so itself, in milliseconds. */
const lifeMs = 4 * 60 * 60 * 1_000;
/** Nothing is worth waiting for once every message has expired. */
const longestMs = lifeMs + 60 * 60 * 1_000;
/** Requests for a message, on average, from which on no figure can be met: a defect that only knocks need not knock for hours. */
const hopelessRequests = 5;
/** How often one looks whether there is anything left to wait for. */
const stepMs = 30_000;
/** Of a call to the ledger; the spread unless the scene has its own. */
const ledgerLatencyMs = 3;
const ledgerSpreadMs = 8;

/** Log lines that tell of what must never happen here. */
const bugPattern = /"event":"(?:attempt-failed|attempt-unrecorded|secret-served-stale)"/;

/** Sends messages through queue, mapping and the shipped sender to a scripted Connectly, in virtual time. */
export async function simulate(simulation: Simulation): Promise<Report> {
  const { scene } = simulation;
  const report = await simulateOnce(simulation);
  if (scene.isCompared !== true) return { ...report, healthySeconds: undefined };
  const { limitPerSecond, limitPerNumber, medianLatencyMs } = scene.vendor;
  const limits = { limitPerSecond, ...(limitPerNumber !== undefined && { limitPerNumber }) };
  const vendor = { ...limits, medianLatencyMs, troubleAt: () => undefined };
  const healthy = await simulateOnce({ ...simulation, scene: { ...scene, vendor } });
  return { ...report, healthySeconds: healthy.seconds };
}

type OneReport = Omit<Report, 'healthySeconds'>;

async function simulateOnce(simulation: Simulation): Promise<OneReport> {
  const clock = createVirtualClock();
  return withVirtualDeadlines(clock, (deadlines) => run(simulation, clock, deadlines));
}

async function run(
  simulation: Simulation,
  clock: VirtualClock,
  deadlines: VirtualDeadlines,
): Promise<OneReport> {
  const { shipped, stage, messages, seed, scene } = simulation;
  const { environments = stage.sendMessage.maximumConcurrency, endsAfterMs = longestMs } = scene;
  const { ledgerSpreadMs: spreadMs = ledgerSpreadMs, lifeMs: ownLifeMs = () => undefined } = scene;
  const { queuedAfterMs = () => 0 } = scene;
  const startedAt = clock.now();
  const random = uniform(seed, 1);
  const ledgerRandom = uniform(seed, 3);
  const vendor = createScriptedVendor(scene.vendor, { clock, random: uniform(seed, 2) });
  const queue = createSendsQueue(stage, clock);
  const dynamoDb = createLedgerClient({
    table: new LedgerTable(),
    life: createLife({ clock, endsHere: () => false }),
    deadlines,
    injected: new Injected(),
    random: ledgerRandom,
    faultShare: 0,
    isOut: () => false,
    latencyMs: () => ledgerLatencyMs + Math.floor(ledgerRandom() * spreadMs),
  }).client;
  const expiries = new Map<string, number>();
  for (let index = 0; index < messages; index += 1) {
    const ownMs = ownLifeMs(index);
    const body = bodyOf(index, scene.from?.(index), ownMs === undefined ? undefined : startedAt + ownMs);
    if (ownMs !== undefined) expiries.set(body, startedAt + ownMs);
    const afterMs = queuedAfterMs(index, messages);
    if (afterMs === 0) queue.add(body);
    else clock.after(afterMs, () => queue.add(body));
  }

  let bugs = 0;
  let logBytes = 0;
  let attempts = 0;
  const startSender = (index: number) =>
    shipped.start('send-message', {
      variables: {
        ...stage.variables('send-message', (logicalId) => logicalId),
        BUSINESS_ID: 'sim-business',
        SENDS_PER_SECOND: String(scene.ratePerSecond),
        SENDER_CONCURRENCY: String(environments),
        ...scene.variables,
      },
      // Its timers may be late.
      clock: createLateClock(clock, uniform(seed, 10 + index)),
      random,
      newId: () => `attempt-${(attempts += 1)}`,
      write(line) {
        logBytes += line.length;
        if (bugPattern.test(line)) bugs += 1;
      },
      sqs: queue.client,
      dynamoDb,
      secretsManager: scripted.secretsManager(() => Promise.resolve({ SecretString: 'sim-key' })),
      createHttpClient: vendor.createHttpClient,
    });
  const counts = startMapping({
    queue,
    clock,
    settings: stage.sendMessage,
    environments: Array.from({ length: environments }, (_, index) => startSender(index)),
  });
  const isGood = (index: number) => scene.vendor.troubleOf?.(index) === undefined;
  const good = Array.from({ length: messages }, (_, index) => index).filter(isGood).length;
  // What is wrong with a message stays wrong: nobody waits for it.
  const isHopeless = () => vendor.counts.requests > hopelessRequests * messages;
  const isOver = () => queue.left === 0 || (good < messages && vendor.accepted.size === good) || isHopeless();
  for (let elapsedMs = 0; !isOver() && elapsedMs < endsAfterMs; elapsedMs += stepMs)
    await clock.advance(stepMs);

  const { deadLetters, parked } = queue;
  const bodies = [...deadLetters.map(({ body }) => body), ...parked];
  const goodNotAccepted = bodies.filter((body) => isGood(indexOf(markOf(body)))).length;
  const known = new Set([...vendor.accepted.keys(), ...bodies.map(markOf)]);
  const longestWaitMs = [...vendor.acceptedAfterMs].reduce(
    (longest, [mark, afterMs]) => Math.max(longest, afterMs - queuedAfterMs(indexOf(mark), messages)),
    0,
  );
  const untoldMs = deadLetters
    .filter(({ code }) => code === 'expired')
    .map(({ body, at }) => at - (expiries.get(body) ?? startedAt + lifeMs));
  return {
    ...vendor.counts,
    ...counts,
    messages,
    accepted: vendor.accepted.size,
    duplicates: [...vendor.accepted.values()].filter((times) => times > 1).length,
    unclear: parked.length,
    deadLetters: deadLetters.length,
    expired: untoldMs.length,
    longestUntoldMs: Math.max(0, ...untoldMs),
    goodNotAccepted,
    longestWaitMs,
    mostInFlightOnQueue: queue.mostInFlight,
    left: good - vendor.accepted.size - goodNotAccepted,
    lost: messages - known.size - queue.left,
    bugs,
    hideRequests: queue.hideRequests,
    logBytes,
    seconds: ((vendor.counts.lastAcceptedAt ?? 0) - (vendor.counts.firstRequestAt ?? 0)) / 1_000,
  };
}
