import { createHmac } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { buildFunctions } from '../../build.mjs';
import { toItem } from '../../lib/aws/ledger-table.ts';
import { messageKey } from '../../lib/delivery/decode.ts';
import type { LedgerEntry } from '../../lib/delivery/ledger/entry.ts';
import { createDynamoDb } from '../../local/aws/dynamodb/dynamodb.ts';
import { readReceivedMessages } from '../../local/aws/lambda/sqs-event.ts';
import { startAwsEndpoint } from '../../local/aws/protocols/endpoint.ts';
import type { AwsService } from '../../local/aws/protocols/service.ts';
import { createSecretsManager } from '../../local/aws/secrets-manager/secrets-manager.ts';
import { createSqs, type MessageView } from '../../local/aws/sqs/sqs.ts';
import { systemClock } from '../../local/clock.ts';
import { largestMessageIn } from '../support/queue-sizes.ts';
import { answer, startScriptedServer } from '../support/scripted-server.ts';
import { withFaults } from './faulty-service.ts';
import { startLine } from './line.ts';
import { runFunction } from './running-function.ts';

const region = 'eu-west-1';
const accountId = '000000000000';

/** The queues by what the template calls them. */
const queueIds = {
  events: 'EventsQueue',
  sends: 'SendsQueue',
  dlq: 'SendsDlq',
  outcomes: 'OutcomesQueue',
} as const;

export type QueueName = keyof typeof queueIds;
export type Stand = Awaited<ReturnType<typeof startStand>>;

