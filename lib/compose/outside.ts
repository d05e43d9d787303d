import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { SQSClient } from '@aws-sdk/client-sqs';
import type { HttpClient } from '../connectly/http.ts';

/** Everything outside of this code that the functions touch. Each function takes the part that it needs. */
export interface Outside {
  /** In milliseconds since the epoch; the function that `after` returns cancels the call. */
  readonly clock: { now(): number; after(delayMs: number, run: () => void): () => void };
  /** From 0 up to 1. */
  readonly random: () => number;
  /** A new one each time, never used before. */
  readonly newId: () => string;
  /** Takes one line of the log, its line feed included. */
  readonly write: (line: string) => void;
  readonly sqs: SQSClient;
  readonly dynamoDb: DynamoDBClient;
  readonly secretsManager: SecretsManagerClient;
  /** Makes the client for Connectly's API. */
  readonly createHttpClient: (options: { deadlineMs: number; now: () => number }) => HttpClient;
}
