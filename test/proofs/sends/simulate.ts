import type { IfUnclear } from '../../../lib/message/message.ts';
import { createSqsInProcess, type SqsInProcess } from '../../support/sqs-in-process.ts';
import type { FunctionName, Shipped } from '../harness/shipped.ts';
import { CanaryWatch } from '../harness/simulated/canary-watch.ts';
import { Injected, uniform } from '../harness/simulated/faults.ts';
import { LedgerTable } from '../harness/simulated/ledger-client.ts';
import { createLife } from '../harness/simulated/life.ts';
import type { Stage } from '../harness/simulated/stage.ts';
import { type VirtualDeadlines, withVirtualDeadlines } from '../harness/simulated/virtual-deadlines.ts';
import { createClients } from './clients.ts';
import { Fates } from './fates.ts';
import { businessId } from './producers.ts';
import { startProduction } from './production.ts';
import { watchQueues } from './queue-watch.ts';
import { type Report, reportOf } from './report.ts';
import { createStatusWebhooks } from './status-webhooks.ts';
import { createVendor } from './vendor.ts';
import { keyRotationEveryMs, keyRotations, longestMs, minuteMs, redrivesAtMs, sharesAt } from './weather.ts';
import { startWorkers } from './workers.ts';

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
  const inProcess = createSqsInProcess();
  return withVirtualDeadlines(inProcess.clock, (deadlines) => run(simulation, inProcess, deadlines));
}

async function run(
  { shipped, stage, messages, policy, seed, harshness = 1 }: Simulation,
  { clock, sqs, call, createQueue, view }: SqsInProcess,
  deadlines: VirtualDeadlines,
): Promise<Report> {
  const shares = sharesAt(harshness);
  const startedAt = clock.now();
  const injected = new Injected();
  const canaries = new CanaryWatch();
  const fates = new Fates();
  const table = new LedgerTable();
  const write = (line: string) => canaries.look('a log line', line);

  for (const { name, attributes } of stage.queues) await createQueue(name, { ...attributes });
  // Once: a view counts the messages of all queues.
  const urls = new Map(stage.queues.map(({ name }) => [name, view(name).url]));
  const urlOf = (logicalId: string) => urls.get(stage.queueName(logicalId)) ?? '';
  const arnOf = (logicalId: string) => view(stage.queueName(logicalId)).arn;
  const variables = (name: FunctionName) => ({
    ...stage.variables(name, urlOf),
    LOG_LEVEL: 'debug',
    BUSINESS_ID: businessId,
    SENDER_NUMBER: '+15550000000',
    IF_UNCLEAR: policy,
  });

  // Keys: the vendor takes the newest only, and Secrets Manager has it from the same moment on.
  let keyNumber = 1;
  const apiKey = () => `canary-key-${keyNumber}`;
  const webhookSecret = 'canary-webhook-secret';
  const valueOf = (secretId: string) =>
    secretId === 'ApiKeySecret' ? apiKey() : JSON.stringify([webhookSecret]);

  const watched = watchQueues({
    sqs,
    call,
    canaries,
    fates,
    sendsDlqUrl: urlOf('SendsDlq'),
    outcomesQueueUrl: urlOf('OutcomesQueue'),
  });
  const clients = createClients({
    ...watched,
    clock,
    seed,
    deadlines,
    injected,
    shares,
    table,
    valueOf,
  });

  const immortal = createLife({ clock, endsHere: () => false });
  const statuses = createStatusWebhooks({
    clock,
    random: uniform(seed, 6),
    injected,
    lostShare: shares.statusesLost,
    secret: webhookSecret,
    receive: shipped.start('receive-webhook', {
      variables: variables('receive-webhook'),
      clock,
      write,
      ...clients.forLife(immortal),
    }),
  });
  const vendor = createVendor({
    clock,
    random: uniform(seed, 8),
    injected,
    faultShare: shares.answers,
    isLiveKey: (key) => key === apiKey(),
    onAccepted: statuses.tell,
  });
  const workers = startWorkers({
    shipped,
    stage,
    variables,
    seed,
    clock,
    shares,
    injected,
    write,
    clients,
    table,
    vendor,
    fates,
    operations: sqs.service.operations,
    urlOf,
    arnOf,
  });
  const production = startProduction({
    messages,
    policy,
    clock,
    random: uniform(seed, 7),
    injected,
    shares,
    queue: async ({ mark, id, body, attributes }) => {
      const input = { QueueUrl: urlOf('SendsQueue'), MessageBody: body, MessageAttributes: attributes };
      const { MessageId: messageId = '' } = await call('SendMessage', input);
      fates.queued({ mark, id, body, messageId });
    },
  });

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
  const isDone = () => redrivesLeft === 0 && production.isOver && statuses.underWay === 0 && left() === 0;
  while (!isDone() && clock.now() - startedAt < longestMs) {
    await clock.advance(2 * minuteMs);
    // Whoever consumes the events is somebody else.
    await call('PurgeQueue', { QueueUrl: urlOf('EventsQueue') });
  }
  const closing = workers.close();
  await clock.advance(5 * minuteMs);
  await closing;

  for (const item of table.items.values()) canaries.look('the ledger', JSON.stringify(item));
  return reportOf({
    policy,
    messages,
    injected,
    fates: fates.byMark,
    byMark: vendor.byMark,
    requests: vendor.requests,
    table,
    deadLetters: view(stage.queueName('SendsDlq')).peek(Infinity),
    left: left(),
    invocations: workers.invocations,
    timeouts: workers.timeouts,
    canaries: canaries.hits,
    virtualSeconds: (clock.now() - startedAt) / 1000,
  });
}

function sum(counts: object): number {
  return Object.values(counts).reduce((total: number, count: unknown) => total + Number(count), 0);
}
