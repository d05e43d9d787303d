import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
import { onLambda } from '../lib/compose/outside.ts';
import { composeSettleSend } from '../lib/compose/settle-send.ts';
import { readSettleConfig } from '../lib/config.ts';

export const handler = composeSettleSend(readSettleConfig(process.env), {
  ...onLambda,
  sqs: new SQSClient(),
  dynamoDb: new DynamoDBClient(),
});
