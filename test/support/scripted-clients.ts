import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SQSClient } from '@aws-sdk/client-sqs';

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
  dynamoDb: (send: Send): DynamoDBClient => answering(DynamoDBClient, send),
  secretsManager: (send: Send): SecretsManagerClient => answering(SecretsManagerClient, send),
};

function answering<Client extends object>(client: { readonly prototype: Client }, send: Send): Client {
  const made: Client = Object.create(client.prototype);
  return Object.defineProperty(made, 'send', { value: send });
}
