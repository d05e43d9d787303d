import { alarmsOf } from '../../resources/alarms.ts';
import type { Measured, Work } from './measure.ts';
import { type PriceName, prices } from './prices.ts';

/** What the month is like. */
export interface Month {
  /** Sent. */
  readonly messages: number;
  /** Delivery statuses that come for each of them: sent, delivered, read. */
  readonly statuses: number;
  /** What customers write. */
  readonly inbound: number;
  /** Hours in which there is any traffic: CloudWatch bills a metric by the hour. */
  readonly activeHours: number;
  /** Messages that a queue hands over at once. 1: they come one by one; 1000 (see `sendBatchSize`): in bulk. */
  readonly batch: number;
  /** How long Connectly takes to answer, in milliseconds. */
  readonly answerMs: number;
  readonly functionMemoryMb: number;
  /** Sends a second of one copy of send-message, when it sends in bulk. */
  readonly sendsPerSecond: number;
}

/** An ordinary prod stage, as `serverless.yml` sets it. Connectly's latency is an assumption. */
export const ordinaryMonth: Month = {
  messages: 100_000,
  statuses: 3,
  inbound: 20_000,
  activeHours: 730,
  batch: 1,
  answerMs: 300,
  functionMemoryMb: 512,
  sendsPerSecond: 80,
};

/** One position of the bill. */
export interface Line {
  readonly what: string;
  readonly price: PriceName;
  readonly quantity: number;
  readonly dollars: number;
}

export interface Bill {
  readonly idle: readonly Line[];
  readonly send: readonly Line[];
  readonly status: readonly Line[];
  readonly inbound: readonly Line[];
  /** For every hour in which there is any traffic, however much. */
  readonly active: readonly Line[];
}

// What no run on this machine can tell.
/** Lambda polls a queue with five pollers at least, each waiting 20 s; a maximum concurrency rules out fewer. */
const pollsAMonth = 5 * (60 / 20) * 60 * 730;
/** A line of the access log, with `provider.logs.httpApi.format` filled in. */
const accessLogBytes = 180;
/** CloudWatch counts so much for each line besides. */
const overheadOfLineBytes = 26;
/** CloudWatch Logs keeps logs compressed, at about this part of their size. */
const compressed = 0.15;
/** What a call to SQS or DynamoDB takes. */
const awsCallMs = 10;
/** The handshake, the request and its headers. */
const sentBytes = 3000;
/** Copies of the functions that read a secret, each every 5 minutes: two senders, one receiver of webhooks. */
const environments = 3;
const readsAnHour = 12;
/** SQS hands over, takes and deletes at most so many at once. */
const queueBatch = 10;
const hoursOfMonth = 730;
const gb = 1e9;

/** The bill of a month by what causes it. Free tiers are not deducted. */
export function billOf(measured: Measured, month: Month): Bill {
  const { messages, statuses, inbound } = month;
  const events = messages * statuses;
  return {
    idle: idleLines(),
    send: sendLines(measured, month, messages),
    status: [
      ...webhookLines(measured.status.received, month, events),
      ...settleLines(measured.status.settled, month, events),
    ],
    inbound: webhookLines(measured.inbound, month, inbound),
    active: [
      line('custom metrics', 'metricMonth', (measured.metrics.size * month.activeHours) / hoursOfMonth),
      line('reads of secrets', 'secretRequest', environments * readsAnHour * month.activeHours),
    ],
  };
}

/** What is paid although nothing happens. */
function idleLines(): Line[] {
  const watched = alarmsOf({ stage: 'prod', accessLog: true }).flatMap(({ watches }) =>
    'terms' in watches ? Object.keys(watches.terms) : ['itself'],
  );
  return [
    line('dashboard', 'dashboardMonth', 1),
    line('metrics that alarms watch', 'alarmMetricMonth', watched.length),
    line('secrets', 'secretMonth', 2),
    line('polls of empty queues, two mappings', 'sqsRequest', 2 * pollsAMonth),
  ];
}

function sendLines({ send, ledgerItemBytes }: Measured, month: Month, count: number): Line[] {
  const { batch, answerMs, sendsPerSecond } = month;
  // One by one, a message pays for the whole time of its invocation; in bulk, for the time between two dispatches.
  const alone = answerMs + (send.ledgerWrites + send.ledgerReads) * awsCallMs;
  const msEach = batch === 1 ? alone : 1000 / sendsPerSecond + alone / batch;
  const kept = (ledgerItemBytes * count) / gb;
  return [
    ...invocationLines(month, count / batch, msEach * batch),
    line('sends queue: send, receive, delete', 'sqsRequest', 3 * queueRequests(count, batch)),
    ...ledgerLines(send, count),
    line('ledger kept for 30 days', 'dynamoGbMonth', kept),
    line('... with point-in-time recovery', 'dynamoBackupGbMonth', kept),
    ...logLines(send, count),
    line('data out to Connectly', 'dataOutGb', (sentBytes * count) / gb),
  ];
}

function webhookLines(received: Work, month: Month, count: number): Line[] {
  return [
    line('API Gateway', 'httpApiRequest', count),
    ...invocationLines(month, count, 5 + received.queued * awsCallMs),
    line('relay puts on queues', 'sqsRequest', received.queued * count),
    line('your consumer: receive, delete', 'sqsRequest', 2 * queueRequests(count, month.batch)),
    ...logLines(received, count, accessLogBytes),
  ];
}

function settleLines(settled: Work, month: Month, count: number): Line[] {
  const batch = Math.min(month.batch, 100);
  const calls = settled.ledgerReads + settled.ledgerWrites;
  return [
    ...invocationLines(month, count / batch, 5 + calls * awsCallMs),
    line('outcomes queue: receive, delete', 'sqsRequest', 2 * queueRequests(count, batch)),
    ...ledgerLines(settled, count),
    ...logLines(settled, count),
  ];
}

function queueRequests(count: number, batch: number): number {
  return count / Math.min(batch, queueBatch);
}

function invocationLines({ functionMemoryMb }: Month, invocations: number, milliseconds: number): Line[] {
  const gbSeconds = (invocations * milliseconds * functionMemoryMb) / 1024 / 1000;
  return [line('invocations', 'lambdaRequest', invocations), line('compute', 'lambdaGbSecond', gbSeconds)];
}

function ledgerLines({ ledgerWrites, ledgerReads }: Work, count: number): Line[] {
  return [
    line('ledger writes', 'dynamoWrite', ledgerWrites * count),
    line('ledger reads', 'dynamoRead', ledgerReads * count),
  ].filter(({ quantity }) => quantity > 0);
}

function logLines({ logged, lines }: Work, count: number, besides = 0): Line[] {
  const taken = ((logged + lines * overheadOfLineBytes + besides) * count) / gb;
  return [
    line('logs taken in', 'logsGb', taken),
    line('logs kept for 30 days', 'logsGbMonth', taken * compressed),
  ];
}

function line(what: string, price: PriceName, quantity: number): Line {
  return { what, price, quantity, dollars: quantity * prices[price].dollars };
}

export function totalOf(lines: readonly Line[]): number {
  return lines.reduce((sum, { dollars }) => sum + dollars, 0);
}
