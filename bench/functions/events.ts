// What the functions are given: events as API Gateway and SQS send them.
import { createHmac } from 'node:crypto';

const secret = 'a-webhook-secret-of-usual-length';

/** A webhook about a customer's message, signed, with a body of so many bytes. */
export function webhookOf(bytes: number): object {
  const sentence = 'When do you open on Saturday? ';
  const length = bytes - customersMessage('').length;
  const body = customersMessage(sentence.repeat(Math.ceil(bytes / sentence.length)).slice(0, length));
  return {
    version: '2.0',
    routeKey: 'POST /webhooks/connectly',
    rawPath: '/webhooks/connectly',
    rawQueryString: '',
    headers: {
      accept: '*/*',
      'accept-encoding': 'gzip',
      'content-length': String(Buffer.byteLength(body)),
      'content-type': 'application/json',
      host: 'abcdefghij.execute-api.eu-west-1.amazonaws.com',
      'user-agent': 'go-resty/2.17.2 (https://github.com/go-resty/resty)',
      'x-amzn-trace-id': 'Root=1-692c1f00-0123456789abcdef01234567',
      'x-connectly-hmac-sha256': createHmac('sha256', secret).update(body).digest('base64'),
      'x-forwarded-for': '192.0.2.1',
      'x-forwarded-port': '443',
      'x-forwarded-proto': 'https',
    },
    requestContext: {
      accountId: '000000000000',
      apiId: 'abcdefghij',
      domainName: 'abcdefghij.execute-api.eu-west-1.amazonaws.com',
      domainPrefix: 'abcdefghij',
      http: {
        method: 'POST',
        path: '/webhooks/connectly',
        protocol: 'HTTP/1.1',
        sourceIp: '192.0.2.1',
        userAgent: 'go-resty/2.17.2 (https://github.com/go-resty/resty)',
      },
      requestId: 'UzJ0tgGdDoEEJVg=',
      routeKey: 'POST /webhooks/connectly',
      stage: '$default',
      time: '30/Nov/2026:10:00:00 +0000',
      timeEpoch: 1_796_032_800_000,
    },
    body,
    isBase64Encoded: false,
  };
}

function customersMessage(text: string): string {
  return JSON.stringify({
    topic: 'messages',
    sender: { id: '+15555555555', channelType: 'whatsapp' },
    message: { id: '01FRRWW2ZAHD9GJ1SWY4VF2GBD', text },
  });
}

let messages = 0;

/** A batch of templates for different people, none of which was ever sent. */
export function batchOf(size: number): object {
  return {
    Records: Array.from({ length: size }, () => {
      const number = String(++messages).padStart(9, '0');
      const sentAt = String(Date.now() - 1_000);
      return {
        messageId: `6f1c2f6e-7b1a-4a53-9a57-100${number}`,
        receiptHandle: `AQEB${number}${'x'.repeat(400)}`,
        body: JSON.stringify({
          type: 'template',
          to: `+15${number}`,
          templateName: 'order_ready',
          language: 'en',
          parameters: [{ name: 'body_1', value: 'Ana' }],
          id: `order-${number}-ready`,
        }),
        attributes: {
          ApproximateReceiveCount: '1',
          SentTimestamp: sentAt,
          SenderId: 'AIDAIENQZJOLO23YVJ4VO',
          ApproximateFirstReceiveTimestamp: sentAt,
        },
        messageAttributes: {},
        md5OfMessageAttributes: null,
        md5OfBody: '098f6bcd4621d373cade4e832627b4f6',
        eventSource: 'aws:sqs',
        eventSourceARN: 'arn:aws:sqs:eu-west-1:000000000000:bench-sends',
        awsRegion: 'eu-west-1',
      };
    }),
  };
}
