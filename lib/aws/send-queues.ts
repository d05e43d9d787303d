import type { SQSClient } from '@aws-sdk/client-sqs';
import type { SQSRecord } from 'aws-lambda';
import type { QueuedMessage } from '../delivery/decode.ts';
import type { QueueEffects } from '../delivery/deliver.ts';
import { errorAttributes, relayAttributes } from '../message/attributes.ts';
import { copyRecord, hideRecord } from './queue-copies.ts';

export interface SendQueueUrls {
  readonly sendsQueueUrl: string;
  readonly sendsDlqUrl: string;
  readonly outcomesQueueUrl: string;
}

/** Reads a record that holds a message as the use cases know it. */
export function toQueuedMessage(record: SQSRecord): QueuedMessage {
  const { messageAttributes: attributes } = record;
  const { ApproximateReceiveCount: receiveCount, SentTimestamp: sentTimestamp } = record.attributes;
  const expiresAt = Date.parse(attributes[relayAttributes.expiresAt]?.stringValue ?? '');
  return {
    body: record.body,
    originalId: attributes[relayAttributes.id]?.stringValue ?? record.messageId,
    expiresAt: Number.isNaN(expiresAt) ? undefined : expiresAt,
    isCopy: attributes[errorAttributes.code] !== undefined,
    queuedAt: Number(sentTimestamp),
    receiveCount: Number(receiveCount),
  };
}

/** The queue effects for one record of the sends queue, on SQS. */
export function sqsQueueEffects(client: SQSClient, urls: SendQueueUrls, record: SQSRecord): QueueEffects {
  return {
    deadLetter: (note) => copyRecord(client, record, urls.sendsDlqUrl, note),
    park: (note) => copyRecord(client, record, urls.outcomesQueueUrl, note),
    comeBackIn: (delaySeconds) => hideRecord(client, record, urls.sendsQueueUrl, delaySeconds),
  };
}
