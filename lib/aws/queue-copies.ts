import {
  ChangeMessageVisibilityCommand,
  type MessageAttributeValue,
  SendMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import type { SQSMessageAttributes, SQSRecord } from 'aws-lambda';
import type { CopyNote } from '../delivery/deliver.ts';
import { effectBudgetMs } from '../delivery/time.ts';
import { RelayError } from '../errors.ts';
import { errorAttributes, outcomeAttributes, relayAttributes } from '../message/attributes.ts';

/** SQS takes ten message attributes. */
const maximumAttributes = 10;

/** A copy's key and expiry, and the reason for it where there is one. */
export type Note = Pick<CopyNote, 'originalId' | 'expiresAt'> & Partial<CopyNote>;

/** Copies a record to another queue, with its key, its expiry and the reason beside it. */
export async function copyRecord(
  client: SQSClient,
  record: SQSRecord,
  queueUrl: string,
  note: Note,
): Promise<void> {
  const command = new SendMessageCommand({
    QueueUrl: queueUrl,
    MessageBody: record.body,
    MessageAttributes: copyAttributes(record.messageAttributes, note),
  });
  const answer = await client.send(command, { abortSignal: AbortSignal.timeout(effectBudgetMs) });
  if (answer.MessageId === undefined)
    throw new RelayError('queue-unconfirmed', 'SQS answered without a message id.');
}

/** Keeps a record out of sight for so long. */
export async function hideRecord(
  client: SQSClient,
  record: SQSRecord,
  queueUrl: string,
  delaySeconds: number,
): Promise<void> {
  const command = new ChangeMessageVisibilityCommand({
    QueueUrl: queueUrl,
    ReceiptHandle: record.receiptHandle,
    VisibilityTimeout: delaySeconds,
  });
  await client.send(command, { abortSignal: AbortSignal.timeout(effectBudgetMs) });
}

/** Ours first, then as many of the producer's own as there is room for. */
function copyAttributes(own: SQSMessageAttributes, note: Note): Record<string, MessageAttributeValue> {
  const { originalId, expiresAt, code, message, traceId, cause } = note;
  const ours: Record<string, MessageAttributeValue> = {
    [relayAttributes.id]: text(originalId),
    [relayAttributes.expiresAt]: text(new Date(expiresAt).toISOString()),
    ...(code !== undefined && { [errorAttributes.code]: text(code) }),
    ...(message !== undefined && { [errorAttributes.message]: text(message) }),
    ...(traceId !== undefined && { [errorAttributes.traceId]: text(traceId) }),
    ...(cause !== undefined && { [errorAttributes.cause]: text(cause) }),
  };
  const reserved = new Set<string>([
    ...Object.values(relayAttributes),
    ...Object.values(errorAttributes),
    // With a kind of its own, a parked send would be taken for a report.
    outcomeAttributes.kind,
  ]);
  const others = Object.entries(own)
    .filter(([name]) => !reserved.has(name))
    .slice(0, maximumAttributes - Object.keys(ours).length)
    .map(([name, { dataType, stringValue, binaryValue }]) => [
      name,
      {
        DataType: dataType,
        ...(stringValue !== undefined && { StringValue: stringValue }),
        ...(binaryValue !== undefined && { BinaryValue: Buffer.from(binaryValue, 'base64') }),
      },
    ]);
  return { ...Object.fromEntries(others), ...ours };
}

function text(value: string): MessageAttributeValue {
  return { DataType: 'String', StringValue: value };
}
