import { randomUUID } from 'node:crypto';
import { toItem } from '../../lib/aws/ledger-table.ts';
import type { QueuedMessage } from '../../lib/delivery/decode.ts';
import { type Attempt, createDeliver } from '../../lib/delivery/deliver.ts';
import type { Dispatcher } from '../../lib/delivery/dispatch/dispatcher.ts';
import type { LedgerStore } from '../../lib/delivery/ledger/ledger.ts';
import { createClaim } from '../../lib/delivery/ledger/ledger.ts';
import { attemptFields, attemptLevel, settlementLine } from '../../lib/delivery/log-lines.ts';
import { createSettle } from '../../lib/delivery/settle.ts';
import { leaseMs } from '../../lib/delivery/time.ts';
import { createLogger } from '../../lib/logger.ts';
import type { SendStatus } from '../../lib/message/send-status.ts';
import { answerTo } from '../../lib/webhook/answer.ts';
import { createReceive } from '../../lib/webhook/receive.ts';
import { sign } from '../../lib/webhook/signature.ts';
import { createMemoryLedger } from '../../test/support/memory-ledger.ts';

/** What the relay did for one message or one event. */
export interface Work {
  /** Requests to the table, those that a condition refuses included. */
  readonly ledgerWrites: number;
  readonly ledgerReads: number;
  /** Messages that the relay itself put on a queue. */
  readonly queued: number;
  /** In bytes, of our own lines. */
  readonly logged: number;
  /** Lines. */
  readonly lines: number;
}

export interface Measured {
  /** A template that Connectly accepts at once. */
  readonly send: Work;
  /** A delivery status of it; its report to settle-send is not among what is queued. */
  readonly status: Work;
  /** Reports for each status, where one environment gets all three of a message, and where each gets one. */
  readonly reports: { readonly together: number; readonly apart: number };
  /** What settle-send does with a report. */
  readonly settled: Work;
  /** What a customer writes. */
  readonly inbound: Work;
  /** Bytes that the ledger keeps for a message, as DynamoDB counts them: names, values and 100 for its index. */
  readonly ledgerItemBytes: number;
  /** Every custom metric that all of this wrote, as CloudWatch bills them: by name and values of its dimensions. */
  readonly metrics: ReadonlySet<string>;
}

const businessId = 'f7a1a3b2-65d4-4d3f-9c1e-0b5d3c1a2e4f';
const vendorId = '01FRRWW2ZAHD9GJ1SWY4VF2GBD';
const secret = 'a-webhook-secret-of-usual-length';
const now = Date.UTC(2026, 10, 22, 10);
const settings = { businessId, ifUnclear: 'hold', onlyTo: undefined } as const;
const queued: QueuedMessage = {
  body: JSON.stringify({
    type: 'template',
    to: '+15555555555',
    templateName: 'order_ready',
    language: 'en',
    parameters: [{ name: 'body_1', value: 'Ana' }],
    id: 'order-42-ready',
  }),
  originalId: '6f1c2f6e-7b1a-4a53-9a57-1d2f0c8a9f00',
  expiresAt: undefined,
  isCopy: false,
  queuedAt: now - 1000,
  receiveCount: 1,
};

