import type { SendMessageCommandInput } from '@aws-sdk/client-sqs';
import type { IfUnclear } from '../../../lib/message/message.ts';
import { startEventSourceMapping } from '../../../local/lambda/event-source-mapping.ts';
import { createSqsInProcess } from '../../support/sqs-in-process.ts';
import { CanaryWatch } from './canaries.ts';
import { createEnvironments, type Environment } from './environments.ts';
import { Injected, uniform } from './faults.ts';
import { receiveWebhook, type Shipped, sendMessage, settleSend } from './functions.ts';
import { createLedgerClient, LedgerTable } from './ledger-client.ts';
import { createLife, type Life } from './life.ts';
import { withOverlaps } from './overlap.ts';
import { businessId, type Draft, draft, ledgerKey, reworded } from './producers.ts';
import { createQueueClient } from './queue-client.ts';
import { type MessageFate, type Report, reportOf } from './report.ts';
import { createSecretClient } from './secret-client.ts';
import type { Stage } from './stage.ts';
import { createStatusWebhooks } from './status-webhooks.ts';
import { createVendor, markPattern } from './vendor.ts';
import { useVirtualDeadlines } from './virtual-deadlines.ts';
import {
  hourMs,
  keyRotationEveryMs,
  keyRotations,
  longestMs,
  minuteMs,
  outages,
  producedAtOnce,
  producedEveryMs,
  redrivesAtMs,
  sharesAt,
} from './weather.ts';

export interface Simulation {
  readonly shipped: Shipped;
  readonly stage: Stage;
  readonly messages: number;
  readonly policy: IfUnclear;
  readonly seed: number;
  /** How many times as often as usual queues, ledger and environments fail; 1 unless given. */
  readonly harshness?: number;
}

