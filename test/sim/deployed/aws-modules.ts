import * as dynamoModule from '@aws-sdk/client-dynamodb';
import * as secretsManagerModule from '@aws-sdk/client-secrets-manager';
import * as sqsModule from '@aws-sdk/client-sqs';

export interface AwsClients {
  readonly sqs: sqsModule.SQSClient;
  readonly secretsManager?: secretsManagerModule.SecretsManagerClient;
  readonly dynamo?: dynamoModule.DynamoDBClient;
}

/** The AWS packages as a function loads them, with a stand's clients wherever it makes one of its own. */
export function awsModules({ sqs, secretsManager, dynamo }: AwsClients): Readonly<Record<string, object>> {
  return {
    '@aws-sdk/client-sqs': { ...sqsModule, SQSClient: made(sqs) },
    '@aws-sdk/client-secrets-manager': {
      ...secretsManagerModule,
      SecretsManagerClient: made(secretsManager),
    },
    '@aws-sdk/client-dynamodb': { ...dynamoModule, DynamoDBClient: made(dynamo) },
  };
}

function made(client: object | undefined): object {
  return function Client() {
    if (client === undefined) throw new Error('a client that this function has no need of');
    return client;
  };
}

const offline = { region: 'eu-central-1', credentials: { accessKeyId: 'x', secretAccessKey: 'x' } };

export interface CallOptions {
  readonly abortSignal?: AbortSignal;
}

export type Send = (command: object, options?: CallOptions) => Promise<object>;

/** Clients that never leave this process: `send` answers for the service. */
export const scripted = {
  sqs: (send: Send) => answering(new sqsModule.SQSClient(offline), send),
  secretsManager: (send: Send) => answering(new secretsManagerModule.SecretsManagerClient(offline), send),
};

function answering<Client extends object>(client: Client, send: Send): Client {
  return Object.defineProperty(client, 'send', { value: send });
}
