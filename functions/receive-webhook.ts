import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SQSClient } from '@aws-sdk/client-sqs';
import { onLambda } from '../lib/compose/outside.ts';
import { composeReceiveWebhook } from '../lib/compose/receive-webhook.ts';
import { readReceiveConfig } from '../lib/config.ts';

export const handler = composeReceiveWebhook(readReceiveConfig(process.env), {
  ...onLambda,
  sqs: new SQSClient(),
  secretsManager: new SecretsManagerClient(),
});