/** Sends messages through everything that is deployed, in virtual time, while everything around it fails. */
export async function simulate(simulation: Simulation): Promise<Report> {
  const { shipped, stage, messages, policy, seed, harshness = 1 } = simulation;
  const shares = sharesAt(harshness);
  const { clock, sqs, call, createQueue, view } = createSqsInProcess();
  const deadlines = useVirtualDeadlines(clock);
  try {
    return await run();
  } finally {
    deadlines.restore();
  }

  async function run(): Promise<Report> {
    const startedAt = clock.now();
    const injected = new Injected();
    const canaries = new CanaryWatch();
    for (const { name, attributes } of stage.queues) await createQueue(name, { ...attributes });
    const urlOf = (logicalId: string) => view(stage.queueName(logicalId)).url;
    const arnOf = (logicalId: string) => view(stage.queueName(logicalId)).arn;
    const sendsQueueUrl = urlOf('SendsQueue');
    const sendsDlqUrl = urlOf('SendsDlq');
    const outcomesQueueUrl = urlOf('OutcomesQueue');
    const eventsQueueUrl = urlOf('EventsQueue');
    const settings = {
      businessId,
      ifUnclear: policy,
      onlyTo: undefined,
      sendsQueueUrl,
      sendsDlqUrl,
      outcomesQueueUrl,
    };

    const fates = new Map<string, MessageFate>();
    const fateOf = (mark: string): MessageFate => {
      const fate = fates.get(mark) ?? {
        killed: 0,
        reported: 0,
        handedOver: 0,
        unconfirmed: 0,
        keys: new Set<string>(),
      };
      fates.set(mark, fate);
      return fate;
    };
    const markByKey = new Map<string, string>();
    const markById = new Map<string, string>();

    // Keys: the vendor takes the newest only, and Secrets Manager has it from the same moment on.
    let keyNumber = 1;
    const apiKey = () => `canary-key-${keyNumber}`;
    const webhookSecret = 'canary-webhook-secret';
    const valueOf = (secretId: string) =>
      secretId === 'api-key' ? apiKey() : JSON.stringify([webhookSecret]);

    const table = new LedgerTable();
    const ledgerRandom = uniform(seed, 1);
    const queueRandom = uniform(seed, 2);
    const secretRandom = uniform(seed, 3);
    const lifeRandom = uniform(seed, 4);
    const senderRandom = uniform(seed, 5);
    const producerRandom = uniform(seed, 7);

    /** What happens on the queues, seen from the queues. */
    const operations = {
      ...sqs.service.operations,
      async SendMessage(input: Readonly<Record<string, unknown>>, context: { readonly signal: AbortSignal }) {
        const answer = await call('SendMessage', { ...input }, context.signal);
        watch(input);
        return answer;
      },
    };
    function watch(input: Readonly<Record<string, unknown>>): void {
      const { QueueUrl: url, MessageBody: body, MessageAttributes: attributes } = input;
      canaries.look('an attribute of a queue', JSON.stringify(attributes ?? {}));
      const text = String(body);
      if (url === sendsDlqUrl && JSON.stringify(attributes).includes('outcome-unknown')) {
        const mark = markPattern.exec(text)?.[0];
        if (mark !== undefined) fateOf(mark).handedOver += 1;
      }
      if (url !== outcomesQueueUrl || !JSON.stringify(attributes).includes('relay.kind')) return;
      canaries.look('a report', text);
      const report: unknown = JSON.parse(text);
      const sendId = typeof report === 'object' && report !== null && 'sendId' in report ? report.sendId : '';
      const mark = markById.get(String(sendId));
      if (mark !== undefined) fateOf(mark).reported += 1;
    }

    /** A copy for people is there, and whoever made it was not told. */
    function onUnconfirmed({ QueueUrl: url, MessageBody: body = '' }: SendMessageCommandInput): void {
      const mark = url === sendsDlqUrl ? markPattern.exec(body)?.[0] : undefined;
      if (mark !== undefined) fateOf(mark).unconfirmed += 1;
    }

    const output = (line: string) => canaries.look('a log line', line);
    const isOut = () =>
      outages.some(({ fromMs, forMs }) => {
        const elapsedMs = clock.now() - startedAt;
        return elapsedMs >= fromMs && elapsedMs < fromMs + forMs;
      });
    const clients = (life: Life) => ({
      sqs: createQueueClient({
        operations,
        life,
        deadlines,
        injected,
        random: queueRandom,
        faultShare: shares.queueCalls,
        onUnconfirmed,
      }),
      secretsManager: createSecretClient({
        valueOf,
        life,
        deadlines,
        injected,
        random: secretRandom,
        faultShare: shares.secretCalls,
      }),
    });
    const ledger = (life: Life) =>
      createLedgerClient({
        table,
        life,
        deadlines,
        injected,
        random: ledgerRandom,
        faultShare: shares.ledgerCalls,
        isOut,
      });

    const immortal = createLife({ clock, endsHere: () => false });
    const receive = receiveWebhook({
      shipped,
      life: immortal,
      ...clients(immortal),
      output,
      eventsQueueUrl,
      outcomesQueueUrl,
    });
    const statuses = createStatusWebhooks({
      clock,
      random: uniform(seed, 6),
      injected,
      lostShare: shares.statusesLost,
      secret: webhookSecret,
      receive,
    });

    const vendor = createVendor({
      clock,
      random: uniform(seed, 8),
      injected,
      faultShare: shares.answers,
      isLiveKey: (key) => key === apiKey(),
      onAccepted: statuses.tell,
      deadlineMs: shipped.requestDeadlineMs,
    });

    let attempts = 0;
    const endsHere = () => lifeRandom() < shares.ends;
    function startSender(): Environment {
      const life = createLife({ clock, endsHere });
      const { client: dynamo, claimed } = ledger(life);
      const handle = sendMessage({
        shipped,
        stage,
        life,
        ...clients(life),
        random: senderRandom,
        output,
        dynamo,
        settings,
        http: vendor.clientFor(life),
        newAttemptId: () => `attempt-${(attempts += 1)}`,
      });
      const onEnd = () => {
        injected.count('end of send-message');
        for (const key of claimed) {
          const mark = table.isOpen(key) ? markByKey.get(key) : undefined;
          if (mark === undefined) continue;
          injected.count('message in the hands of an environment that ended');
          fateOf(mark).killed += 1;
        }
      };
      return { life, handle, onEnd };
    }
    function startSettler(): Environment {
      const life = createLife({ clock, endsHere });
      const { client: dynamo } = ledger(life);
      const handle = settleSend({
        shipped,
        stage,
        life,
        ...clients(life),
        random: senderRandom,
        output,
        dynamo,
        settings,
      });
      return { life, handle, onEnd: () => injected.count('end of settle-send') };
    }
    const senders = createEnvironments({ clock, timeoutMs: stage.sendMessage.timeoutMs, start: startSender });
    const settlers = createEnvironments({
      clock,
      timeoutMs: stage.settleSend.timeoutMs,
      start: startSettler,
    });
    const overlapRandom = uniform(seed, 9);
    const mappings = [
      { source: 'SendsQueue', of: stage.sendMessage, invoke: senders.invoke },
      { source: 'OutcomesQueue', of: stage.settleSend, invoke: settlers.invoke },
    ].map(({ source, of: { batchSize, batchingWindowSeconds, maximumConcurrency }, invoke }) =>
      startEventSourceMapping({
        // Each its own: what one queue hands out again is nothing to the other.
        operations: withOverlaps({
          operations: sqs.service.operations,
          clock,
          injected,
          random: overlapRandom,
          share: shares.overlaps,
        }),
        queueUrl: urlOf(source),
        queueArn: arnOf(source),
        region: 'eu-central-1',
        batchSize,
        maximumBatchingWindowSeconds: batchingWindowSeconds,
        maximumConcurrency,
        reportBatchItemFailures: true,
        clock,
        invoke,
      }),
    );

    let toProduce = 0;
    async function queue({ mark, id, body }: Draft): Promise<void> {
      const { MessageId: messageId = '' } = await call('SendMessage', {
        QueueUrl: sendsQueueUrl,
        MessageBody: body,
      });
      const key = ledgerKey(body, id ?? messageId);
      markByKey.set(key, mark);
      fateOf(mark).keys.add(key);
      if (id !== undefined) markById.set(id, mark);
    }
    function queueLater(later: Draft): void {
      toProduce += 1;
      clock.after(Math.floor(producerRandom() * 2 * hourMs), () => {
        toProduce -= 1;
        void queue(later);
      });
    }
    function produce(from: number): void {
      const until = Math.min(messages, from + producedAtOnce);
      for (let index = from; index < until; index += 1) {
        const made = draft({ index, policy, random: producerRandom, now: clock.now() });
        void queue(made);
        const chance = made.id === undefined ? 1 : producerRandom();
        if (chance < shares.queuedTwice) {
          injected.count('queued twice');
          queueLater(made);
        } else if (chance < shares.queuedTwice + shares.reworded) {
          injected.count('queued with other words');
          queueLater(reworded(made));
        }
      }
      if (until < messages) clock.after(producedEveryMs, () => produce(until));
      else toProduce -= 1;
    }
    toProduce += 1;
    produce(0);

    for (let rotation = 1; rotation <= keyRotations; rotation += 1)
      clock.after(rotation * keyRotationEveryMs, () => {
        keyNumber += 1;
        injected.count('key rotated');
      });
    let redrivesLeft = redrivesAtMs.length;
    for (const atMs of redrivesAtMs)
      clock.after(atMs, () => {
        injected.count('redrive');
        redrivesLeft -= 1;
        void call('StartMessageMoveTask', {
          SourceArn: arnOf('SendsDlq'),
          DestinationArn: arnOf('SendsQueue'),
        });
      });

    const left = () =>
      sum(view(stage.queueName('SendsQueue')).counts) + sum(view(stage.queueName('OutcomesQueue')).counts);
    const isDone = () => redrivesLeft === 0 && toProduce === 0 && statuses.underWay === 0 && left() === 0;
    while (!isDone() && clock.now() - startedAt < longestMs) {
      await clock.advance(2 * minuteMs);
      // Whoever consumes the events is somebody else.
      await call('PurgeQueue', { QueueUrl: eventsQueueUrl });
    }
    const closing = Promise.all(mappings.map((mapping) => mapping.close()));
    await clock.advance(5 * minuteMs);
    await closing;

    for (const item of table.items.values()) canaries.look('the ledger', JSON.stringify(item));
    return reportOf({
      policy,
      messages,
      injected,
      fates,
      byMark: vendor.byMark,
      requests: vendor.requests,
      table,
      deadLetters: view(stage.queueName('SendsDlq')).peek(Infinity),
      left: left(),
      invocations: senders.invocations + settlers.invocations,
      timeouts: senders.timeouts + settlers.timeouts,
      canaries: canaries.hits,
      virtualSeconds: (clock.now() - startedAt) / 1000,
    });
  }
}

function sum(counts: object): number {
  return Object.values(counts).reduce((total: number, count: unknown) => total + Number(count), 0);
}
