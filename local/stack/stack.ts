import { join } from 'node:path';
import { buildFunctions } from '../../build.mjs';
import { type AccessRecord, startHttpApi } from '../aws/api-gateway/http-api.ts';
import { createTable } from '../aws/dynamodb/create-table.ts';
import type { DynamoDb } from '../aws/dynamodb/dynamodb.ts';
import {
  type EventSourceMapping,
  type MappingEvent,
  startEventSourceMapping,
} from '../aws/lambda/event-source-mapping.ts';
import {
  createLambdaFunction,
  type FunctionLog,
  type LambdaFunction,
} from '../aws/lambda/lambda-function.ts';
import type { SecretsManager } from '../aws/secrets-manager/secrets-manager.ts';
import { startAwsServices } from '../aws/services.ts';
import type { Sqs } from '../aws/sqs/sqs.ts';
import { type Clock, systemClock } from '../clock.ts';
import { type FakeConnectly, startFakeConnectly } from '../connectly/fake-connectly.ts';
import { listening } from '../port-error.ts';
import { describeStack } from '../template/describe-stack.ts';
import { packagedTemplate } from '../template/package.ts';
import type { StackDescription } from '../template/stack-description.ts';
import { stackId } from '../template/stack-resources.ts';
import { openCodeFolder } from './code-folder.ts';
import { localVariables } from './function-variables.ts';

/** The account that the emulators say they are. */
const accountId = '000000000000';

/** How many copies of a function run at once when the template does not limit them. */
const defaultConcurrency = 4;

/** What the fake Connectly and the emulated secrets agree on. Not secrets: nothing but this machine knows them. */
export const localCredentials = { apiKey: 'local-api-key', webhookSecret: 'local-webhook-secret' } as const;

/** What goes on in the stack, for whoever watches. */
export interface StackEvents {
  readonly onProgress?: (text: string) => void;
  readonly onFunctionLog?: (log: FunctionLog) => void;
  readonly onAccess?: (record: AccessRecord) => void;
  readonly onMapping?: (event: MappingEvent) => void;
}

export interface StackOptions extends StackEvents {
  readonly projectRoot: string;
  /** Whose parameters of serverless.yml are taken; `local` by default. */
  readonly stage?: string;
  readonly region?: string;
  /** Free ones unless given. */
  readonly ports?: { readonly aws?: number; readonly api?: number; readonly connectly?: number };
  /** Time for the queues, the secrets, the mappings and the fake Connectly; the functions live in real time. */
  readonly clock?: Clock;
  /** Whether the two secrets get their value at once; true by default. */
  readonly fillSecrets?: boolean;
}

export interface Stack {
  readonly description: StackDescription;
  readonly stage: string;
  readonly region: string;
  readonly accountId: string;
  /** The endpoint of every emulated AWS service. */
  readonly awsUrl: string;
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
  const cleanup: (() => Promise<unknown> | void)[] = [];
  const close = async () => {
    while (cleanup.length > 0) await cleanup.pop()?.();
  };
  try {
    return await compose(options, cleanup, close);
  } catch (error) {
    await close();
    throw error;
  }
}