/** Runs the use cases with everything around them counted: one send, its three statuses, one message of a customer. */
export async function measureWork(): Promise<Measured> {
  const counts = { ledgerWrites: 0, ledgerReads: 0, queued: 0, logged: 0, lines: 0 };
  const metrics = new Set<string>();
  const ledger = createMemoryLedger();
  const store: LedgerStore = {
    read: counted('ledgerReads', (...given) => ledger.read(...given)),
    insert: counted('ledgerWrites', (...given) => ledger.insert(...given)),
    replace: counted('ledgerWrites', (...given) => ledger.replace(...given)),
  };
  const logger = createLogger({ stage: 'prod', level: 'info', output: writeDown, now: () => now });
  const requestId = randomUUID();
  const statuses: SendStatus[] = [];
  const environment = () =>
    createReceive({
      secrets: { current: liveSecret, refreshed: liveSecret },
      events: { publish: counted('queued', async () => {}) },
      statuses: { publish: async (status) => void statuses.push(status) },
      onStatusLost: rethrow,
      now: () => now,
    });
  const atOnce: Dispatcher<Attempt> = { dispatch: ({ run }) => run(), pauseFor: () => undefined };
  const deliver = createDeliver({
    sender: { send: async () => ({ kind: 'accepted', vendorId, status: 201 }) },
    dispatcher: atOnce,
    expiryDispatcher: atOnce,
    claim: createClaim({ store, leaseMs, now: () => now, newAttemptId: randomUUID }),
    settings,
    senderNumber: undefined,
    now: () => now,
    random: () => 0.5,
    onUnrecorded: rethrow,
  });
  const settle = createSettle({ store, settings, waitMs: 1_800_000, now: () => now });

  return {
    send: await workOf(1, async () => {
      const effects = { deadLetter: unexpected, park: unexpected, comeBackIn: unexpected };
      const delivery = await deliver(queued, effects, {
        canFinish: () => true,
        inOrder: (_, run) => run(undefined),
      });
      const fields = attemptFields(delivery, queued, { startedAt: now, endedAt: now + 321 });
      const { originalId: sqsMessageId } = queued;
      logger.write(attemptLevel(delivery), 'attempt', { requestId, sqsMessageId, ...fields });
    }),
    status: await workOf(3, () => receiveStatuses(environment)),
    reports: {
      apart: await reportsOf(() => receiveStatuses(environment)),
      together: await reportsOf(() => {
        const one = environment();
        return receiveStatuses(() => one);
      }),
    },
    settled: await workOf(1, async () => {
      const status: SendStatus = { sendId: 'order-42-ready', vendorId };
      const { level, event, fields } = settlementLine(
        await settle.confirmSend(status, { queuedAt: now, receiveCount: 1 }),
        'status',
      );
      logger.write(level, event, { requestId, sqsMessageId: queued.originalId, ...fields });
    }),
    inbound: await workOf(1, () =>
      webhook(environment(), {
        topic: 'messages',
        sender: { id: '+15555555555', channelType: 'whatsapp' },
        message: { id: vendorId, text: 'When do you open on Saturday?' },
      }),
    ),
    ledgerItemBytes: ledgerItemBytes(),
    metrics,
  };

  /** Sent, delivered and read, each by the environment that is there for it. */
  async function receiveStatuses(receiver: () => ReturnType<typeof environment>): Promise<void> {
    for (const status of ['sent', 'delivered', 'read']) {
      await webhook(receiver(), {
        topic: 'delivery_status',
        statusUpdate: { id: vendorId, status, timestamp: '2026-11-22T10:00:00Z' },
        callbackData: { relay: { v: 1, id: 'order-42-ready' } },
      });
    }
  }

  async function reportsOf(run: () => Promise<void>): Promise<number> {
    const before = statuses.length;
    await run();
    return (statuses.length - before) / 3;
  }

  async function webhook(receive: ReturnType<typeof environment>, event: object): Promise<void> {
    const body = JSON.stringify(event);
    const receipt = await receive({
      headers: { 'x-connectly-hmac-sha256': sign(Buffer.from(body), secret) },
      body,
      isBase64Encoded: false,
    });
    const { level, fields } = answerTo(receipt);
    logger.write(level, 'webhook', { requestId, durationMs: 12, ...fields });
  }

  function counted<Arguments extends unknown[], Result>(
    what: 'ledgerWrites' | 'ledgerReads' | 'queued',
    call: (...given: Arguments) => Promise<Result>,
  ): (...given: Arguments) => Promise<Result> {
    return (...given) => {
      counts[what]++;
      return call(...given);
    };
  }

  function writeDown(line: string): void {
    counts.logged += Buffer.byteLength(line);
    counts.lines++;
    for (const metric of metricsIn(line)) metrics.add(metric);
  }

  /** What each of so many things took, on average. */
  async function workOf(things: number, run: () => Promise<void>): Promise<Work> {
    const before = { ...counts };
    await run();
    return {
      ledgerWrites: (counts.ledgerWrites - before.ledgerWrites) / things,
      ledgerReads: (counts.ledgerReads - before.ledgerReads) / things,
      queued: (counts.queued - before.queued) / things,
      logged: (counts.logged - before.logged) / things,
      lines: (counts.lines - before.lines) / things,
    };
  }

  function ledgerItemBytes(): number {
    const items = Array.from(ledger.entries, ([key, stored]) => toItem(key, stored));
    const bytes = items.flatMap((item) =>
      Object.entries(item).map(([name, value]) => `${name}${Object.values(value)[0]}`.length),
    );
    return bytes.reduce((sum, each) => sum + each, 0) / items.length + 100;
  }
}

const liveSecret = async () => ({ value: [secret], stale: false });

function rethrow(error: unknown): never {
  throw error;
}

function unexpected(): never {
  throw new Error('An accepted message has no effect on a queue.');
}

/** The custom metrics that CloudWatch makes of a line in its embedded metric format. */
function metricsIn(line: string): string[] {
  const fields = Object(JSON.parse(line));
  const groups: unknown[] = Object(fields['_aws'])['CloudWatchMetrics'] ?? [];
  return groups.flatMap((each) => {
    const { Namespace: namespace, Dimensions: sets, Metrics: named } = Object(each);
    return sets.flatMap((set: string[]) => {
      const values = set.map((dimension) => `${dimension}=${fields[dimension]}`).join(' ');
      return named.map(({ Name: name }: { Name: string }) => `${namespace} ${name} ${values}`);
    });
  });
}
