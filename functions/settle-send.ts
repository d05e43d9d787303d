import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
import { clock, write } from '../lib/compose/on-lambda.ts';
import { composeSettleSend } from '../lib/compose/settle-send.ts';
import { readSettleConfig } from '../lib/config.ts';

export const handler = composeSettleSend(readSettleConfig(process.env), {
  clock,
  write,
  sqs: new SQSClient(),
  dynamoDb: new DynamoDBClient(),
});
