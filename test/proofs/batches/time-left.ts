// Invocations with any time left from none to all of it, among slow services: what is begun must be finished and written
// down before Lambda ends the environment.
import { randomUUID } from 'node:crypto';
import { timeForOneMessageMs } from '../../../lib/delivery/time.ts';
import { readReceivedMessages, type SqsRecord } from '../../../local/aws/lambda/sqs-event.ts';
import { createSqsInProcess, type SqsInProcess } from '../../support/sqs-in-process.ts';
import { createRandom, type Random } from '../harness/random.ts';
import type { Shipped } from '../harness/shipped.ts';
import { Injected, uniform } from '../harness/simulated/faults.ts';
import { createLedgerClient, LedgerTable } from '../harness/simulated/ledger-client.ts';
import { createLife } from '../harness/simulated/life.ts';
import { createQueueClient } from '../harness/simulated/queue-client.ts';
import { createSecretClient } from '../harness/simulated/secret-client.ts';
import { withVirtualDeadlines } from '../harness/simulated/virtual-deadlines.ts';
import { contended, type Speed, slowed, slowVendor, speeds } from './slow-clients.ts';

export interface TimeReport {
  readonly invocations: number;
  /** Ended by Lambda before they had answered. */
  readonly cutOff: number;
  readonly requests: number;
  /** Requests that had no end when their environment was ended. */
  readonly requestsCutOff: number;
  /** Messages that were claimed, and whose end was not written down when their environment was ended. */
  readonly unrecorded: number;
  readonly examples: readonly string[];
}

/** What the template gives send-message. */
const timeoutMs = 60_000;

export async function runTimes(shipped: Shipped, invocations: number, seed: number): Promise<TimeReport> {
  const random = createRandom(seed, 6);
  const totals = { cutOff: 0, requests: 0, requestsCutOff: 0, unrecorded: 0 };
  const examples: string[] = [];
  for (let index = 0; index < invocations; index += 1) {
    const remainingMs = remainingOf(random);
    const one = await invokeOnce(shipped, remainingMs, random);
    totals.cutOff += one.isCutOff ? 1 : 0;
    totals.requests += one.requests;
    totals.requestsCutOff += one.requestsCutOff;
    totals.unrecorded += one.unrecorded;
    if (one.requestsCutOff + one.unrecorded > 0 && examples.length < 5) {
      examples.push(
        `with ${remainingMs} ms left: ${one.requestsCutOff} requests and ${one.unrecorded} records cut off (${one.scene})`,
      );
    }
  }
  return { invocations, ...totals, examples };
}

/** Mostly anything; often around what one message needs, where a mistake of a moment shows. */
function remainingOf(random: Random): number {
  return random.chance(0.5) ? random.int(timeoutMs + 1) : timeForOneMessageMs - 5_000 + random.int(11_000);
}

