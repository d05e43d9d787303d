import {
  ChangeMessageVisibilityCommand,
  type MessageAttributeValue,
  SendMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import type { SQSMessageAttributes, SQSRecord } from 'aws-lambda';
import type { CopyNote, QueuedMessage, QueueEffects } from '../delivery/deliver.ts';
import { RelayError } from '../errors.ts';
import { errorAttributes, relayAttributes } from '../message/attributes.ts';

/** SQS must confirm an effect within this time, retries included, in milliseconds. */
export const effectBudgetMs = 5000;

/** SQS takes ten message attributes. */
const maximumAttributes = 10;

export interface SendQueueUrls {
  readonly sendsQueueUrl: string;
  readonly sendsDlqUrl: string;
  readonly outcomesQueueUrl: string;
}

/** Reads a record of the sends queue as the use case knows it. */
export function toQueuedMessage(record: SQSRecord): QueuedMessage {
  const { ApproximateReceiveCount: receiveCount, SentTimestamp: sentTimestamp } = record.attributes;
  const expiresAt = Date.parse(record.messageAttributes[relayAttributes.expiresAt]?.stringValue ?? '');
  return {
    body: record.body,
    originalId: record.messageAttributes[relayAttributes.id]?.stringValue ?? record.messageId,
    expiresAt: Number.isNaN(expiresAt) ? undefined : expiresAt,
    queuedAt: Number(sentTimestamp),
    receiveCount: Number(receiveCount),
  };
}

/** The queue effects for one record of the sends queue, on SQS. */
export function sqsQueueEffects(client: SQSClient, urls: SendQueueUrls, record: SQSRecord): QueueEffects {
  async function copyTo(queueUrl: string, note: CopyNote): Promise<void> {
    const command = new SendMessageCommand({
      QueueUrl: queueUrl,
      MessageBody: record.body,
      MessageAttributes: copyAttributes(record.messageAttributes, note),
    });
    const answer = await client.send(command, { abortSignal: AbortSignal.timeout(effectBudgetMs) });
    if (answer.MessageId === undefined)
      throw new RelayError('queue-unconfirmed', 'SQS answered without a message id.');
  }

  return {
    deadLetter: (note) => copyTo(urls.sendsDlqUrl, note),
    park: (note) => copyTo(urls.outcomesQueueUrl, note),
    async comeBackIn(delaySeconds) {
      const command = new ChangeMessageVisibilityCommand({
        QueueUrl: urls.sendsQueueUrl,
        ReceiptHandle: record.receiptHandle,
        VisibilityTimeout: delaySeconds,
      });
      await client.send(command, { abortSignal: AbortSignal.timeout(effectBudgetMs) });
    },
  };
}

/** Ours first, then as many of the producer's own as there is room for. */
function copyAttributes(own: SQSMessageAttributes, note: CopyNote): Record<string, MessageAttributeValue> {
  const ours: Record<string, MessageAttributeValue> = {
    [relayAttributes.id]: text(note.originalId),
    [relayAttributes.expiresAt]: text(new Date(note.expiresAt).toISOString()),
    [errorAttributes.code]: text(note.code),
    [errorAttributes.message]: text(note.message),
    ...(note.traceId !== undefined && { [errorAttributes.traceId]: text(note.traceId) }),
  };
  const reserved = new Set<string>([...Object.values(relayAttributes), ...Object.values(errorAttributes)]);
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
