import { randomUUID } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { Context, SQSBatchResponse } from 'aws-lambda';
import { runBatch } from '../lib/aws/batch.ts';
import { dynamoLedger } from '../lib/aws/ledger-table.ts';
import { secretReader } from '../lib/aws/secrets.ts';
import { sqsQueueEffects, toQueuedMessage } from '../lib/aws/send-queues.ts';
import type { SqsEvent, SqsRecord } from '../lib/aws/sqs-record.ts';
import { clock } from '../lib/clock.ts';
import { readSendConfig } from '../lib/config.ts';
import { parseApiKeys } from '../lib/connectly/api-key.ts';
import { createHttpClient } from '../lib/connectly/http.ts';
import { connectlySender } from '../lib/connectly/sender.ts';
import { attemptFields, attemptLevel, probeFields } from '../lib/delivery/attempt-log.ts';
import { type Attempt, createDeliver } from '../lib/delivery/deliver.ts';
import { createDispatcher, undisturbed } from '../lib/delivery/dispatch/dispatcher.ts';
import { createClaims } from '../lib/delivery/ledger/claims.ts';
import { judge } from '../lib/delivery/outcome.ts';
import { createProbe } from '../lib/delivery/probe.ts';
import { leaseMs, requestDeadlineMs, timeForOneMessageMs } from '../lib/delivery/time.ts';
import { createLogger, errorFields } from '../lib/logger.ts';
import { createSecretCache } from '../lib/secrets/cache.ts';

const config = readSendConfig(process.env);
const { now } = clock;
const random = Math.random;
const logger = createLogger({
  stage: config.stage,
  level: config.logLevel,
  output: (line) => process.stdout.write(line),
  now,
});
const http = createHttpClient({ deadlineMs: requestDeadlineMs });
const apiKeys = createSecretCache({
  fetch: secretReader(new SecretsManagerClient(), config.apiKeySecretArn),
  parse: parseApiKeys,
  now,
  onServedStale: (cause) => logger.write('warn', 'secret-served-stale', errorFields(cause)),
});
const { connectlyBaseUrl: baseUrl, senderNumber, ratePerSecond, window } = config;
const sender = connectlySender({ http, baseUrl, apiKeys, senderNumber, now });
const pacing = { ratePerSecond, window, clock, random };
const deliver = createDeliver({
  sender,
  dispatcher: createDispatcher<Attempt>({
    ...pacing,
    judge: ({ outcome }) => judge(outcome),
    probe: createProbe(sender, (outcome) => logger.write('warn', 'probe-failed', probeFields(outcome))),
  }),
  expiryDispatcher: createDispatcher<Attempt>({ ...pacing, ...undisturbed }),
  claim: createClaims({
    store: dynamoLedger(new DynamoDBClient(), config.ledgerTable),
    leaseMs,
    now,
    newAttemptId: randomUUID,
  }),
  settings: config,
  now,
  random,
  onUnrecorded: (error) => logger.write('error', 'attempt-unrecorded', errorFields(error)),
});
const sqs = new SQSClient();

type Invocation = Pick<Context, 'awsRequestId' | 'getRemainingTimeInMillis'>;

export async function handler(
  { Records: records }: SqsEvent,
  context: Invocation,
): Promise<SQSBatchResponse> {
  const { awsRequestId: requestId } = context;
  const canFinish = () => context.getRemainingTimeInMillis() >= timeForOneMessageMs;
  const handle = async (record: SqsRecord) => {
    const startedAt = now();
    const queued = toQueuedMessage(record);
    const delivery = await deliver(queued, sqsQueueEffects(sqs, config, record), canFinish);
    const fields = attemptFields(delivery, queued, { startedAt, endedAt: now() });
    const event = 'failure' in delivery ? 'attempt-failed' : 'attempt';
    logger.write(attemptLevel(delivery), event, { requestId, sqsMessageId: record.messageId, ...fields });
    return delivery.acknowledge;
  };
  const onBug = (error: unknown, { messageId: sqsMessageId }: SqsRecord) =>
    logger.write('error', 'attempt-failed', { requestId, sqsMessageId, ...errorFields(error) });
  try {
    return await runBatch(records, handle, onBug);
  } finally {
    http.closeConnections();
  }
}
