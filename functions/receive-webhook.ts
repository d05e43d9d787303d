import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import { secretReader } from '../lib/aws/secrets.ts';
import { sqsEventQueue, sqsOutcomeReports } from '../lib/aws/webhook-queues.ts';
import { readReceiveConfig } from '../lib/config.ts';
import { createLogger, errorFields } from '../lib/logger.ts';
import { createSecretCache } from '../lib/secrets/cache.ts';
import { answerTo } from '../lib/webhook/answer.ts';
import { createReceive } from '../lib/webhook/receive.ts';
import type { WebhookRequest } from '../lib/webhook/request.ts';
import { parseWebhookSecrets } from '../lib/webhook/secrets.ts';

const config = readReceiveConfig(process.env);
const now = Date.now;
const logger = createLogger({
  stage: config.stage,
  level: config.logLevel,
  output: (line) => process.stdout.write(line),
  now,
});
const secrets = createSecretCache({
  fetch: secretReader(new SecretsManagerClient(), config.webhookSecretArn),
  parse: parseWebhookSecrets,
  now,
  onServedStale: (cause) => logger.write('warn', 'secret-served-stale', errorFields(cause)),
});
const sqs = new SQSClient();
const receive = createReceive({
  secrets,
  events: sqsEventQueue(sqs, config.eventsQueueUrl),
  outcomes: sqsOutcomeReports(sqs, config.outcomesQueueUrl),
  onUnreported: (cause) => logger.write('warn', 'status-unreported', errorFields(cause)),
  now,
});

export async function handler(
  request: WebhookRequest,
  context: Pick<Context, 'awsRequestId'>,
): Promise<APIGatewayProxyStructuredResultV2> {
  const startedAt = now();
  const receipt = await receive(request);
  const { level, fields, response } = answerTo(receipt);
  logger.write(level, 'webhook', {
    requestId: context.awsRequestId,
    durationMs: now() - startedAt,
    ...fields,
  });
  return response;
}
