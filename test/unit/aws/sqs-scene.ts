import { createHash } from 'node:crypto';
import type { SQSMessageAttributes, SQSRecord } from 'aws-lambda';
import { afterEach } from 'vitest';
import type { CopyNote } from '../../../lib/delivery/deliver.ts';
import { AwsError } from '../../../local/aws/protocols/service.ts';
import { startAwsStand } from './aws-stand.ts';

let stand: Awaited<ReturnType<typeof startAwsStand>> | undefined;

afterEach(async () => {
  await stand?.close();
  stand = undefined;
});

/** An SQS that takes everything and writes down what it was given. */
export async function recordingSqs(answer: object = { MessageId: 'copy-1' }) {
  const calls: { operation: string; input: Readonly<Record<string, unknown>> }[] = [];
  const take = (operation: string) => async (input: Readonly<Record<string, unknown>>) => {
    calls.push({ operation, input });
    const md5 = createHash('md5').update(String(input['MessageBody'])).digest('hex');
    return { MD5OfMessageBody: md5, ...answer };
  };
  stand = await startAwsStand({
    sqs: { SendMessage: take('SendMessage'), ChangeMessageVisibility: take('ChangeMessageVisibility') },
  });
  return { client: stand.sqs, calls };
}

const refuse = () => Promise.reject(new AwsError('AccessDenied', 'no'));

/** An SQS that refuses everything. */
export async function refusingSqs() {
  stand = await startAwsStand({ sqs: { SendMessage: refuse, ChangeMessageVisibility: refuse } });
  return stand.sqs;
}

export function sqsRecord(
  messageAttributes: SQSMessageAttributes = {},
  body = '{"type":"text","text":"😀"}',
): SQSRecord {
  return {
    messageId: 'sqs-1',
    body,
    receiptHandle: 'handle-1',
    attributes: {
      ApproximateReceiveCount: '3',
      SentTimestamp: '1795341600000',
      SenderId: 'x',
      ApproximateFirstReceiveTimestamp: '1795341600001',
    },
    messageAttributes,
    md5OfBody: '',
    eventSource: 'aws:sqs',
    eventSourceARN: 'arn:aws:sqs:eu-west-1:000000000000:sends',
    awsRegion: 'eu-west-1',
  };
}

export const text = (stringValue: string) => ({ dataType: 'String', stringValue });
export const urls = {
  sendsQueueUrl: 'http://q/sends',
  sendsDlqUrl: 'http://q/dlq',
  outcomesQueueUrl: 'http://q/outcomes',
};
export const note: CopyNote = {
  originalId: 'original-1',
  expiresAt: Date.UTC(2026, 10, 22, 14),
  code: 'expired',
  message: 'Too late.',
  traceId: undefined,
};
