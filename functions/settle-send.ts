import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
import { awsHttpHandler } from '../lib/aws/http-handler.ts';
import { clock, write } from '../lib/compose/on-lambda.ts';
import { composeSettleSend } from '../lib/compose/settle-send.ts';
import { readSettleConfig } from '../lib/config.ts';

const requestHandler = awsHttpHandler();

export const handler = composeSettleSend(readSettleConfig(process.env), {
  clock,
  write,
  sqs: new SQSClient({ requestHandler }),
  dynamoDb: new DynamoDBClient({ requestHandler }),
});