/** The bundles as they ship, in a folder of their own, and what esbuild says about them. */
export async function buildIntoTemporaryFolder() {
  const folder = await mkdtemp(join(tmpdir(), 'relay-functions-'));
  // Those of another folder, where a proof has planted a defect in them.
  const metafile = await buildFunctions(folder, process.env['FUNCTIONS_ROOT']);
  return {
    metafile,
    bundle: (name: string) => join(folder, `${name}.cjs`),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

/** Builds the functions once for a file of tests, and hands over a stand of its own before each of them. */
export function standForEachTest(hand: (stand: Stand) => void): void {
  let built: Awaited<ReturnType<typeof buildIntoTemporaryFolder>>;
  let stand: Stand;

  beforeAll(async () => {
    built = await buildIntoTemporaryFolder();
  });

  afterAll(() => built.remove());

  beforeEach(async () => {
    stand = await startStand(built.bundle);
    hand(stand);
  });

  afterEach(() => stand.close());
}

/** The same, with both secrets set, and a Connectly that accepts what comes. */
export function readyStandForEachTest(hand: (stand: Stand) => void): void {
  standForEachTest((stand) => {
    stand.setSecret('webhook', 'secret');
    stand.setSecret('key', 'key');
    stand.connectly.script(answer(201, '{"id":"01ARZ3NDEKTSV4RRFFQ69G5FAV"}'));
    hand(stand);
  });
}

/** A customer's message with that id, as a ready stand believes it. */
export function signedWebhook(id: string) {
  const body = `{"topic":"messages","message":{"id":"${id}","text":"hello"},"sender":{"id":"+15550001111"}}`;
  const signature = createHmac('sha256', 'secret').update(body).digest('base64');
  return { headers: { 'x-connectly-hmac-sha256': signature }, body, isBase64Encoded: false };
}

/** SQS, Secrets Manager, DynamoDB and a scripted Connectly on this machine, for functions that run beside them. */
export async function startStand(bundle: (name: string) => string) {
  const connectly = await startScriptedServer();
  const secretsManager = createSecretsManager({ clock: systemClock, region, accountId });
  const faultySecrets = withFaults(secretsManager.service);
  let url = '';
  const sqs = createSqs({ clock: systemClock, region, accountId, baseUrl: () => url });
  const faultySqs = withFaults(sqs.service);
  const dynamoDb = createDynamoDb();
  const faultyDynamoDb = withFaults(dynamoDb.service);
  const endpoint = await startAwsEndpoint({
    services: [faultySqs.service, faultySecrets.service, faultyDynamoDb.service],
  });
  const line = await startLine(endpoint.port);
  ({ url } = line);
  for (const [name, id] of Object.entries(queueIds)) {
    const attributes = { VisibilityTimeout: '180', MaximumMessageSize: String(largestMessageIn(id)) };
    await call(sqs.service, 'CreateQueue', { QueueName: name, Attributes: attributes });
  }
  await dynamoDb.call('CreateTable', {
    TableName: 'ledger',
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
  });
  const { arn: webhookSecretArn } = secretsManager.createSecret({ name: 'webhook' });
  const { arn: apiKeySecretArn } = secretsManager.createSecret({ name: 'key' });

  const queue = (name: QueueName) => {
    const found = sqs.queues().find((one) => one.name === name);
    if (found === undefined) throw new Error(`There is no queue ${name}.`);
    return found;
  };
  const messages = (name: QueueName): readonly MessageView[] => queue(name).peek();
  const running: { stop(): void }[] = [];
  const run = (name: string, environment: Readonly<Record<string, string>>) => {
    const started = runFunction(bundle(name), {
      AWS_ENDPOINT_URL: url,
      STAGE: 'test',
      LOG_LEVEL: 'debug',
      ...environment,
    });
    running.push(started);
    return started;
  };

  const deliverySettings = () => ({
    SENDS_QUEUE_URL: queue('sends').url,
    SENDS_DLQ_URL: queue('dlq').url,
    OUTCOMES_QUEUE_URL: queue('outcomes').url,
    LEDGER_TABLE: 'ledger',
    BUSINESS_ID: 'business-1',
  });
  const queueUp = (body: unknown, attributes: object = {}) =>
    call(sqs.service, 'SendMessage', {
      QueueUrl: queue('sends').url,
      MessageBody: typeof body === 'string' ? body : JSON.stringify(body),
      MessageAttributes: attributes,
    });
  /** Receives what is on a queue, as the event that Lambda would pass on. */
  const receive = async (name: QueueName) => {
    const { url: QueueUrl, arn: queueArn } = queue(name);
    const request = { QueueUrl, MaxNumberOfMessages: 10, MessageSystemAttributeNames: ['All'] };
    const received = await call(sqs.service, 'ReceiveMessage', {
      ...request,
      MessageAttributeNames: ['All'],
    });
    // As the template's mappings have it: behind a window, AWS sends null for what a record lacks.
    const source = { queueArn, region, maximumBatchingWindowSeconds: 1 };
    return { Records: readReceivedMessages(received, source).map(({ record }) => record) };
  };

  return {
    connectly,
    messages,
    /** Switches faults of SQS on. */
    sqsFaults: faultySqs.faults,
    /** Switches faults of DynamoDB on. */
    ledgerFaults: faultyDynamoDb.faults,
    /** Switches faults of Secrets Manager on. */
    secretFaults: faultySecrets.faults,
    /** The connections of the functions to AWS. */
    line,
    /** What the functions asked AWS for, by service and in turn. */
    calls: { sqs: faultySqs.calls, ledger: faultyDynamoDb.calls, secrets: faultySecrets.calls },
    /** The items of the ledger table, each as text by attribute. */
    async ledger() {
      const { Items: items } = await dynamoDb.call('Scan', { TableName: 'ledger' });
      return Array.isArray(items) ? items.map(textByAttribute) : [];
    },
    /** Writes what the ledger knows about a send of business-1. */
    async setLedgerEntry(sendId: string, entry: LedgerEntry) {
      const key = messageKey({ businessId: 'business-1', id: sendId });
      await dynamoDb.call('PutItem', { TableName: 'ledger', Item: toItem(key, { entry, revision: 1 }) });
    },
    setSecret: (name: 'webhook' | 'key', value: string) => void secretsManager.setValue(name, value),
    runReceiveWebhook: (change: Readonly<Record<string, string>> = {}) =>
      run('receive-webhook', {
        EVENTS_QUEUE_URL: queue('events').url,
        OUTCOMES_QUEUE_URL: queue('outcomes').url,
        WEBHOOK_SECRET_ARN: webhookSecretArn,
        ...change,
      }),
    runSendMessage: (change: Readonly<Record<string, string>> = {}) =>
      run('send-message', {
        ...deliverySettings(),
        API_KEY_SECRET_ARN: apiKeySecretArn,
        CONNECTLY_BASE_URL: connectly.url.href,
        SENDS_PER_SECOND: '1000',
        SENDER_CONCURRENCY: '2',
        SEND_WINDOW: '64',
        ...change,
      }),
    runSettleSend: (change: Readonly<Record<string, string>> = {}) =>
      run('settle-send', { ...deliverySettings(), OUTCOME_WAIT_SECONDS: '1800', ...change }),
    /** Puts messages on the sends queue and receives them again, as the event that Lambda would pass on. */
    async batchOf(...bodies: readonly unknown[]) {
      for (const body of bodies) await queueUp(body);
      return receive('sends');
    },
    /** The same for one message with a producer's own attributes, as SendMessage takes them. */
    async batchWith(attributes: object, body: unknown) {
      await queueUp(body, attributes);
      return receive('sends');
    },
    receive,
    async close() {
      for (const started of running) started.stop();
      await line.close();
      await Promise.all([endpoint.close(), connectly.close()]);
    },
  };
}

function call(
  service: AwsService,
  operation: string,
  input: Readonly<Record<string, unknown>>,
): Promise<object> {
  const run = service.operations[operation];
  if (run === undefined) throw new Error(`There is no operation ${operation}.`);
  return run(input, { signal: new AbortController().signal });
}

/** The attributes of a message as text by name. */
export function attributesOf(message: MessageView | undefined): Record<string, string> {
  const attributes = message?.attributes ?? [];
  return Object.fromEntries(
    attributes.map(({ name, value }) => [
      name,
      'text' in value ? value.text : value.bytes.toString('base64'),
    ]),
  );
}

/** What a log line has for CloudWatch to count it in each namespace by its stage, and by such a field. */
export function counted(...places: readonly (readonly [namespace: string, ...split: string[]])[]) {
  const metrics = places.map(([namespace, ...split]) => ({
    Namespace: namespace,
    Dimensions: [['stage', ...split]],
    Metrics: [{ Name: 'count' }],
  }));
  return { count: 1, _aws: expect.objectContaining({ CloudWatchMetrics: metrics }) };
}

function textByAttribute(item: unknown): Record<string, string> {
  return Object.fromEntries(
    Object.entries(Object(item)).map(([name, value]) => [name, String(Object.values(Object(value))[0])]),
  );
}
