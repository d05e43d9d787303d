import { join } from 'node:path';
import { buildFunctions } from '../../build.mjs';
import { type HttpApi, startHttpApi } from '../aws/api-gateway/http-api.ts';
import { createTable } from '../aws/dynamodb/create-table.ts';
import type { DynamoDb } from '../aws/dynamodb/dynamodb.ts';
import type { EventSourceMapping } from '../aws/lambda/event-source-mapping.ts';
import type { SecretsManager } from '../aws/secrets-manager/secrets-manager.ts';
import { type AwsServices, startAwsServices } from '../aws/services.ts';
import type { Sqs } from '../aws/sqs/sqs.ts';
import { type FakeConnectly, startFakeConnectly } from '../connectly/fake-connectly.ts';
import { listening } from '../port-error.ts';
import { describeStack } from '../template/describe-stack.ts';
import { packagedTemplate } from '../template/package.ts';
import type { StackDescription } from '../template/stack-description.ts';
import { stackId } from '../template/stack-resources.ts';
import { openCodeFolder } from './code-folder.ts';
import { type StackOptions, type StackSettings, settingsOf } from './options.ts';
import { Workers } from './workers.ts';

/** What the fake Connectly and the emulated secrets agree on. Not secrets: nothing but this machine knows them. */
export const localCredentials = { apiKey: 'local-api-key', webhookSecret: 'local-webhook-secret' } as const;

