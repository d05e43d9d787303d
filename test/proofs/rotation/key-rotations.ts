import { randomUUID } from 'node:crypto';
import { startEventSourceMapping } from '../../../local/aws/lambda/event-source-mapping.ts';
import { createSqsInProcess } from '../../support/sqs-in-process.ts';
import type { Shipped } from '../harness/shipped.ts';
import { Injected, uniform } from '../harness/simulated/faults.ts';
import { connectlyInProcess } from '../harness/simulated/https-in-process.ts';
import { createLedgerClient, LedgerTable } from '../harness/simulated/ledger-client.ts';
import { createLife } from '../harness/simulated/life.ts';
import { createQueueClient } from '../harness/simulated/queue-client.ts';
import type { Stage } from '../harness/simulated/stage.ts';
import { withVirtualDeadlines } from '../harness/simulated/virtual-deadlines.ts';
import { createEnvironments, type Environment } from '../sends/environments.ts';
import { createKeyedVendor, type KeyedCaller } from './keyed-vendor.ts';
import { createSecretStore, type Fetch, type Health, hastyFetches } from './secret-store.ts';

/** How the API key is rotated under load, and what becomes of Secrets Manager meanwhile. */
export interface KeyScene {
  readonly name: string;
  /** At a time in milliseconds from the start. */
  readonly health: (elapsedMs: number) => Health;
  /** From the refusal of the old key until the new one is stored, in milliseconds. */
  readonly storedAfterMs: number;
  readonly rotates: boolean;
  /** So many messages at once, at such intervals. */
  readonly atOnce: number;
  readonly everyMs: number;
  /** Until the last rotation has been got over, unless given. */
  readonly forMs?: number;
  /** What a message says of its own expiry, from when it is queued. */
  readonly lifeMs: number;
}

export interface KeyReport {
  readonly rotations: number;
  /** Rotations that met requests which were under way. */
  readonly inMidBatch: number;
  readonly messages: number;
  readonly acceptedOnce: number;
  readonly acceptedAgain: number;
  readonly deadLetters: number;
  readonly stillQueued: number;
  readonly requests: number;
  readonly unauthorized: number;
  /** Of one instance at one rotation. */
  readonly mostUnauthorized: number;
  /** Begun with a key whose refusal the instance knew, though it had read a newer one. */
  readonly begunInVain: number;
  /** Begun with a key whose refusal the instance knew, having asked in vain for a newer one. */
  readonly begunForWantOfKey: number;
  /** Requests while the instance had never read a key. */
  readonly withoutKey: number;
  /** Attempts after which the message went back to the queue. */
  readonly cameBack: number;
  readonly instances: number;
  readonly fetches: number;
  readonly hastyFetches: number;
  /** The longest that a request began after its instance had last read the key, in milliseconds. */
  readonly longestStaleMs: number;
  /** Most requests of one instance under way at once. */
  readonly window: number;
}

const secondMs = 1_000;
const minuteMs = 60 * secondMs;
const hourMs = 60 * minuteMs;
const rotationEveryMs = 2 * minuteMs;
const longestMs = 40 * hourMs;

export interface KeyRun {
  readonly shipped: Shipped;
  readonly stage: Stage;
  readonly scene: KeyScene;
  readonly rotations: number;
  readonly seed: number;
}

const underLoad = { rotates: true, atOnce: 60, everyMs: 10 * secondMs, lifeMs: 4 * hourMs };

export const keyScenes = [
  { name: 'key-mid-batch', health: () => 'up', storedAfterMs: 0, ...underLoad },
  { name: 'key-mid-batch-throttled', health: () => 'half', storedAfterMs: 0, ...underLoad },
  { name: 'key-stored-late', health: () => 'up', storedAfterMs: minuteMs, ...underLoad },
  {
    name: 'key-cold-start',
    health: (elapsedMs) => (elapsedMs < 10 * minuteMs ? 'down' : 'up'),
    storedAfterMs: 0,
    rotates: false,
    atOnce: 10,
    everyMs: 10 * secondMs,
    forMs: 15 * minuteMs,
    lifeMs: 4 * hourMs,
  },
  {
    name: 'key-outage',
    health: (elapsedMs) => (elapsedMs > 10 * minuteMs && elapsedMs < 25 * hourMs ? 'down' : 'up'),
    storedAfterMs: 0,
    rotates: false,
    atOnce: 1,
    everyMs: minuteMs,
    forMs: 26 * hourMs,
    lifeMs: 60 * hourMs,
  },
] as const satisfies readonly KeyScene[];

interface Instance extends KeyedCaller {
  readonly fetches: readonly Fetch[];
}

