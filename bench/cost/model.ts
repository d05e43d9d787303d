import type { Measured, Work } from './measure.ts';
import { type PriceName, prices } from './prices.ts';
import type { Mapping, Stage } from './stage.ts';

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
  /** In place of what the template says. */
  readonly functionMemoryMb?: number;
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
  sendsPerSecond: 80,
};

/** One position of the bill. */
export interface Line {
  readonly what: string;
  readonly price: PriceName;
  readonly quantity: number;
  readonly dollars: number;
}

/** What a million of something costs is the relay's own part; a consumer of yours pays for its requests besides. */
export interface Bill {
  readonly idle: readonly Line[];
  readonly send: readonly Line[];
  readonly status: readonly Line[];
  readonly inbound: readonly Line[];
  /** Your consumer, for the events of statuses and of customers. */
  readonly consumer: readonly Line[];
  /** For every hour in which there is any traffic, however much. */
  readonly active: readonly Line[];
}

// What no run on this machine can tell.
/** Lambda reads a queue with five pollers at least, each waiting 20 s; a maximum concurrency rules out fewer. */
const pollers = 5;
const pollSeconds = 20;
const hoursOfMonth = 730;
const pollsAMonth = (pollers * hoursOfMonth * 3600) / pollSeconds;
/** Two lines of Lambda's own for each invocation (platform.start, platform.report), where the template asks for them. */
const platformLogBytes = 600;
/** CloudWatch counts so much for each line besides. */
const overheadOfLineBytes = 26;
/** CloudWatch Logs keeps logs compressed, at about this part of their size. */
const compressed = 0.15;
/** What a call to SQS or DynamoDB takes. */
const awsCallMs = 10;
/** A request to Connectly with its head, and what our side says when a connection is opened. */
const requestBytes = 1000;
const handshakeBytes = 2000;
/** Connections that send-message opens for a batch: one for each request in flight. */
const connectionsOfBatch = 64;
/** Copies of the functions that read a secret, each every 5 minutes: two senders, one receiver of webhooks. */
const environments = 3;
const readsAnHour = 12;
/** SQS hands over, takes and deletes at most so many at once. */
const queueBatch = 10;
const gb = 1e9;

/** The bill of a month by what causes it. Free tiers are not deducted. */
export function billOf(measured: Measured, month: Month, stage: Stage): Bill {
  const { messages, statuses, inbound } = month;
  const events = messages * statuses;
  const reports = reportsEach(measured, month);
  const status = { ...measured.status, queued: measured.status.queued + reports };
  return {
    idle: idleLines(stage),
    send: sendLines(measured, { month, stage, count: messages }),
    status: [
      ...webhookLines(status, { month, stage, count: events }),
      ...settleLines(measured.settled, { month, stage, count: events * reports }),
    ],
    inbound: webhookLines(measured.inbound, { month, stage, count: inbound }),
    consumer: [line('receive, delete', 'sqsRequest', 2 * queueRequests(events + inbound, month.batch))],
    active: [
      line('custom metrics', 'metricMonth', (measured.metrics.size * month.activeHours) / hoursOfMonth),
      line('reads of secrets', 'secretRequest', environments * readsAnHour * month.activeHours),
    ],
  };
}

/**
 * Reports for each status. In bulk, another environment gets nearly every status. One by one, one environment gets them all
 * for as long as it lives: of what that could spare, half is believed, because people read hours later.
 */
function reportsEach({ reports: { together, apart } }: Measured, { batch }: Month): number {
  return batch === 1 ? (together + apart) / 2 : apart;
}

/** What is paid although nothing happens. */
function idleLines({ dashboards, watchedMetrics, secrets }: Stage): Line[] {
  return [
    line('dashboard', 'dashboardMonth', dashboards),
    line('metrics that alarms watch', 'alarmMetricMonth', watchedMetrics),
    line('secrets', 'secretMonth', secrets),
    line('polls of empty queues, two mappings', 'sqsRequest', 2 * pollsAMonth),
  ];
}

interface Traffic {
  readonly month: Month;
  readonly stage: Stage;
  /** So many in the month. */
  readonly count: number;
}