/** One invocation in an environment and a world of its own. */
async function invokeOnce(shipped: Shipped, remainingMs: number, random: Random) {
  const { sqs, clock, call, createQueue, view } = createSqsInProcess();
  return withVirtualDeadlines(clock, async (deadlines) => {
    const injected = new Injected();
    const table = new LedgerTable();
    const life = createLife({ clock, endsHere: () => false });
    for (const name of ['sends', 'dlq', 'outcomes']) await createQueue(name, { VisibilityTimeout: '361' });
    const url = view('sends').url;
    const records = 1 + random.int(random.chance(0.3) ? 40 : 3);

    const drawn = random.chance(0.3) ? () => 'just in time' as const : () => speedOf(random);
    const scene = { ledger: drawn(), secret: drawn(), vendor: drawn(), queue: drawn() };
    const isContended = random.chance(0.5);
    /** What the environment did before: a key that it has read a while ago may be refused by now. */
    const isWarm = random.chance(0.7);
    let isRotated = !isWarm;
    let isSlow = false;
    const slowness = { life, deadlines, random };
    const never = { life, deadlines, injected, random: uniform(random.int(2 ** 31), 1), faultShare: 0 };
    const valueOf = () => (isRotated ? 'new-key' : 'old-key');
    const speedIn = (speed: Speed | 'any') => (): Speed =>
      !isSlow ? 'quick' : speed === 'any' ? random.pick(speeds) : speed;
    const failedWrites = new Set<string>();
    const ledger = createLedgerClient({ ...never, table, isOut: () => false });
    const slowLedger = slowed(
      contended(ledger.client, table, () => isSlow && isContended && random.chance(0.9)),
      speedIn(scene.ledger),
      slowness,
    );
    const vendor = slowVendor(speedIn(scene.vendor), {
      ...slowness,
      isRefused: (key) => isRotated && key !== 'new-key',
    });
    const handler = shipped.start('send-message', {
      variables: {
        STAGE: 'sim',
        SENDS_QUEUE_URL: url,
        SENDS_DLQ_URL: view('dlq').url,
        OUTCOMES_QUEUE_URL: view('outcomes').url,
        LEDGER_TABLE: 'ledger',
        BUSINESS_ID: 'business-1',
        API_KEY_SECRET_ARN: 'api-key',
        CONNECTLY_BASE_URL: 'https://api.connectly.ai',
        SENDS_PER_SECOND: '160',
        SENDER_CONCURRENCY: '2',
        SEND_WINDOW: String(random.pick([1, 4, 64])),
      },
      clock: life.clock,
      random: never.random,
      newId: randomUUID,
      write: (line) => {
        if (line.includes('"attempt-unrecorded"')) failedWrites.add(line);
      },
      sqs: slowed(
        createQueueClient({ ...never, operations: sqs.service.operations }),
        speedIn(scene.queue),
        slowness,
      ),
      dynamoDb: slowLedger,
      secretsManager: slowed(createSecretClient({ ...never, valueOf }), speedIn(scene.secret), slowness),
      createHttpClient: vendor.createHttpClient,
    });

    const queueUp = async (count: number, name: string) => {
      for (let index = 0; index < count; index += 1) {
        const message = { type: 'text', to: '+15550001111', text: 'x', id: `${name}-${index}` };
        await call('SendMessage', { QueueUrl: url, MessageBody: JSON.stringify(message) });
      }
      return receiveAll(call, url, view('sends').arn, count);
    };
    const begin = (event: unknown, ms: number) => {
      const startedAt = clock.now();
      const getRemainingTimeInMillis = () => startedAt + ms - clock.now();
      return handler(event, { awsRequestId: 'invocation', getRemainingTimeInMillis });
    };
    if (isWarm) {
      void begin(await queueUp(1, 'before'), timeoutMs);
      // Longer than a key is left alone after it was read, shorter than it is kept.
      await clock.advance(timeoutMs + random.int(120_000));
    }
    isRotated = true;
    isSlow = true;
    const before = vendor.begun;
    const event = await queueUp(records, 'id');
    let isAnswered = false;
    void begin(event, remainingMs).then(() => {
      isAnswered = true;
    });
    await clock.advance(remainingMs);
    const isCutOff = !isAnswered;
    const requestsCutOff = vendor.underWay;
    // Of an invocation that answered, whatever is open was left open by the ledger, and said so.
    const open = isCutOff ? [...table.items.keys()].filter((key) => table.isOpen(key)).length : 0;
    life.end();
    return {
      isCutOff,
      requests: vendor.begun - before,
      requestsCutOff,
      unrecorded: Math.max(0, open - failedWrites.size),
      scene: JSON.stringify({ ...scene, isContended, isWarm, records }),
    };
  });
}

/** Mostly one speed for a service, sometimes any for each call. */
function speedOf(random: Random): Speed | 'any' {
  return random.chance(0.2) ? 'any' : random.pick(speeds);
}

/** All that is on the queue, as the event that Lambda would pass on. */
async function receiveAll(
  call: SqsInProcess['call'],
  QueueUrl: string,
  queueArn: string,
  count: number,
): Promise<{ readonly Records: readonly SqsRecord[] }> {
  const records: SqsRecord[] = [];
  while (records.length < count) {
    const answer = await call('ReceiveMessage', {
      QueueUrl,
      MaxNumberOfMessages: 10,
      MessageSystemAttributeNames: ['All'],
      MessageAttributeNames: ['All'],
    });
    const received = readReceivedMessages(answer, {
      queueArn,
      region: 'eu-central-1',
      maximumBatchingWindowSeconds: 1,
    });
    if (received.length === 0) throw new Error('The queue holds less than was put on it.');
    records.push(...received.map(({ record }) => record));
  }
  return { Records: records };
}