export interface Stack {
  readonly description: StackDescription;
  readonly stage: string;
  readonly region: string;
  readonly accountId: string;
  /** The endpoint of every emulated AWS service. */
  readonly awsUrl: string;
  /** By which that address is known to be this stack's. */
  readonly token: string;
  readonly webhookUrl: string;
  /** The business of messages that name none. */
  readonly businessId: string;
  readonly sqs: Sqs;
  readonly secretsManager: SecretsManager;
  readonly dynamoDb: DynamoDb;
  readonly connectly: FakeConnectly;
  readonly mappings: readonly EventSourceMapping[];
  /** Bundles the functions again; running invocations end on the old code, all later ones run the new. */
  reload(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Starts everything that the packaged template deploys, on 127.0.0.1: its queues, secrets, functions, mappings and
 * routes, and a fake Connectly for them to talk to. Rejects when the template names something that has no local part,
 * or an address that is not this machine's; whatever had been started is then stopped.
 */
export async function startStack(options: StackOptions): Promise<Stack> {
  const settings = settingsOf(options);
  const { stage, region, accountId, projectRoot } = settings;
  const parts: Part[] = [];
  const keep = <P extends Part>(part: P): P => {
    parts.push(part);
    return part;
  };
  const close = async () => {
    while (parts.length > 0) await parts.pop()?.close();
  };
  try {
    const code = keep(await openCodeFolder(projectRoot));
    const template = await packageAndBundle(settings, bundlesIn(code.path));
    const aws = keep(await startAws(settings));
    const connectly = keep(await startConnectly(settings));
    const front = keep(await startFront(settings));
    const description = describe(template, { aws, front, settings });
    await createResources(description, aws, settings);
    const workers = keep(new Workers());
    workers.createFunctions(description, { aws, connectly, settings, codeDirectory: code.path });
    serveRoutes(description, { front, workers });
    workers.startMappings(description, { aws, settings });
    return {
      description,
      stage,
      region,
      accountId,
      awsUrl: aws.url,
      token: aws.token,
      webhookUrl: description.outputs['WebhookUrl'] ?? front.url,
      businessId: businessIdOf(description),
      sqs: aws.sqs,
      secretsManager: aws.secretsManager,
      dynamoDb: aws.dynamoDb,
      connectly,
      mappings: workers.mappings,
      async reload() {
        await buildFunctions(bundlesIn(code.path), projectRoot);
        workers.restart();
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** What runs until it is closed. The parts close in the reverse of the order in which they were started. */
interface Part {
  close(): Promise<unknown>;
}

const bundlesIn = (codeDirectory: string): string => join(codeDirectory, 'build/functions');

/** Resolves to the packaged template. */
async function packageAndBundle(settings: StackSettings, bundles: string): Promise<unknown> {
  const { projectRoot, stage, region, env, onProgress } = settings;
  const log = onProgress && { log: onProgress };
  const packaging = packagedTemplate({ projectRoot, stage, region, env, ...log });
  // When one fails, the other still ends first: nothing may be running, or writing, after that.
  const ends = await Promise.allSettled([packaging, buildFunctions(bundles, projectRoot)]);
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
  return (await packaging).template;
}

function startAws({ clock, region, accountId, ports: { aws: port } }: StackSettings): Promise<AwsServices> {
  return listening({ use: 'aws', port }, () => startAwsServices({ clock, region, accountId, port }));
}

function startConnectly({ clock, ports: { connectly: port } }: StackSettings): Promise<FakeConnectly> {
  const given = { ...localCredentials, clock, ...(port !== undefined && { port }) };
  return listening({ use: 'connectly', port }, () => startFakeConnectly(given));
}

/** It serves nothing yet: the template is described with its address. */
function startFront({
  region,
  accountId,
  clock,
  ports: { api: port },
  onAccess,
}: StackSettings): Promise<HttpApi> {
  const given = { ...(port !== undefined && { port }), ...(onAccess && { onAccess }) };
  return listening({ use: 'api', port }, () =>
    startHttpApi({ stage: '$default', region, accountId, clock, ...given }),
  );
}

/** Reads the template as it is where AWS and its API have these addresses, and tells CloudFormation. */
function describe(
  template: unknown,
  { aws, front, settings }: { aws: AwsServices; front: HttpApi; settings: StackSettings },
): StackDescription {
  const { region, accountId, stage } = settings;
  const place = { region, accountId, stackName: `connectly-relay-${stage}` };
  const description = describeStack(template, {
    ...place,
    resolveRef: {
      queueUrl: (queue) => `${aws.url}/${accountId}/${queue}`,
      secretArn: (secret) => aws.secretsManager.arnOf(secret),
      apiEndpoint: () => front.url,
    },
  });
  aws.cloudFormation.addStack({ name: place.stackName, id: stackId(place), outputs: description.outputs });
  return description;
}

async function createResources(
  { queues, secrets, tables }: StackDescription,
  { sqs, secretsManager, dynamoDb }: AwsServices,
  { fillSecrets }: StackSettings,
): Promise<void> {
  for (const { name, attributes, tags } of queues) {
    await sqs.service.operations.CreateQueue({ QueueName: name, Attributes: attributes, tags });
  }
  for (const { logicalId, name, description, value } of secrets) {
    const initial = value ?? (fillSecrets ? localSecretValue(logicalId) : undefined);
    secretsManager.createSecret({
      name,
      ...(description !== undefined && { description }),
      ...(initial !== undefined && { value: initial }),
    });
  }
  for (const table of tables) await createTable(dynamoDb, table);
}

function serveRoutes(
  { httpApis }: StackDescription,
  { front, workers }: { front: HttpApi; workers: Workers },
): void {
  const [api, ...furtherApis] = httpApis;
  if (api === undefined || furtherApis.length > 0)
    throw new Error('serverless.yml must have exactly one HTTP API.');
  const routes = api.routes.map(({ routeKey, timeoutMs, functionLogicalId }) => ({
    routeKey,
    timeoutMs,
    invoke: workers.functionOf(functionLogicalId).invoke,
  }));
  front.serve({ apiId: api.apiId, routes });
}

/** Which of the fake Connectly's credentials a secret of the template holds. */
function localSecretValue(logicalId: string): string | undefined {
  if (logicalId === 'WebhookSecret') return localCredentials.webhookSecret;
  if (logicalId === 'ApiKeySecret') return localCredentials.apiKey;
  return undefined;
}

function businessIdOf({ functions }: StackDescription): string {
  return functions.map(({ environment }) => environment['BUSINESS_ID']).find(Boolean) ?? 'local-business';
}
