import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SQSClient } from '@aws-sdk/client-sqs';
import { awsHttpHandler } from '../lib/aws/http-handler.ts';
import { clock, write } from '../lib/compose/on-lambda.ts';
import { composeReceiveWebhook } from '../lib/compose/receive-webhook.ts';
import { readReceiveConfig } from '../lib/config.ts';

const requestHandler = awsHttpHandler();

export const handler = composeReceiveWebhook(readReceiveConfig(process.env), {
  clock,
  write,
  sqs: new SQSClient({ requestHandler }),
  secretsManager: new SecretsManagerClient({ requestHandler }),
});
