import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SQSClient } from '@aws-sdk/client-sqs';
import { awsHttpHandler } from '../lib/aws/http-handler.ts';
import { clock, newId, random, write } from '../lib/compose/on-lambda.ts';
import { composeSendMessage } from '../lib/compose/send-message.ts';
import { readSendConfig } from '../lib/config.ts';
import { createHttpClient } from '../lib/connectly/http.ts';

const requestHandler = awsHttpHandler();

export const handler = composeSendMessage(readSendConfig(process.env), {
  clock,
  random,
  newId,
  write,
  sqs: new SQSClient({ requestHandler }),
  dynamoDb: new DynamoDBClient({ requestHandler }),
  secretsManager: new SecretsManagerClient({ requestHandler }),
  createHttpClient,
});
