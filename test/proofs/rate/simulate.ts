import { createMemoryLedger } from '../../support/memory-ledger.ts';
import { createVirtualClock, type VirtualClock } from '../../support/virtual-clock.ts';
import { uniform } from '../sends/faults.ts';
import type { Shipped } from '../sends/functions.ts';
import type { Stage } from '../sends/stage.ts';
import { startSender } from './environment.ts';
import { createLateClock } from './late-clock.ts';
import { type MappingCounts, startMapping } from './mapping.ts';
import { bodyOf, markOf } from './marked-messages.ts';
import type { Scene } from './scenes.ts';
import { createScriptedVendor, type VendorCounts } from './scripted-vendor.ts';
import { createSendsQueue } from './sends-queue.ts';

export interface Simulation {
  readonly shipped: Shipped;
  readonly stage: Stage;
  readonly messages: number;
  readonly seed: number;
  readonly scene: Pick<Scene, 'vendor' | 'ratePerSecond' | 'ledgerSpreadMs'>;
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
  /** Neither accepted, nor parked, nor a dead letter, nor still queued. */
  readonly lost: number;
  /** Still queued when every message had expired. */
  readonly left: number;
  /** Errors that nobody thought of, and writes of the ledger that failed. */
  readonly bugs: number;
  /** From the first request to the last message accepted. */
  readonly seconds: number;
}

/** How long a message lives that does not say so itself, in milliseconds. */
const lifeMs = 4 * 60 * 60 * 1_000;
/** Nothing is worth waiting for once every message has expired. */
const longestMs = lifeMs + 60 * 60 * 1_000;
/** How often one looks whether the queue is empty. */
const stepMs = 30_000;
/** Of a call to the ledger; the spread unless the scene has its own. */
const ledgerLatencyMs = 3;
const ledgerSpreadMs = 8;

const neverAborted = new AbortController().signal;

/** Sends messages through queue, mapping and the shipped sender to a scripted Connectly, in virtual time. */
export async function simulate(simulation: Simulation): Promise<Report> {
  const clock = createVirtualClock();
  // Their timers would count the seconds of this machine; and no call hangs here.
  const timeout = Object.getOwnPropertyDescriptor(AbortSignal, 'timeout');
  AbortSignal.timeout = () => neverAborted;
  try {
    return await run(simulation, clock);
  } finally {
    if (timeout !== undefined) Object.defineProperty(AbortSignal, 'timeout', timeout);
  }
}

async function run(simulation: Simulation, clock: VirtualClock): Promise<Report> {
  const { shipped, stage, messages, seed, scene } = simulation;
  const { ledgerSpreadMs: spreadMs = ledgerSpreadMs } = scene;
  const { maximumConcurrency } = stage.sendMessage;
  const random = uniform(seed, 1);
  const ledgerRandom = uniform(seed, 3);
  const vendor = createScriptedVendor(scene.vendor, {
    clock,
    random: uniform(seed, 2),
    deadlineMs: shipped.requestDeadlineMs,
  });
  const queue = createSendsQueue(stage, clock);
  const ledger = createMemoryLedger({
    clock,
    faults: {
      latency: {
        every: 1,
        milliseconds: () => ledgerLatencyMs + Math.floor(ledgerRandom() * spreadMs),
      },
    },
  });
  for (let index = 0; index < messages; index += 1) queue.add(bodyOf(index));

  let bugs = 0;
  let attempts = 0;
  const counts = startMapping({
    queue,
    clock,
    settings: stage.sendMessage,
    environments: Array.from({ length: maximumConcurrency }, (_, index) =>
      startSender({
        shipped,
        clock,
        dispatcherClock: createLateClock(clock, uniform(seed, 10 + index)),
        random,
        ratePerSecond: scene.ratePerSecond / maximumConcurrency,
        window: stage.window,
        http: vendor,
        ledger,
        queue,
        newAttemptId: () => `attempt-${(attempts += 1)}`,
        onBug: () => void (bugs += 1),
      }),
    ),
  });
  for (let elapsedMs = 0; queue.left > 0 && elapsedMs < longestMs; elapsedMs += stepMs)
    await clock.advance(stepMs);

  const { deadLetters, parked, left } = queue;
  const known = new Set([...vendor.accepted.keys(), ...[...deadLetters, ...parked].map(markOf)]);
  return {
    ...vendor.counts,
    ...counts,
    messages,
    accepted: vendor.accepted.size,
    duplicates: [...vendor.accepted.values()].filter((times) => times > 1).length,
    unclear: parked.length,
    deadLetters: deadLetters.length,
    left,
    lost: messages - known.size - left,
    bugs,
    seconds: ((vendor.counts.lastAcceptedAt ?? 0) - (vendor.counts.firstRequestAt ?? 0)) / 1_000,
  };
}
