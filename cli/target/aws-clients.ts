import type { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import type { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { LambdaClient } from '@aws-sdk/client-lambda';
import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { SQSClient } from '@aws-sdk/client-sqs';
import type { STSClient } from '@aws-sdk/client-sts';

/** What every AWS client of a command is made with. */
export interface AwsConfiguration {
  readonly region: string;
  readonly profile?: string;
  /** Only of the local stack; otherwise the clients know, or AWS_ENDPOINT_URL says. */
  readonly endpoint?: string;
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
  /** Only of the local stack, whose address is what it is; otherwise the environment and the profile say. */
  readonly useFipsEndpoint?: false;
  readonly useDualstackEndpoint?: false;
}

/** The AWS clients, each loaded and made when it is first asked for: loading one takes longer than `--help`. */
export interface AwsClients {
  cloudFormation(): Promise<CloudFormationClient>;
  cloudWatch(): Promise<CloudWatchClient>;
  dynamoDb(): Promise<DynamoDBClient>;
  lambda(): Promise<LambdaClient>;
  logs(): Promise<CloudWatchLogsClient>;
  secretsManager(): Promise<SecretsManagerClient>;
  sqs(): Promise<SQSClient>;
  sts(): Promise<STSClient>;
  /** Closes the connections of those that have been made. */
  close(): void;
}

/** Milliseconds for one attempt: a person waits, and whoever has not answered by then will not. */
const patienceMs = 15_000;

const silence = () => {};

export function createAwsClients(
  configuration: AwsConfiguration,
  requestTimeout: number = patienceMs,
): AwsClients {
  const made: { destroy(): void }[] = [];
  const config = {
    ...configuration,
    requestHandler: {
      connectionTimeout: 3000,
      requestTimeout,
      // Without it, the time is up and the request goes on.
      throwOnRequestTimeout: true,
      // What comes of a request is told once, in our words.
      logger: { trace: silence, debug: silence, info: silence, warn: silence, error: silence },
    },
  };

  function once<Client extends { destroy(): void }>(make: () => Promise<Client>): () => Promise<Client> {
    let making: Promise<Client> | undefined;
    return () => {
      making ??= make().then((client) => {
        made.push(client);
        return client;
      });
      return making;
    };
  }

  return {
    cloudFormation: once(async () => {
      const { CloudFormationClient } = await import('@aws-sdk/client-cloudformation');
      return new CloudFormationClient(config);
    }),
    cloudWatch: once(async () => {
      const { CloudWatchClient } = await import('@aws-sdk/client-cloudwatch');
      return new CloudWatchClient(config);
    }),
    dynamoDb: once(async () => {
      const { DynamoDBClient } = await import('@aws-sdk/client-dynamodb');
      return new DynamoDBClient(config);
    }),
    lambda: once(async () => {
      const { LambdaClient } = await import('@aws-sdk/client-lambda');
      return new LambdaClient(config);
    }),
    logs: once(async () => {
      const { CloudWatchLogsClient } = await import('@aws-sdk/client-cloudwatch-logs');
      return new CloudWatchLogsClient(config);
    }),
    secretsManager: once(async () => {
      const { SecretsManagerClient } = await import('@aws-sdk/client-secrets-manager');
      return new SecretsManagerClient(config);
    }),
    sqs: once(async () => {
      const { SQSClient } = await import('@aws-sdk/client-sqs');
      // A queue's URL names AWS's own host: AWS_ENDPOINT_URL is to hold for queues, too.
      return new SQSClient({ ...config, useQueueUrlAsEndpoint: false });
    }),
    sts: once(async () => {
      const { STSClient } = await import('@aws-sdk/client-sts');
      return new STSClient(config);
    }),
    close() {
      for (const client of made) client.destroy();
    },
  };
}
