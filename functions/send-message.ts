import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { runBatch } from '../lib/aws/batch.ts';
import { createSecretCache } from '../lib/aws/secret-cache.ts';
import { secretReader } from '../lib/aws/secrets.ts';
import { sqsQueueEffects, toQueuedMessage } from '../lib/aws/send-queues.ts';
import { readSendConfig } from '../lib/config.ts';
import { parseApiKeys } from '../lib/connectly/api-key.ts';
import { createHttpClient } from '../lib/connectly/http.ts';
import { connectlySender } from '../lib/connectly/sender.ts';
import { attemptFields, attemptLevel } from '../lib/delivery/attempt-log.ts';
import { createDeliver } from '../lib/delivery/deliver.ts';
import { requestDeadlineMs, timeForOneMessageMs } from '../lib/delivery/time.ts';
import { createLogger, errorFields } from '../lib/logger.ts';

const config = readSendConfig(process.env);
const now = Date.now;
const logger = createLogger({ level: config.logLevel, output: (line) => process.stdout.write(line), now });
const http = createHttpClient({ deadlineMs: requestDeadlineMs });
const apiKeys = createSecretCache({
  fetch: secretReader(new SecretsManagerClient(), config.apiKeySecretArn),
  parse: parseApiKeys,
  now,
  onServedStale: (cause) => logger.write('warn', 'secret-served-stale', errorFields(cause)),
});
const { connectlyBaseUrl: baseUrl, senderNumber } = config;
const sender = connectlySender({ http, baseUrl, apiKeys, senderNumber, now });
const deliver = createDeliver({ sender, settings: config, now, random: Math.random });
const sqs = new SQSClient();

type Invocation = Pick<Context, 'awsRequestId' | 'getRemainingTimeInMillis'>;

export async function handler(
  { Records: records }: SQSEvent,
  context: Invocation,
): Promise<SQSBatchResponse> {
  const { awsRequestId: requestId } = context;
  const canFinish = () => context.getRemainingTimeInMillis() >= timeForOneMessageMs;
  const handle = async (record: SQSRecord) => {
    const startedAt = now();
    const queued = toQueuedMessage(record);
    const delivery = await deliver(queued, sqsQueueEffects(sqs, config, record), canFinish);
    const fields = attemptFields(delivery, queued, { startedAt, endedAt: now() });
    logger.write(attemptLevel(delivery), 'attempt', { requestId, sqsMessageId: record.messageId, ...fields });
    return delivery.acknowledge;
  };
  const onBug = (error: unknown, { messageId: sqsMessageId }: SQSRecord) =>
    logger.write('error', 'attempt-failed', { requestId, sqsMessageId, ...errorFields(error) });
  try {
    return await runBatch(records, handle, onBug);
  } finally {
    http.closeConnections();
  }
}