function sendLines({ send, ledgerItemBytes }: Measured, traffic: Traffic): Line[] {
  const { month, count } = traffic;
  const { batch, answerMs, sendsPerSecond } = month;
  // One by one, a message pays for the whole time of its invocation; in bulk, for the time between two dispatches.
  const alone = answerMs + (send.ledgerWrites + send.ledgerReads) * awsCallMs;
  const msEach = batch === 1 ? alone : 1000 / sendsPerSecond + alone / batch;
  const kept = (ledgerItemBytes * count) / gb;
  const sent = requestBytes + (handshakeBytes * Math.min(batch, connectionsOfBatch)) / batch;
  return [
    ...invocationLines(traffic, count / batch, msEach * batch),
    line('sends queue: send, delete', 'sqsRequest', 2 * queueRequests(count, batch)),
    line('sends queue: receive, beyond the polls at rest', 'sqsRequest', receivesOf(traffic)),
    ...ledgerLines(send, count),
    line('ledger kept for 30 days', 'dynamoGbMonth', kept),
    line('... with point-in-time recovery', 'dynamoBackupGbMonth', kept),
    ...logLines(traffic, send, { invocations: count / batch }),
    line('data out to Connectly', 'dataOutGb', (sent * count) / gb),
  ];
}

function webhookLines(received: Work, traffic: Traffic): Line[] {
  const { stage, count } = traffic;
  const accessLog = stage.accessLogBytes === 0 ? 0 : stage.accessLogBytes + overheadOfLineBytes;
  return [
    line('API Gateway', 'httpApiRequest', count),
    ...invocationLines(traffic, count, 5 + received.queued * awsCallMs),
    line('put on queues', 'sqsRequest', received.queued * count),
    ...logLines(traffic, received, { invocations: count, besides: accessLog }),
  ];
}

function settleLines(settled: Work, traffic: Traffic): Line[] {
  const { count, stage } = traffic;
  const batch = gatheredBy(stage.outcomes, traffic);
  const calls = settled.ledgerReads + settled.ledgerWrites;
  return [
    // Those of a batch are looked at together.
    ...invocationLines(traffic, count / batch, 5 + calls * awsCallMs + batch),
    line('outcomes queue: delete', 'sqsRequest', queueRequests(count, batch)),
    line('outcomes queue: receive, beyond the polls at rest', 'sqsRequest', receivesOf(traffic)),
    ...ledgerLines(settled, count),
    ...logLines(traffic, settled, { invocations: count / batch }),
  ];
}

/**
 * Messages that an invocation gets: in bulk, as many as it takes. Those that trickle in evenly are gathered by each poller
 * apart, for the window after its first.
 */
function gatheredBy({ batchSize, windowSeconds }: Mapping, { month, count }: Traffic): number {
  const perSecond = count === 0 ? 0 : count / (month.activeHours * 3600);
  const gathered = month.batch === 1 ? 1 + (perSecond * windowSeconds) / pollers : month.batch;
  return Math.min(batchSize, gathered);
}

/**
 * Requests to receive, beyond those of an empty queue. A poll ends with the first message: those that trickle in are
 * received one by one, whatever the window is, and take the place of polls that would have been empty (arrivals by chance:
 * a poll of 20 s is cut short with the probability 1 - e^(-arrivals in 20 s)).
 */
function receivesOf({ month, count }: Traffic): number {
  if (month.batch > 1 || count === 0) return queueRequests(count, month.batch);
  const seconds = month.activeHours * 3600;
  const inAPoll = (count / seconds / pollers) * pollSeconds;
  return count / (1 - Math.exp(-inAPoll)) - (pollers * seconds) / pollSeconds;
}

function queueRequests(count: number, batch: number): number {
  return count / Math.min(batch, queueBatch);
}

function invocationLines({ month, stage }: Traffic, invocations: number, milliseconds: number): Line[] {
  const memoryMb = month.functionMemoryMb ?? stage.functionMemoryMb;
  const gbSeconds = (invocations * milliseconds * memoryMb) / 1024 / 1000;
  return [line('invocations', 'lambdaRequest', invocations), line('compute', 'lambdaGbSecond', gbSeconds)];
}

function ledgerLines({ ledgerWrites, ledgerReads }: Work, count: number): Line[] {
  return [
    line('ledger writes', 'dynamoWrite', ledgerWrites * count),
    line('ledger reads', 'dynamoRead', ledgerReads * count),
  ].filter(({ quantity }) => quantity > 0);
}

/** `besides`: bytes of what others write about each. */
function logLines(
  { stage, count }: Traffic,
  { logged, lines }: Work,
  { invocations, besides = 0 }: { invocations: number; besides?: number },
): Line[] {
  const ofLambda = stage.logsEachInvocation ? platformLogBytes * invocations : 0;
  const taken = ((logged + lines * overheadOfLineBytes + besides) * count + ofLambda) / gb;
  return [
    line('logs taken in', 'logsGb', taken),
    line('logs kept for 30 days', 'logsGbMonth', taken * compressed),
  ].filter(({ quantity }) => quantity > 0);
}

function line(what: string, price: PriceName, quantity: number): Line {
  return { what, price, quantity, dollars: quantity * prices[price].dollars };
}

export function totalOf(lines: readonly Line[]): number {
  return lines.reduce((sum, { dollars }) => sum + dollars, 0);
}
