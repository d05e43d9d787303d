import { createSqsInProcess } from '../../support/sqs-in-process.ts';
import type { Figure } from '../harness/figures.ts';
import type { Handler, Shipped } from '../harness/shipped.ts';
import { CanaryWatch } from '../harness/simulated/canary-watch.ts';
import { Injected, uniform } from '../harness/simulated/faults.ts';
import { createLife, type Life } from '../harness/simulated/life.ts';
import { createQueueClient } from '../harness/simulated/queue-client.ts';
import { createSecretClient } from '../harness/simulated/secret-client.ts';
import type { Stage } from '../harness/simulated/stage.ts';
import { withVirtualDeadlines } from '../harness/simulated/virtual-deadlines.ts';
import { requestFor, type VendorEvent, vendorEvent } from './vendor-events.ts';

export interface Simulation {
  readonly shipped: Shipped;
  readonly stage: Stage;
  readonly events: number;
  readonly seed: number;
}

export interface Report {
  readonly events: number;
  readonly requests: number;
  /** Events for which Connectly got a 200. */
  readonly acknowledged: number;
  /** Of these, those that never reached the events queue. */
  readonly missing: number;
  /** Events that Connectly gave up on. */
  readonly givenUp: number;
  /** Copies on the events queue beyond the first of each event. */
  readonly copies: number;
  /** Events whose copies have different ids. */
  readonly withSeveralIds: number;
  /** Ids that stand for different events. */
  readonly idsShared: number;
  readonly byStatus: Readonly<Record<string, number>>;
  readonly canaries: readonly string[];
  readonly injected: Readonly<Record<string, number>>;
}

const secret = 'canary-webhook-secret';
const shares = { queueCalls: 0.05, secretCalls: 0.5, repliesLost: 0.03, ends: 0.002, sentTwice: 0.02 };
/** Connectly tries again after 5 s, 10 s, 20 s and so on. */
const firstRetryMs = 5_000;
const mostTries = 12;
const everyMs = 100;
const atOnce = 20;
const slotEveryMs = 60_000;