/** Rotates the API key while messages are being sent, in virtual time. */
export async function rotateApiKey({ shipped, stage, scene, rotations, seed }: KeyRun): Promise<KeyReport> {
  const { clock, sqs, call, createQueue, view } = createSqsInProcess();
  return withVirtualDeadlines(clock, async (deadlines) => {
    const startedAt = clock.now();
    const { forMs = (rotations + 2) * rotationEveryMs } = scene;
    for (const { name, attributes } of stage.queues) await createQueue(name, { ...attributes });
    const urlOf = (logicalId: string) => view(stage.queueName(logicalId)).url;
    const variables = { ...stage.variables('send-message', urlOf), BUSINESS_ID: 'sim-business' };
    const injected = new Injected();
    const table = new LedgerTable();
    const random = uniform(seed, 1);
    const storeRandom = uniform(seed, 2);
    let stored = 'key-0';
    const vendor = createKeyedVendor({ clock, random: uniform(seed, 3), firstKey: stored });

    let cameBack = 0;
    const instances: Instance[] = [];
    function start(): Environment {
      const life = createLife({ clock, endsHere: () => false });
      const store = createSecretStore({
        clock,
        deadlines,
        random: storeRandom,
        value: () => stored,
        health: () => scene.health(clock.now() - startedAt),
      });
      const instance: Instance = { fetches: store.fetches, refusedSince: new Map(), underWay: 0 };
      instances.push(instance);
      const common = { life, deadlines, injected, random, faultShare: 0 };
      const handle = shipped.start('send-message', {
        variables,
        clock,
        random,
        newId: randomUUID,
        write(line) {
          if (line.includes('"result":"not-sent"')) cameBack += 1;
        },
        sqs: createQueueClient({ ...common, operations: sqs.service.operations }),
        secretsManager: store.client,
        dynamoDb: createLedgerClient({ ...common, table, isOut: () => false }).client,
        ...connectlyInProcess((request) => vendor.answer(request, instance), clock),
      });
      return { life, handle, onEnd: () => {} };
    }

    const { timeoutMs, batchSize, batchingWindowSeconds, maximumConcurrency } = stage.sendMessage;
    const environments = createEnvironments({ clock, timeoutMs, start });
    const mapping = startEventSourceMapping({
      operations: sqs.service.operations,
      queueUrl: urlOf('SendsQueue'),
      queueArn: view(stage.queueName('SendsQueue')).arn,
      region: 'eu-central-1',
      batchSize,
      maximumBatchingWindowSeconds: batchingWindowSeconds,
      maximumConcurrency,
      reportBatchItemFailures: true,
      clock,
      invoke: environments.invoke,
    });

    let produced = 0;
    function produce(): void {
      for (let count = 0; count < scene.atOnce; count += 1) {
        produced += 1;
        const body = JSON.stringify({
          type: 'text',
          // Everybody is sent one: messages to one recipient would wait for each other.
          to: `+1555${String(produced).padStart(7, '0')}`,
          text: `m-${produced}-`,
          expiresAt: new Date(clock.now() + scene.lifeMs).toISOString(),
        });
        void call('SendMessage', { QueueUrl: urlOf('SendsQueue'), MessageBody: body });
      }
      if (clock.now() - startedAt < forMs) clock.after(scene.everyMs, produce);
    }
    produce();

    let inMidBatch = 0;
    const planned = scene.rotates ? rotations : 0;
    for (let rotation = 1; rotation <= planned; rotation += 1) {
      const key = `key-${rotation}`;
      const rotate = () => {
        // In mid-batch, and not in a moment of rest.
        if (!instances.some(({ underWay }) => underWay > 0)) return void clock.after(100, rotate);
        inMidBatch += 1;
        vendor.takeOnly(key);
        clock.after(scene.storedAfterMs, () => {
          stored = key;
        });
      };
      clock.after(rotation * rotationEveryMs + Math.floor(random() * 20_000), rotate);
    }

    const left = () =>
      Object.values(view(stage.queueName('SendsQueue')).counts).reduce((sum, count) => sum + count, 0);
    while (clock.now() - startedAt <= forMs || (left() > 0 && clock.now() - startedAt < longestMs))
      await clock.advance(minuteMs);
    const closing = mapping.close();
    await clock.advance(5 * minuteMs);
    await closing;

    const accepted = [...vendor.accepted.values()];
    const fetches = instances.flatMap((instance) => instance.fetches);
    return {
      rotations: planned,
      inMidBatch,
      messages: produced,
      acceptedOnce: accepted.filter((times) => times === 1).length,
      acceptedAgain: accepted.filter((times) => times > 1).length,
      deadLetters: view(stage.queueName('SendsDlq')).peek(Infinity).length,
      stillQueued: left(),
      ...vendor.figures,
      mostUnauthorized: vendor.mostUnauthorized,
      instances: instances.length,
      cameBack,
      fetches: fetches.length,
      hastyFetches: instances.reduce((sum, each) => sum + hastyFetches(each.fetches), 0),
      window: stage.window,
    };
  });
}
