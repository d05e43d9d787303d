import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildFunctions } from '../../build.mjs';
import { startAwsEndpoint } from '../../local/aws/endpoint.ts';
import type { AwsService } from '../../local/aws/service.ts';
import { systemClock } from '../../local/clock.ts';
import { readReceivedMessages } from '../../local/lambda/sqs-event.ts';
import { withFaults } from '../../local/secrets-manager/faults.ts';
import { createSecretsManager } from '../../local/secrets-manager/secrets-manager.ts';
import { createSqs, type MessageView } from '../../local/sqs/sqs.ts';
import { startScriptedServer } from '../support/scripted-server.ts';
import { runFunction } from './running-function.ts';

const region = 'eu-west-1';
const accountId = '000000000000';

export type QueueName = 'events' | 'sends' | 'dlq' | 'outcomes';
export type Stand = Awaited<ReturnType<typeof startStand>>;

/** The bundles as they ship, in a folder of their own, and what esbuild says about them. */
export async function buildIntoTemporaryFolder() {
  const folder = await mkdtemp(join(tmpdir(), 'relay-functions-'));
  const metafile = await buildFunctions(folder);
  return {
    metafile,
    bundle: (name: string) => join(folder, `${name}.cjs`),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

/** SQS, Secrets Manager and a scripted Connectly on this machine, for functions that run beside them. */
export async function startStand(bundle: (name: string) => string) {
  const connectly = await startScriptedServer();
  const secretsManager = createSecretsManager({ clock: systemClock, region, accountId });
  let url = '';
  const sqs = createSqs({ clock: systemClock, region, accountId, baseUrl: () => url });
  const faultySqs = withFaults(sqs.service, { clock: systemClock });
  const endpoint = await startAwsEndpoint({ services: [faultySqs.service, secretsManager.service] });
  ({ url } = endpoint);
  for (const name of ['events', 'sends', 'dlq', 'outcomes']) {
    await call(sqs.service, 'CreateQueue', { QueueName: name, Attributes: { VisibilityTimeout: '180' } });
  }
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
    const started = runFunction(bundle(name), { AWS_ENDPOINT_URL: url, LOG_LEVEL: 'debug', ...environment });
    running.push(started);
    return started;
  };

  return {
    connectly,
    messages,
    /** Switches faults of SQS on. */
    sqsFaults: faultySqs.faults,
    setSecret: (name: 'webhook' | 'key', value: string) => void secretsManager.setValue(name, value),
    runReceiveWebhook: (change: Readonly<Record<string, string>> = {}) =>
      run('receive-webhook', {
        EVENTS_QUEUE_URL: queue('events').url,
        WEBHOOK_SECRET_ARN: webhookSecretArn,
        ...change,
      }),
    runSendMessage: (change: Readonly<Record<string, string>> = {}) =>
      run('send-message', {
        SENDS_QUEUE_URL: queue('sends').url,
        SENDS_DLQ_URL: queue('dlq').url,
        OUTCOMES_QUEUE_URL: queue('outcomes').url,
        LEDGER_TABLE: 'ledger',
        API_KEY_SECRET_ARN: apiKeySecretArn,
        CONNECTLY_BASE_URL: connectly.url.href,
        BUSINESS_ID: 'business-1',
        ...change,
      }),
    /** Puts messages on the sends queue and receives them again, as the event that Lambda would pass on. */
    async batchOf(...bodies: readonly unknown[]) {
      const { url: QueueUrl, arn: queueArn } = queue('sends');
      for (const body of bodies) {
        const MessageBody = typeof body === 'string' ? body : JSON.stringify(body);
        await call(sqs.service, 'SendMessage', { QueueUrl, MessageBody });
      }
      const request = { QueueUrl, MaxNumberOfMessages: 10, MessageSystemAttributeNames: ['All'] };
      const answer = await call(sqs.service, 'ReceiveMessage', {
        ...request,
        MessageAttributeNames: ['All'],
      });
      return { Records: readReceivedMessages(answer, { queueArn, region }).map(({ record }) => record) };
    },
    async close() {
      for (const started of running) started.stop();
      faultySqs.faults.clear();
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
