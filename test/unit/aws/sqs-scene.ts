import { createHash } from 'node:crypto';
import { afterEach } from 'vitest';
import type { SqsRecord } from '../../../lib/aws/sqs-record.ts';
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
  const hide = async (input: Readonly<Record<string, unknown>>) => {
    calls.push({ operation: 'ChangeMessageVisibilityBatch', input });
    const entries = Array.isArray(input['Entries']) ? input['Entries'] : [];
    return { Successful: entries.map(({ Id }: { Id: string }) => ({ Id })), Failed: [] };
  };
  stand = await startAwsStand({
    sqs: { SendMessage: take('SendMessage'), ChangeMessageVisibilityBatch: hide },
  });
  return { client: stand.sqs, calls };
}

const never = () => new Promise<never>(() => {});
const refuse = () => Promise.reject(new AwsError('AccessDenied', 'no'));

/** An SQS that never answers. */
export async function silentSqs() {
  stand = await startAwsStand({ sqs: { SendMessage: never, ChangeMessageVisibilityBatch: never } });
  return stand.sqs;
}

/** An SQS that refuses everything. */
export async function refusingSqs() {
  stand = await startAwsStand({ sqs: { SendMessage: refuse, ChangeMessageVisibilityBatch: refuse } });
  return stand.sqs;
}

export function sqsRecord(
  messageAttributes: SqsRecord['messageAttributes'] = {},
  body = '{"type":"text","text":"😀"}',
): SqsRecord {
  return {
    messageId: 'sqs-1',
    body,
    receiptHandle: 'handle-1',
    attributes: { ApproximateReceiveCount: '3', SentTimestamp: '1795341600000' },
    messageAttributes,
  };
}

/** A text as it comes behind a batching window. */
export const text = (stringValue: string) => ({ dataType: 'String', stringValue, binaryValue: null });
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

export const status = { sendId: 'order-42', businessId: 'business-2', vendorId: 'V1' };
/** Of a status on the outcomes queue. */
export const kindStatus = { 'relay.kind': text('status') };