/** Posts events to the shipped webhook in virtual time, while queue, secret, environments and replies fail. */
export async function simulate({ shipped, stage, events, seed }: Simulation): Promise<Report> {
  const { clock, call, createQueue, view, sqs } = createSqsInProcess();
  return withVirtualDeadlines(clock, async (deadlines) => {
    const injected = new Injected();
    const canaries = new CanaryWatch();
    for (const { name, attributes } of stage.queues) await createQueue(name, { ...attributes });
    const urlOf = (logicalId: string) => view(stage.queueName(logicalId)).url;
    const eventsQueueUrl = urlOf('EventsQueue');
    const outcomesQueueUrl = urlOf('OutcomesQueue');
    const variables = { ...stage.variables('receive-webhook', urlOf), LOG_LEVEL: 'debug' };
    const queueRandom = uniform(seed, 1);
    const secretRandom = uniform(seed, 2);
    const lifeRandom = uniform(seed, 3);
    const vendorRandom = uniform(seed, 4);

    const stored = new Map<string, Set<string>>();
    const marksById = new Map<string, Set<string>>();
    let copies = 0;
    const operations = {
      ...sqs.service.operations,
      async SendMessage(input: Readonly<Record<string, unknown>>, context: { readonly signal: AbortSignal }) {
        const answer = await call('SendMessage', { ...input }, context.signal);
        canaries.look('an attribute of a queue', JSON.stringify(input['MessageAttributes']));
        if (input['QueueUrl'] === eventsQueueUrl) consume(String(input['MessageBody']));
        else canaries.look('a report', String(input['MessageBody']));
        return answer;
      },
    };
    function consume(body: string): void {
      const { id, mark } = readEnvelope(body);
      copies += stored.has(mark) ? 1 : 0;
      stored.set(mark, (stored.get(mark) ?? new Set()).add(id));
      marksById.set(id, (marksById.get(id) ?? new Set()).add(mark));
    }

    const idle: { readonly life: Life; readonly receive: Handler<'receive-webhook'> }[] = [];
    function start() {
      const life = createLife({ clock, endsHere: () => lifeRandom() < shares.ends });
      const clients = { life, deadlines, injected };
      const receive = shipped.start('receive-webhook', {
        variables,
        clock: life.clock,
        write: (line) => canaries.look('a log line', line),
        sqs: createQueueClient({
          ...clients,
          operations,
          random: queueRandom,
          faultShare: shares.queueCalls,
        }),
        secretsManager: createSecretClient({
          ...clients,
          valueOf: () => JSON.stringify(['canary-other-secret', secret]),
          random: secretRandom,
          faultShare: shares.secretCalls,
        }),
      });
      return { life, receive };
    }

    const acknowledged = new Set<string>();
    const byStatus: Record<string, number> = {};
    let requests = 0;
    let underWay = 0;
    let givenUp = 0;

    async function post(event: VendorEvent, tries: number): Promise<void> {
      requests += 1;
      const environment = idle.pop() ?? start();
      const request = requestFor(event, secret, vendorRandom() < 0.3);
      const status = await Promise.race([
        statusOf(environment.receive(request, { awsRequestId: 'webhook' })),
        environment.life.ended.then(() => 'ended' as const),
      ]);
      if (status === 'ended') injected.count('end of receive-webhook');
      else idle.push(environment);
      byStatus[status] = (byStatus[status] ?? 0) + 1;
      const isLost = vendorRandom() < shares.repliesLost;
      if (isLost) injected.count('reply lost');
      if (status === 200 && !isLost) {
        acknowledged.add(event.mark);
        underWay -= 1;
      } else if (tries < mostTries) {
        clock.after(firstRetryMs * 2 ** (tries - 1), () => void post(event, tries + 1));
      } else {
        givenUp += 1;
        underWay -= 1;
      }
    }
    function begin(event: VendorEvent): void {
      underWay += 1;
      void post(event, 1);
    }
    function produce(from: number): void {
      const until = Math.min(events, from + atOnce);
      for (let index = from; index < until; index += 1) {
        const event = vendorEvent(index);
        begin(event);
        if (vendorRandom() >= shares.sentTwice) continue;
        injected.count('sent twice');
        begin(event);
      }
      if (until < events) clock.after(everyMs, () => produce(until));
      else isProduced = true;
    }
    let isProduced = false;
    produce(0);
    const isDone = () => isProduced && underWay === 0;
    while (!isDone()) {
      await clock.advance(slotEveryMs);
      // What was stored has been looked at by then.
      for (const url of [eventsQueueUrl, outcomesQueueUrl]) await call('PurgeQueue', { QueueUrl: url });
    }

    const missing = [...acknowledged].filter((mark) => !stored.has(mark)).length;
    return {
      events,
      requests,
      acknowledged: acknowledged.size,
      missing,
      givenUp,
      copies,
      withSeveralIds: [...stored.values()].filter(({ size }) => size > 1).length,
      idsShared: [...marksById.values()].filter(({ size }) => size > 1).length,
      byStatus,
      canaries: canaries.hits,
      injected: Object.fromEntries(injected.all()),
    };
  });
}

/** What API Gateway answers; 500 when the function has thrown. */
function statusOf(answer: ReturnType<Handler<'receive-webhook'>>): Promise<number> {
  return answer.then(
    ({ statusCode = 0 }) => statusCode,
    () => 500,
  );
}

/** The id of an event on the queue, and the mark in the bytes that Connectly sent. */
function readEnvelope(body: string): { readonly id: string; readonly mark: string } {
  const envelope: unknown = JSON.parse(body);
  if (typeof envelope !== 'object' || envelope === null || !('id' in envelope))
    throw new Error('an event without an id');
  const raw = 'raw' in envelope ? Buffer.from(String(envelope.raw), 'base64').toString('latin1') : body;
  const mark = /e-\d+-/.exec(raw)?.[0];
  if (mark === undefined) throw new Error('an event that nobody sent');
  return { id: String(envelope.id), mark };
}

/** What a run must reach. */
export function figuresOf(report: Report): readonly Figure[] {
  return [
    { name: 'acknowledged', value: report.acknowledged, atLeast: report.events - report.givenUp },
    { name: 'copies', value: report.copies, atLeast: 1 },
    { name: 'acknowledged but missing', value: report.missing, atMost: 0 },
    { name: 'events whose copies have different ids', value: report.withSeveralIds, atMost: 0 },
    { name: 'ids that stand for different events', value: report.idsShared, atMost: 0 },
    { name: 'valid events refused', value: report.byStatus['401'] ?? 0, atMost: 0 },
    { name: 'events that Connectly gave up on', value: report.givenUp, atMost: 0 },
    { name: 'personal data or secrets written down', value: report.canaries.length, atMost: 0 },
  ];
}
