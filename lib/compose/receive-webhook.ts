import type { APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import { secretReader } from '../aws/secrets.ts';
import { sqsEventQueue, sqsSendStatusQueue } from '../aws/webhook-queues.ts';
import type { ReceiveConfig } from '../config.ts';
import { createLogger, errorFields } from '../logger.ts';
import { createSecretCache } from '../secrets/cache.ts';
import { answerTo } from '../webhook/answer.ts';
import { createReceive } from '../webhook/receive.ts';
import type { WebhookRequest } from '../webhook/request.ts';
import { parseWebhookSecrets } from '../webhook/secrets.ts';
import type { Outside } from './outside.ts';

/** The handler of receive-webhook, to be made once for each execution environment. */
export function composeReceiveWebhook(
  config: ReceiveConfig,
  { clock, write, sqs, secretsManager }: Pick<Outside, 'clock' | 'write' | 'sqs' | 'secretsManager'>,
) {
  const now = () => clock.now();
  const logger = createLogger({ stage: config.stage, level: config.logLevel, output: write, now });
  const secrets = createSecretCache({
    fetch: secretReader(secretsManager, config.webhookSecretArn),
    parse: parseWebhookSecrets,
    now,
    onServedStale: (cause) => logger.write('warn', 'secret-served-stale', errorFields(cause)),
  });
  const receive = createReceive({
    secrets,
    events: sqsEventQueue(sqs, config.eventsQueueUrl),
    statuses: sqsSendStatusQueue(sqs, config.outcomesQueueUrl),
    onStatusLost: (cause) => logger.write('warn', 'status-unreported', errorFields(cause)),
    now,
  });

  return async function handler(
    request: WebhookRequest,
    context: Pick<Context, 'awsRequestId'>,
  ): Promise<APIGatewayProxyStructuredResultV2> {
    const startedAt = now();
    const receipt = await receive(request);
    const { level, fields, response } = answerTo(receipt);
    const durationMs = now() - startedAt;
    logger.write(level, 'webhook', { requestId: context.awsRequestId, durationMs, ...fields });
    return response;
  };
}
