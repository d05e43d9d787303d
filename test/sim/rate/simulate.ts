import { timeForOneMessageMs } from '../../../lib/delivery/time.ts';
import type { Clock } from '../../../local/clock.ts';
import { startEventSourceMapping } from '../../../local/lambda/event-source-mapping.ts';
import type { Invocation } from '../../../local/lambda/invocation.ts';
import { createRandom } from '../../fuzz/random.ts';
import { createSqsInProcess } from '../../support/sqs-in-process.ts';
import { createLateClock } from './late-clock.ts';
import { createScriptedVendor, type VendorCounts, type VendorScript } from './scripted-vendor.ts';
import { type CreateDispatcher, type ReceivedSend, type SendEffect, send, signOf } from './sender.ts';

export interface Simulation {
  readonly messages: number;
  readonly seed: number;
  readonly vendor: VendorScript;
  /** Of the whole stage, in requests a second. */
  readonly ratePerSecond: number;
  readonly createDispatcher: CreateDispatcher;
}

export interface Report extends VendorCounts {
  readonly messages: number;
  /** Parked, because nobody knows whether Connectly accepted them. */
  readonly unclear: number;
  readonly deadLetters: number;
  /** Neither accepted, nor parked, nor a dead letter, nor still queued. */
  readonly lost: number;
  /** Still queued when every message had expired. */
  readonly left: number;
  readonly invocations: number;
  readonly longestInvocationMs: number;
  /** The most receives that one message needed. */
  readonly mostReceives: number;
  /** From the first request to the last message accepted. */
  readonly seconds: number;
}

/** The settings of the stage that the simulation stands for. */
export const stage = {
  environments: 2,
  batchSize: 1_000,
  batchingWindowSeconds: 1,
  functionTimeoutMs: 60_000,
  maxReceiveCount: 50,
  window: 64,
  lifeMs: 4 * 60 * 60 * 1_000,
};

const visibilityTimeoutSeconds = (6 * stage.functionTimeoutMs) / 1_000 + stage.batchingWindowSeconds;
/** Nothing is worth waiting for once every message has expired. */
const longestMs = stage.lifeMs + 60 * 60 * 1_000;
/** How often one looks whether the queue is empty, which costs a walk over its messages. */
const stepMs = 30_000;

const neverAborted = new AbortController().signal;

