import { type AwsEndpoint, startAwsEndpoint } from './aws/endpoint.ts';
import type { Clock } from './clock.ts';
import { type CloudFormation, createCloudFormation } from './cloudformation/cloudformation.ts';
import { createDynamoDb, type DynamoDb } from './dynamodb/dynamodb.ts';
import { createLambdaApi, type LambdaApi } from './lambda/lambda-api.ts';
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
  readonly endpoint: AwsEndpoint;
  readonly sqs: Sqs;
  readonly secretsManager: SecretsManager;
  readonly dynamoDb: DynamoDb;
  readonly lambda: LambdaApi;
  readonly cloudFormation: CloudFormation;
}

/** Starts the services, with nothing in them. Rejects when the port is taken. */
export async function startAwsServices(options: AwsServicesOptions): Promise<AwsServices> {
  const { clock, region, accountId, port } = options;
  let url = '';
  const sqs = createSqs({ clock, region, accountId, baseUrl: () => url });
  const secretsManager = createSecretsManager({ clock, region, accountId });
  const dynamoDb = createDynamoDb();
  const lambda = createLambdaApi({ clock, region, accountId });
  const cloudFormation = createCloudFormation({ clock });
  const endpoint = await startAwsEndpoint({
    services: [sqs.service, secretsManager.service, dynamoDb.service],
    queryServices: [cloudFormation.service, createSts({ accountId })],
    restServices: [lambda.service],
    ...(port !== undefined && { port }),
  });
  url = endpoint.url;
  return { endpoint, sqs, secretsManager, dynamoDb, lambda, cloudFormation };
}
