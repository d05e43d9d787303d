import {
  ConditionalCheckFailedException,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import {
  GetSecretValueCommand,
  ResourceNotFoundException,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { ChangeMessageVisibilityCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';

export interface AwsClients {
  readonly sqs: SQSClient;
  readonly secretsManager?: SecretsManagerClient;
  readonly dynamo?: DynamoDBClient;
}

/**
 * The AWS packages as a function loads them, with a stand's clients wherever it makes one of its own. They hold what the
 * adapters use and no more: copying hundreds of commands for every start would take most of a run's time.
 */
export function awsModules({ sqs, secretsManager, dynamo }: AwsClients): Readonly<Record<string, object>> {
  return {
    '@aws-sdk/client-sqs': {
      SendMessageCommand,
      ChangeMessageVisibilityCommand,
      SQSClient: constructorOf(sqs),
    },
    '@aws-sdk/client-secrets-manager': {
      GetSecretValueCommand,
      ResourceNotFoundException,
      SecretsManagerClient: constructorOf(secretsManager),
    },
    '@aws-sdk/client-dynamodb': {
      ConditionalCheckFailedException,
      GetItemCommand,
      PutItemCommand,
      DynamoDBClient: constructorOf(dynamo),
    },
  };
}

function constructorOf(client: object | undefined): object {
  return function Client() {
    if (client === undefined) throw new Error('a client that this function has no need of');
    return client;
  };
}

export interface CallOptions {
  readonly abortSignal?: AbortSignal;
}

export type Send = (command: object, options?: CallOptions) => Promise<object>;

/**
 * Clients that never leave this process: `send` answers for the service. The adapters call nothing else, so nothing else
 * is set up: a real constructor takes a millisecond.
 */
export const scripted = {
  sqs: (send: Send): SQSClient => answering(SQSClient, send),
  dynamo: (send: Send): DynamoDBClient => answering(DynamoDBClient, send),
  secretsManager: (send: Send): SecretsManagerClient => answering(SecretsManagerClient, send),
};

function answering<Client extends object>(client: { readonly prototype: Client }, send: Send): Client {
  const made: Client = Object.create(client.prototype);
  return Object.defineProperty(made, 'send', { value: send });
}
