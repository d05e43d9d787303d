// The webhook as people would otherwise write it: middy, Powertools, zod. The same job as receive-webhook for an event
// that is well: the signature over the bytes, the envelope, the events queue, a log line and a metric.
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { Logger } from '@aws-lambda-powertools/logger';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { logMetrics } from '@aws-lambda-powertools/metrics/middleware';
import { getSecret } from '@aws-lambda-powertools/parameters/secrets';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import middy from '@middy/core';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { z } from 'zod';

const environment = z
  .object({ EVENTS_QUEUE_URL: z.url(), WEBHOOK_SECRET_ARN: z.string().min(1) })
  .parse(process.env);

const eventSchema = z.looseObject({
  topic: z.string().default('unknown'),
  sender: z.looseObject({ id: z.string() }).optional(),
  message: z.looseObject({ id: z.string(), text: z.string().optional() }).optional(),
  buttonResponse: z.looseObject({ id: z.string() }).optional(),
  statusUpdate: z.looseObject({ id: z.string(), status: z.string() }).optional(),
});

const logger = new Logger({ serviceName: 'webhook' });
const metrics = new Metrics({ namespace: 'peer', serviceName: 'webhook' });
const sqs = new SQSClient({});

async function isSigned(body: Buffer, signature: string | undefined): Promise<boolean> {
  if (signature === undefined) return false;
  const secret = await getSecret(environment.WEBHOOK_SECRET_ARN, { maxAge: 300 });
  if (typeof secret !== 'string' || secret === '') throw new Error('The secret has no value.');
  const expected = createHmac('sha256', secret).update(body).digest();
  const given = Buffer.from(signature, 'base64');
  return given.length === expected.length && timingSafeEqual(given, expected);
}

function eventId(event: z.infer<typeof eventSchema>, body: Buffer): string {
  const { statusUpdate, message, buttonResponse } = event;
  if (statusUpdate) return `${statusUpdate.id}:${statusUpdate.status}`;
  return message?.id ?? buttonResponse?.id ?? createHash('sha256').update(body).digest('hex');
}

async function receive(event: APIGatewayProxyEventV2): Promise<APIGatewayProxyStructuredResultV2> {
  const receivedAt = new Date().toISOString();
  const body = Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8');
  if (body.length > 512 * 1024) return { statusCode: 413 };
  if (!(await isSigned(body, event.headers['x-connectly-hmac-sha256']))) {
    logger.warn('webhook', { result: 'signature-wrong' });
    return { statusCode: 401 };
  }
  const parsed = eventSchema.parse(JSON.parse(body.toString('utf8')));
  const id = eventId(parsed, body);
  await sqs.send(
    new SendMessageCommand({
      QueueUrl: environment.EVENTS_QUEUE_URL,
      MessageBody: JSON.stringify({ id, topic: parsed.topic, receivedAt, event: parsed }),
      MessageAttributes: {
        topic: { DataType: 'String', StringValue: parsed.topic },
        eventId: { DataType: 'String', StringValue: id },
      },
    }),
  );
  metrics.addMetric('queued', MetricUnit.Count, 1);
  logger.info('webhook', { result: 'queued', topic: parsed.topic, eventId: id, bytes: body.length });
  return {
    statusCode: 200,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ result: 'queued' }),
  };
}

export const handler = middy(receive).use(injectLambdaContext(logger)).use(logMetrics(metrics));