async function compose(
  options: StackOptions,
  cleanup: (() => Promise<unknown> | void)[],
  close: () => Promise<void>,
): Promise<Stack> {
  const { projectRoot, ports = {}, clock = systemClock, fillSecrets = true } = options;
  const { stage = 'local', region = 'us-east-1' } = options;
  const code = await openCodeFolder(projectRoot);
  const bundles = join(code.path, 'build/functions');
  cleanup.push(() => code.remove());
  const packaging = packagedTemplate({
    projectRoot,
    stage,
    region,
    ...(options.onProgress && { log: options.onProgress }),
  });
  // When one fails, the other still ends first: nothing may be running, or writing, after that.
  await Promise.allSettled([packaging, buildFunctions(bundles, projectRoot)]).then(throwFirstFailure);
  const { template } = await packaging;

  const aws = await listening({ use: 'aws', port: ports.aws }, () =>
    startAwsServices({ clock, region, accountId, port: ports.aws }),
  );
  cleanup.push(() => aws.endpoint.close());
  const { sqs, secretsManager, dynamoDb } = aws;
  const awsUrl = aws.endpoint.url;

  const connectly = await listening({ use: 'connectly', port: ports.connectly }, () =>
    startFakeConnectly({
      ...localCredentials,
      clock,
      ...(ports.connectly !== undefined && { port: ports.connectly }),
    }),
  );
  cleanup.push(() => connectly.close());

  const stackName = `connectly-relay-${stage}`;
  const describe = (apiUrl: string) =>
    describeStack(template, {
      region,
      accountId,
      stackName,
      resolveRef: {
        queueUrl: (name) => `${awsUrl}/${accountId}/${name}`,
        secretArn: (name) => secretsManager.arnOf(name),
        apiEndpoint: () => apiUrl,
      },
    });
  // The routes are needed to start the front, and its address for the outputs.
  const [api, ...furtherApis] = describe('http://127.0.0.1').httpApis;
  if (api === undefined || furtherApis.length > 0)
    throw new Error('serverless.yml must have exactly one HTTP API.');
  const functions = new Map<string, LambdaFunction>();
  const functionOf = (logicalId: string): LambdaFunction => {
    const found = functions.get(logicalId);
    if (found === undefined) throw new Error(`The template has no function ${logicalId}.`);
    return found;
  };
  const front = await listening({ use: 'api', port: ports.api }, () =>
    startHttpApi({
      apiId: api.apiId,
      stage: '$default',
      region,
      accountId,
      clock,
      routes: api.routes.map(({ routeKey, timeoutMs, functionLogicalId }) => ({
        routeKey,
        timeoutMs,
        invoke: (event) => functionOf(functionLogicalId).invoke(event),
      })),
      ...(ports.api !== undefined && { port: ports.api }),
      ...(options.onAccess && { onAccess: options.onAccess }),
    }),
  );
  cleanup.push(() => front.close());
  const description = describe(front.url);

  for (const { name, attributes, tags } of description.queues) {
    const input = { QueueName: name, Attributes: attributes, tags };
    await sqs.service.operations['CreateQueue']?.(input, { signal: new AbortController().signal });
  }
  for (const { logicalId, name, description: text, value } of description.secrets) {
    const initial = value ?? (fillSecrets ? localSecretValue(logicalId) : undefined);
    secretsManager.createSecret({
      name,
      ...(text !== undefined && { description: text }),
      ...(initial !== undefined && { value: initial }),
    });
  }

  const mappings: EventSourceMapping[] = [];
  // Together: a mapping waits for its running batches, and those end at once with their functions.
  cleanup.push(() =>
    Promise.all([
      ...mappings.map((mapping) => mapping.close()),
      ...[...functions.values()].map((each) => each.close()),
    ]),
  );
  for (const table of description.tables) await createTable(dynamoDb, table);

  for (const described of description.functions) {
    const concurrency = description.eventSourceMappings
      .filter(({ functionLogicalId }) => functionLogicalId === described.logicalId)
      .map(({ maximumConcurrency }) => maximumConcurrency ?? defaultConcurrency);
    const created = createLambdaFunction({
      name: described.name,
      projectRoot,
      codeDirectory: code.path,
      handler: described.handler,
      timeoutSeconds: described.timeoutSeconds,
      memoryMb: described.memoryMb,
      environment: localVariables(described, { awsUrl, connectlyUrl: connectly.url }),
      region,
      accountId,
      runtime: described.runtime,
      logFormat: described.logFormat === 'JSON' ? 'JSON' : 'Text',
      maximumConcurrency: described.reservedConcurrency ?? Math.max(defaultConcurrency, ...concurrency),
      onLog(log) {
        aws.takeLog(log);
        options.onFunctionLog?.(log);
      },
    });
    functions.set(described.logicalId, created);
    aws.addFunction(described);
  }

  for (const mapping of description.eventSourceMappings) {
    const queue = description.queues.find(({ logicalId }) => logicalId === mapping.queueLogicalId);
    const started = startEventSourceMapping({
      operations: sqs.service.operations,
      queueUrl: `${awsUrl}/${accountId}/${queue?.name ?? ''}`,
      queueArn: mapping.queueArn,
      region,
      batchSize: mapping.batchSize,
      maximumBatchingWindowSeconds: mapping.maximumBatchingWindowSeconds,
      maximumConcurrency: mapping.maximumConcurrency ?? defaultConcurrency,
      reportBatchItemFailures: mapping.reportBatchItemFailures,
      enabled: mapping.enabled,
      ...(mapping.filterPatterns.length > 0 && { filterCriteria: mapping.filterPatterns }),
      clock,
      invoke: functionOf(mapping.functionLogicalId).invoke,
      ...(options.onMapping && { onEvent: options.onMapping }),
    });
    mappings.push(started);
    aws.lambda.addMapping(mapping, started);
  }
  aws.cloudFormation.addStack({
    name: stackName,
    id: stackId({ region, accountId, stackName }),
    outputs: description.outputs,
  });

  return {
    description,
    stage,
    region,
    accountId,
    awsUrl,
    webhookUrl: description.outputs['WebhookUrl'] ?? front.url,
    businessId: businessIdOf(description),
    sqs,
    secretsManager,
    dynamoDb,
    connectly,
    mappings,
    async reload() {
      await buildFunctions(bundles, projectRoot);
      for (const each of functions.values()) each.restart();
    },
    close,
  };
}

/** Which of the fake Connectly's credentials a secret of the template holds. */
function localSecretValue(logicalId: string): string | undefined {
  if (logicalId === 'WebhookSecret') return localCredentials.webhookSecret;
  if (logicalId === 'ApiKeySecret') return localCredentials.apiKey;
  return undefined;
}

function throwFirstFailure(results: readonly PromiseSettledResult<unknown>[]): void {
  for (const result of results) if (result.status === 'rejected') throw result.reason;
}

function businessIdOf({ functions }: StackDescription): string {
  return functions.map(({ environment }) => environment['BUSINESS_ID']).find(Boolean) ?? 'local-business';
}
