// The sender as people would otherwise write it: middy, Powertools' batch and idempotency on DynamoDB, axios, zod. The
// same job as send-message for a message that Connectly accepts: one send for each id, a log line and a metric.
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch';
import { IdempotencyConfig, makeIdempotent } from '@aws-lambda-powertools/idempotency';
import { DynamoDBPersistenceLayer } from '@aws-lambda-powertools/idempotency/dynamodb';
import { Logger } from '@aws-lambda-powertools/logger';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { logMetrics } from '@aws-lambda-powertools/metrics/middleware';
import { getSecret } from '@aws-lambda-powertools/parameters/secrets';
import middy from '@middy/core';
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import axios from 'axios';
import { z } from 'zod';

const environment = z
  .object({
    API_KEY_SECRET_ARN: z.string().min(1),
    CONNECTLY_BASE_URL: z.url(),
    BUSINESS_ID: z.string().min(1),
    LEDGER_TABLE: z.string().min(1),
  })
  .parse(process.env);

const messageSchema = z.strictObject({
  id: z.string().max(128),
  type: z.literal('template'),
  to: z.string().regex(/^\+[1-9]\d{6,14}$/),
  templateName: z.string().min(1),
  language: z.string().optional(),
  parameters: z.array(z.strictObject({ name: z.string(), value: z.string() })).optional(),
});
type Message = z.infer<typeof messageSchema>;

const acceptedSchema = z.looseObject({ id: z.string() });

const logger = new Logger({ serviceName: 'sender' });
const metrics = new Metrics({ namespace: 'peer', serviceName: 'sender' });
const processor = new BatchProcessor(EventType.SQS);
// No more connections than the relay opens.
const connections = { keepAlive: true, maxSockets: 64 };
const connectly = axios.create({
  baseURL: `${environment.CONNECTLY_BASE_URL.replace(/\/$/, '')}/v1/businesses/${environment.BUSINESS_ID}`,
  timeout: 25_000,
  maxRedirects: 0,
  httpAgent: new HttpAgent(connections),
  httpsAgent: new HttpsAgent(connections),
});
const idempotency = new IdempotencyConfig({
  eventKeyJmesPath: 'id',
  throwOnNoIdempotencyKey: true,
  expiresAfterSeconds: 30 * 24 * 60 * 60,
});

async function send({ to, templateName, language, parameters, id }: Message) {
  const apiKey = await getSecret(environment.API_KEY_SECRET_ARN, { maxAge: 300 });
  const response = await connectly.post(
    '/send/whatsapp_templated_messages',
    {
      number: to,
      templateName,
      language,
      parameters,
      callbackData: { relay: { v: 1, id } },
    },
    { headers: { 'X-API-Key': String(apiKey) } },
  );
  return { vendorId: acceptedSchema.parse(response.data).id };
}

const sendOnce = makeIdempotent(send, {
  persistenceStore: new DynamoDBPersistenceLayer({ tableName: environment.LEDGER_TABLE, keyAttr: 'pk' }),
  config: idempotency,
});

async function handleRecord(record: SQSRecord): Promise<void> {
  const startedAt = Date.now();
  const message = messageSchema.parse(JSON.parse(record.body));
  const { vendorId } = await sendOnce(message);
  metrics.addMetric('accepted', MetricUnit.Count, 1);
  metrics.addMetric('durationMs', MetricUnit.Milliseconds, Date.now() - startedAt);
  logger.info('attempt', { result: 'accepted', sqsMessageId: record.messageId, vendorId });
}

async function sendAll(event: SQSEvent, context: Context): Promise<SQSBatchResponse> {
  idempotency.registerLambdaContext(context);
  return processPartialResponse(event, handleRecord, processor, { context, throwOnFullBatchFailure: false });
}

export const handler = middy(sendAll).use(injectLambdaContext(logger)).use(logMetrics(metrics));
