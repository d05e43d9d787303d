// The three functions as functions/ wires them, with clients, clock and random numbers of the simulation.
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { SQSClient } from '@aws-sdk/client-sqs';
import type { SqsRecord } from '../../../lib/aws/sqs-record.ts';
import type { HttpClient } from '../../../lib/connectly/http.ts';
import type { DeliverySettings } from '../../../lib/delivery/decode.ts';
import type { Attempt } from '../../../lib/delivery/deliver.ts';
import type { WebhookRequest } from '../../../lib/webhook/request.ts';
import type { Environment } from './environments.ts';
import type { Life } from './life.ts';
import type { Stage } from './stage.ts';

export type Shipped = typeof import('./shipped.ts');

export interface Surroundings {
  readonly shipped: Shipped;
  readonly stage: Stage;
  readonly life: Life;
  readonly sqs: SQSClient;
  readonly random: () => number;
  /** Takes every line that is logged. */
  readonly output: (line: string) => void;
}

export interface DeliverySurroundings extends Surroundings {
  readonly dynamo: DynamoDBClient;
  readonly settings: DeliverySettings & {
    readonly sendsQueueUrl: string;
    readonly sendsDlqUrl: string;
    readonly outcomesQueueUrl: string;
  };
}

export interface SendSurroundings extends DeliverySurroundings {
  readonly secretsManager: SecretsManagerClient;
  readonly http: HttpClient;
  readonly newAttemptId: () => string;
}

export function sendMessage(surroundings: SendSurroundings): Environment['handle'] {
  const { shipped, stage, life, sqs, random, output, dynamo, settings, secretsManager, http, newAttemptId } =
    surroundings;
  const now = () => life.clock.now();
  const logger = shipped.createLogger({ stage: 'sim', level: 'debug', output, now });
  const apiKeys = shipped.createSecretCache({
    fetch: shipped.secretReader(secretsManager, 'api-key'),
    parse: shipped.parseApiKeys,
    now,
    onServedStale: (cause) => logger.write('warn', 'secret-served-stale', shipped.errorFields(cause)),
  });
  const baseUrl = new URL('https://api.connectly.ai');
  const sender = shipped.connectlySender({ http, baseUrl, apiKeys, senderNumber: '+15550000000', now });
  const pacing = { ratePerSecond: stage.ratePerSecond, window: stage.window, clock: life.clock, random };
  const deliver = shipped.createDeliver({
    sender,
    dispatcher: shipped.createDispatcher<Attempt>({
      ...pacing,
      judge: ({ outcome }) => shipped.judge(outcome),
      probe: shipped.createProbe(sender, (outcome) =>
        logger.write('warn', 'probe-failed', shipped.probeFields(outcome)),
      ),
    }),
    expiryDispatcher: shipped.createDispatcher<Attempt>({ ...pacing, ...shipped.undisturbed }),
    claim: shipped.createClaim({
      store: shipped.dynamoLedger(dynamo, 'ledger'),
      leaseMs: shipped.leaseMs,
      now,
      newAttemptId,
    }),
    settings,
    now,
    random,
    onUnrecorded: (error) => logger.write('error', 'attempt-unrecorded', shipped.errorFields(error)),
  });

  return async ({ Records: records }, context) => {
    const { awsRequestId: requestId } = context;
    const canFinish = () => context.getRemainingTimeInMillis() >= shipped.timeForOneMessageMs;
    const handle = async (record: SqsRecord) => {
      const startedAt = now();
      const queued = shipped.toQueuedMessage(record);
      const delivery = await deliver(queued, shipped.sqsQueueEffects(sqs, settings, record), canFinish);
      const fields = shipped.attemptFields(delivery, queued, { startedAt, endedAt: now() });
      const { messageId: sqsMessageId } = record;
      const event = 'failure' in delivery ? 'attempt-failed' : 'attempt';
      logger.write(shipped.attemptLevel(delivery), event, { requestId, sqsMessageId, ...fields });
      return delivery.acknowledge;
    };
    const onBug = (error: unknown, { messageId: sqsMessageId }: SqsRecord) =>
      logger.write('error', 'attempt-failed', { requestId, sqsMessageId, ...shipped.errorFields(error) });
    return shipped.runBatch(records, handle, onBug);
  };
}

export function settleSend(surroundings: DeliverySurroundings): Environment['handle'] {
  const { shipped, stage, life, sqs, output, dynamo, settings } = surroundings;
  const now = () => life.clock.now();
  const logger = shipped.createLogger({ stage: 'sim', level: 'debug', output, now });
  const store = shipped.dynamoLedger(dynamo, 'ledger');
  const settle = shipped.createSettle({ store, settings, waitMs: stage.outcomeWaitMs, now });

  return async ({ Records: records }, { awsRequestId: requestId }) => {
    const handle = async (record: SqsRecord) => {
      const message = shipped.toOutcomeMessage(record);
      const settlement =
        message.kind === 'status'
          ? await settle.confirmSend(message.status)
          : await settle.settleParked(message.parked, shipped.sqsSettleEffects(sqs, settings, record));
      const fields = shipped.settlementFields(settlement, message.kind);
      logger.write('info', 'settle', { requestId, sqsMessageId: record.messageId, ...fields });
      return settlement.result !== 'waiting';
    };
    const onBug = (error: unknown, { messageId: sqsMessageId }: SqsRecord) =>
      logger.write('error', 'settle-failed', { requestId, sqsMessageId, ...shipped.errorFields(error) });
    return shipped.runBatch(records, handle, onBug);
  };
}

export interface WebhookSurroundings extends Omit<Surroundings, 'stage' | 'random'> {
  readonly secretsManager: SecretsManagerClient;
  readonly eventsQueueUrl: string;
  readonly outcomesQueueUrl: string;
}

/** Resolves to the HTTP status of the answer. */
export function receiveWebhook(
  surroundings: WebhookSurroundings,
): (request: WebhookRequest) => Promise<number> {
  const { shipped, life, sqs, output, secretsManager, eventsQueueUrl, outcomesQueueUrl } = surroundings;
  const now = () => life.clock.now();
  const logger = shipped.createLogger({ stage: 'sim', level: 'debug', output, now });
  const secrets = shipped.createSecretCache({
    fetch: shipped.secretReader(secretsManager, 'webhook-secret'),
    parse: shipped.parseWebhookSecrets,
    now,
    onServedStale: (cause) => logger.write('warn', 'secret-served-stale', shipped.errorFields(cause)),
  });
  const receive = shipped.createReceive({
    secrets,
    events: shipped.sqsEventQueue(sqs, eventsQueueUrl),
    statuses: shipped.sqsSendStatusQueue(sqs, outcomesQueueUrl),
    onStatusLost: (cause) => logger.write('warn', 'status-unreported', shipped.errorFields(cause)),
    now,
  });

  return async (request) => {
    const startedAt = now();
    const { level, fields, response } = shipped.answerTo(await receive(request));
    logger.write(level, 'webhook', { requestId: 'webhook', durationMs: now() - startedAt, ...fields });
    return response.statusCode;
  };
}