/** Sends messages through queue, mapping, dispatcher and retry policy to a scripted Connectly, in virtual time. */
export async function simulate(simulation: Simulation): Promise<Report> {
  const { clock, createQueue, view, sqs } = createSqsInProcess();
  const random = uniform(simulation.seed, 1);
  const vendor = createScriptedVendor(simulation.vendor, clock, uniform(simulation.seed, 2));

  await createQueue('sends-dlq');
  const outcomesUrl = await createQueue('outcomes');
  const dlqUrl = view('sends-dlq').url;
  const queueUrl = await createQueue('sends', {
    VisibilityTimeout: String(visibilityTimeoutSeconds),
    RedrivePolicy: JSON.stringify({
      deadLetterTargetArn: view('sends-dlq').arn,
      maxReceiveCount: stage.maxReceiveCount,
    }),
  });
  await fill(simulation.messages);

  const totals = { invocations: 0, longestInvocationMs: 0, mostReceives: 0 };
  let parkedAndNotAccepted = 0;
  const idle = Array.from({ length: stage.environments }, (_, index) => startEnvironment(index));
  const mapping = startEventSourceMapping({
    operations: sqs.service.operations,
    queueUrl,
    queueArn: view('sends').arn,
    region: 'eu-central-1',
    batchSize: stage.batchSize,
    maximumBatchingWindowSeconds: stage.batchingWindowSeconds,
    maximumConcurrency: stage.environments,
    reportBatchItemFailures: true,
    clock,
    async invoke(event) {
      const environment = idle.pop();
      if (environment === undefined) throw new Error('The mapping invokes more often than it may.');
      const invocation = await environment(readRecords(event));
      idle.push(environment);
      return invocation;
    },
  });

  const left = () => sum(view('sends').counts);
  for (let elapsedMs = 0; left() > 0 && elapsedMs < longestMs; elapsedMs += stepMs)
    await clock.advance(stepMs);
  const closing = mapping.close();
  await clock.advance(2 * stage.functionTimeoutMs);
  await closing;

  const { counts } = vendor;
  const deadLetters = sum(view('sends-dlq').counts);
  return {
    ...counts,
    ...totals,
    messages: simulation.messages,
    unclear: sum(view('outcomes').counts),
    deadLetters,
    lost: simulation.messages - counts.accepted - parkedAndNotAccepted - deadLetters - left(),
    left: left(),
    seconds: ((counts.lastAcceptedAt ?? 0) - (counts.firstRequestAt ?? 0)) / 1_000,
  };

  async function fill(messages: number): Promise<void> {
    for (let done = 0; done < messages; done += 10) {
      const Entries = Array.from({ length: Math.min(10, messages - done) }, (_, index) => ({
        Id: String(index),
        MessageBody: '{}',
      }));
      await callSqs('SendMessageBatch', { QueueUrl: queueUrl, Entries });
    }
  }

  /** Without the way through JSON, which would take most of the time of a long outage. */
  async function callSqs(name: string, input: Readonly<Record<string, unknown>>): Promise<void> {
    const run = sqs.service.operations[name];
    if (run === undefined) throw new Error(`There is no operation ${name}.`);
    await run(input, { signal: neverAborted });
  }

  /** Its dispatcher lives as long as itself; the function returned runs one batch. */
  function startEnvironment(index: number): (records: readonly SendRecord[]) => Promise<Invocation> {
    const lateClock: Clock = createLateClock(clock, uniform(simulation.seed, 10 + index));
    const dispatcher = simulation.createDispatcher({
      ratePerSecond: simulation.ratePerSecond / stage.environments,
      window: stage.window,
      clock: lateClock,
      random,
      judge: signOf,
      probe: async () => ((await vendor.read()) ? 'alive' : 'failing'),
    });
    return async (records) => {
      const startedAt = clock.now();
      const endsAt = startedAt + stage.functionTimeoutMs;
      const canFinish = () => endsAt - clock.now() >= timeForOneMessageMs;
      const ports = { dispatcher, vendor, now: () => clock.now(), random };
      const batchItemFailures: { readonly itemIdentifier: string }[] = [];
      await Promise.all(
        records.map(async (record) => {
          totals.mostReceives = Math.max(totals.mostReceives, record.receiveCount);
          const effect = await send(record, canFinish, ports);
          if (!(await isSettled(effect, record))) batchItemFailures.push({ itemIdentifier: record.id });
        }),
      );
      const durationMs = clock.now() - startedAt;
      totals.invocations += 1;
      totals.longestInvocationMs = Math.max(totals.longestInvocationMs, durationMs);
      return { kind: 'success', payload: JSON.stringify({ batchItemFailures }), requestId: '', durationMs };
    };
  }

  /** Resolves to whether the queue may forget the message. */
  async function isSettled(effect: SendEffect, { id, receiptHandle }: SendRecord): Promise<boolean> {
    switch (effect.kind) {
      case 'acknowledge':
        return true;
      case 'park':
        if (!vendor.hasAccepted(id)) parkedAndNotAccepted += 1;
        await callSqs('SendMessage', { QueueUrl: outcomesUrl, MessageBody: effect.code });
        return true;
      case 'dead-letter':
        await callSqs('SendMessage', { QueueUrl: dlqUrl, MessageBody: effect.code });
        return true;
      case 'come-back':
        await callSqs('ChangeMessageVisibility', {
          QueueUrl: queueUrl,
          ReceiptHandle: receiptHandle,
          VisibilityTimeout: effect.delaySeconds,
        });
        return false;
    }
  }
}

interface SendRecord extends ReceivedSend {
  readonly receiptHandle: string;
}

function readRecords(event: unknown): readonly SendRecord[] {
  const records: unknown = isObject(event) ? event['Records'] : undefined;
  if (!Array.isArray(records)) throw new TypeError('The event has no records.');
  return records.map((record: unknown) => {
    const { messageId, receiptHandle, attributes } = isObject(record) ? record : {};
    const numbers = isObject(attributes) ? attributes : {};
    return {
      id: String(messageId),
      receiptHandle: String(receiptHandle),
      receiveCount: Number(numbers['ApproximateReceiveCount']),
      expiresAt: Number(numbers['SentTimestamp']) + stage.lifeMs,
      lifeSeconds: stage.lifeMs / 1000,
    };
  });
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function sum(counts: object): number {
  return Object.values(counts).reduce((total: number, count: unknown) => total + Number(count), 0);
}

/** Numbers from 0 up to 1. */
function uniform(seed: number, stream: number): () => number {
  const random = createRandom(seed, stream);
  return () => random.int(2 ** 32) / 2 ** 32;
}
