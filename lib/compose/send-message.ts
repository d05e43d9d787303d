import type { Context, SQSBatchResponse } from 'aws-lambda';
import { runBatch } from '../aws/batch.ts';
import { dynamoLedger } from '../aws/ledger-table.ts';
import { secretReader } from '../aws/secrets.ts';
import { sqsQueueEffects, toQueuedMessage } from '../aws/send-queues.ts';
import type { SqsEvent, SqsRecord } from '../aws/sqs-record.ts';
import type { SendConfig } from '../config.ts';
import { parseApiKeys } from '../connectly/api-key.ts';
import { connectlySender } from '../connectly/sender.ts';
import { type Attempt, createDeliver } from '../delivery/deliver.ts';
import { createDispatcher, undisturbed } from '../delivery/dispatch/dispatcher.ts';
import { createClaim } from '../delivery/ledger/ledger.ts';
import { attemptFields, attemptLevel, probeFields } from '../delivery/log-lines.ts';
import { judge } from '../delivery/outcome.ts';
import { createProbe } from '../delivery/probe.ts';
import { leaseMs, requestDeadlineMs, timeForOneMessageMs } from '../delivery/time.ts';
import { createLogger, errorFields } from '../logger.ts';
import { createSecretCache } from '../secrets/cache.ts';
import type { Outside } from './outside.ts';

/** The handler of send-message, to be made once for each execution environment. */
export function composeSendMessage(config: SendConfig, outside: Outside) {
  const { clock, random, newId, write, sqs, dynamoDb, secretsManager, createHttpClient } = outside;
  const now = () => clock.now();
  const logger = createLogger({ stage: config.stage, level: config.logLevel, output: write, now });
  const http = createHttpClient({ deadlineMs: requestDeadlineMs });
  const apiKeys = createSecretCache({
    fetch: secretReader(secretsManager, config.apiKeySecretArn),
    parse: parseApiKeys,
    now,
    onServedStale: (cause) => logger.write('warn', 'secret-served-stale', errorFields(cause)),
  });
  const { connectlyBaseUrl: baseUrl, senderNumber, ratePerSecond, window } = config;
  const sender = connectlySender({ http, baseUrl, apiKeys, senderNumber, now });
  const pacing = { ratePerSecond, window, clock, random };
  const dispatcher = createDispatcher<Attempt>({
    ...pacing,
    judge: ({ outcome }) => judge(outcome),
    probe: createProbe(sender, (outcome) => logger.write('warn', 'probe-failed', probeFields(outcome))),
  });
  const store = dynamoLedger(dynamoDb, config.ledgerTable);
  const deliver = createDeliver({
    sender,
    dispatcher,
    expiryDispatcher: createDispatcher<Attempt>({ ...pacing, ...undisturbed }),
    claim: createClaim({ store, leaseMs, now, newAttemptId: newId }),
    settings: config,
    now,
    random,
    onUnrecorded: (error) => logger.write('error', 'attempt-unrecorded', errorFields(error)),
  });

  return async function handler(
    { Records: records }: SqsEvent,
    context: Pick<Context, 'awsRequestId' | 'getRemainingTimeInMillis'>,
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
  };
}
