import { randomUUID } from 'node:crypto';
import type { Clock } from '../clock.ts';
import type { FunctionDescription } from '../template/stack-description.ts';
import { type CloudFormation, createCloudFormation } from './cloudformation/cloudformation.ts';
import { createCloudWatch } from './cloudwatch/cloudwatch.ts';
import { createDynamoDb, type DynamoDb } from './dynamodb/dynamodb.ts';
import { identity } from './identity.ts';
import { createLambdaApi, type LambdaApi } from './lambda/lambda-api.ts';
import type { FunctionLog } from './lambda/lambda-function.ts';
import { logEventsOf } from './lambda/log-events.ts';
import { createCloudWatchLogs } from './logs/cloudwatch-logs.ts';
import { startAwsEndpoint } from './protocols/endpoint.ts';
import { createSecretsManager, type SecretsManager } from './secrets-manager/secrets-manager.ts';
import { createSqs, type Sqs } from './sqs/sqs.ts';
import { createSts } from './sts/sts.ts';

export interface AwsServicesOptions {
  readonly clock: Clock;
  readonly region: string;
  readonly accountId: string;
  /** Of the endpoint; a free one when absent. */
  readonly port: number | undefined;
}

/** The emulated services of one account and region, all behind one endpoint. */
export interface AwsServices {
  /** Where all of them are called. */
  readonly url: string;
  /** By which its endpoint is told from another program at its address. */
  readonly token: string;
  readonly sqs: Sqs;
  readonly secretsManager: SecretsManager;
  readonly dynamoDb: DynamoDb;
  readonly lambda: LambdaApi;
  readonly cloudFormation: CloudFormation;
  /** Makes a function known to Lambda, with an empty log group. */
  addFunction(description: FunctionDescription): void;
  /** Puts what a function printed into its log group, and the metrics in it with the others. */
  takeLog(log: FunctionLog): void;
  close(): Promise<void>;
}

/** Starts the services, with nothing in them. Rejects when the port is taken. */
export async function startAwsServices(options: AwsServicesOptions): Promise<AwsServices> {
  const { clock, region, accountId, port } = options;
  let url = '';
  const token = randomUUID();
  const sqs = createSqs({ clock, region, accountId, baseUrl: () => url });
  const secretsManager = createSecretsManager({ clock, region, accountId });
  const dynamoDb = createDynamoDb();
  const lambda = createLambdaApi({ clock, region, accountId });
  const cloudFormation = createCloudFormation({ clock });
  const logs = createCloudWatchLogs({ clock, region, accountId });
  const cloudWatch = createCloudWatch({ clock, queues: () => sqs.queues() });
  const endpoint = await startAwsEndpoint({
    services: [
      identity(token),
      sqs.service,
      secretsManager.service,
      dynamoDb.service,
      logs.service,
      cloudWatch.service,
    ],
    queryServices: [cloudFormation.service, createSts({ accountId })],
    restServices: [lambda.service],
    ...(port !== undefined && { port }),
  });
  url = endpoint.url;
  return {
    url,
    token,
    sqs,
    secretsManager,
    dynamoDb,
    lambda,
    cloudFormation,
    addFunction(description) {
      lambda.addFunction(description);
      logs.createLogGroup(logGroupOf(description.name));
    },
    takeLog(log) {
      for (const message of logEventsOf(log, new Date(clock.now()))) {
        logs.write(logGroupOf(log.functionName), { logStreamName: log.logStreamName, message });
        if (log.stream !== 'platform') cloudWatch.readLogLine(message);
      }
    },
    close: () => endpoint.close(),
  };
}

const logGroupOf = (functionName: string): string => `/aws/lambda/${functionName}`;
