import { type MessageAttributeValue, SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { QueuedMessage } from '../delivery/decode.ts';
import type { CopyNote, QueueEffects } from '../delivery/deliver.ts';
import type { SettleEffects } from '../delivery/settle.ts';
import { effectBudgetMs } from '../delivery/time.ts';
import { RelayError } from '../errors.ts';
import { errorAttributes, outcomeAttributes, relayAttributes } from '../message/attributes.ts';
import { type SendStatus, toSendStatus } from '../message/send-status.ts';
import { sqsHides } from './hides.ts';
import { bodyOf, groupOf, numberOf, type SqsAttribute, type SqsRecord, textOf } from './sqs-record.ts';

/** SQS takes ten message attributes. */
const maximumAttributes = 10;

export interface SendQueueUrls {
  readonly sendsQueueUrl: string;
  readonly sendsDlqUrl: string;
  readonly outcomesQueueUrl: string;
}

/** What is on the outcomes queue: a parked send, or what a delivery status said about one. */
export type OutcomeMessage =
  | { readonly kind: 'parked'; readonly parked: QueuedMessage }
  | {
      readonly kind: 'status';
      readonly status: SendStatus;
      readonly received: Pick<QueuedMessage, 'queuedAt' | 'receiveCount'>;
    }
  /** Says that it is a status, and is none: not the relay's. */
  | { readonly kind: 'junk' };

/** Reads a record that holds a message as the use cases know it. Throws when it lacks what every message has. */
export function toQueuedMessage(record: SqsRecord): QueuedMessage {
  const expiresAt = Date.parse(textOf(record, relayAttributes.expiresAt) ?? '');
  return {
    body: bodyOf(record),
    originalId: textOf(record, relayAttributes.id) ?? record.messageId,
    expiresAt: Number.isNaN(expiresAt) ? undefined : expiresAt,
    isCopy: textOf(record, errorAttributes.code) !== undefined,
    ...receivedAs(record),
  };
}

function receivedAs(record: SqsRecord): Pick<QueuedMessage, 'queuedAt' | 'receiveCount'> {
  return {
    queuedAt: numberOf(record, 'SentTimestamp'),
    receiveCount: numberOf(record, 'ApproximateReceiveCount'),
  };
}

/** Reads a record of the outcomes queue. Throws when a parked send lacks what every message has. */
export function toOutcomeMessage(record: SqsRecord): OutcomeMessage {
  if (textOf(record, outcomeAttributes.kind) === outcomeAttributes.status) {
    const status = toSendStatus(bodyOf(record));
    return status === undefined ? { kind: 'junk' } : { kind: 'status', status, received: receivedAs(record) };
  }
  return { kind: 'parked', parked: toQueuedMessage(record) };
}

/** The queue effects for records of the sends queue, on SQS. */
export function sqsQueueEffects(client: SQSClient, urls: SendQueueUrls): (record: SqsRecord) => QueueEffects {
  const hide = sqsHides(client, urls.sendsQueueUrl);
  return (record) => ({
    deadLetter: (note) => copyRecord(client, record, urls.sendsDlqUrl, note),
    park: (note) => copyRecord(client, record, urls.outcomesQueueUrl, note),
    comeBackIn: (delaySeconds) => hide(record.receiptHandle, delaySeconds),
  });
}

/** The queue effects for parked sends, on SQS. */
export function sqsSettleEffects(
  client: SQSClient,
  urls: SendQueueUrls,
): (record: SqsRecord) => SettleEffects {
  const hide = sqsHides(client, urls.outcomesQueueUrl);
  return (record) => ({
    // Why it was parked is all that there is to ask Connectly with.
    deadLetter: (note) =>
      copyRecord(client, record, urls.sendsDlqUrl, {
        ...note,
        cause: textOf(record, errorAttributes.code),
        traceId: note.traceId ?? textOf(record, errorAttributes.traceId),
      }),
    sendAgain: (note) => copyRecord(client, record, urls.sendsQueueUrl, note),
    comeBackIn: (delaySeconds) => hide(record.receiptHandle, delaySeconds),
  });
}

/** A copy's key and expiry, and the reason for it where there is one. */
export type Note = Pick<CopyNote, 'originalId' | 'expiresAt'> & Partial<CopyNote>;

/**
 * The attributes of a copy: its key, its expiry and the reason for it, then as many of the message's own as SQS has room
 * for. What an earlier copy said of itself goes.
 */
export function copyAttributes(
  own: Readonly<Record<string, MessageAttributeValue>>,
  { originalId, expiresAt, code, message, traceId, cause }: Note,
): Record<string, MessageAttributeValue> {
  const ours: Record<string, MessageAttributeValue> = {
    [relayAttributes.id]: text(originalId),
    [relayAttributes.expiresAt]: text(new Date(expiresAt).toISOString()),
    ...(code !== undefined && { [errorAttributes.code]: text(code) }),
    ...(message !== undefined && { [errorAttributes.message]: text(message) }),
    ...(traceId !== undefined && { [errorAttributes.traceId]: text(traceId) }),
    ...(cause !== undefined && { [errorAttributes.cause]: text(cause) }),
  };
  const others = Object.entries(own)
    .filter(([name]) => !reserved.has(name))
    .slice(0, maximumAttributes - Object.keys(ours).length)
    // Nothing else: SQS may answer with empty lists besides, and refuses them.
    .map(([name, { DataType, StringValue, BinaryValue }]) => [name, { DataType, StringValue, BinaryValue }]);
  return { ...Object.fromEntries(others), ...ours };
}

const reserved = new Set<string>([
  ...Object.values(relayAttributes),
  ...Object.values(errorAttributes),
  // With a kind of its own, a parked send would be taken for a status.
  outcomeAttributes.kind,
]);

async function copyRecord(client: SQSClient, record: SqsRecord, queueUrl: string, note: Note): Promise<void> {
  const group = groupOf(record);
  const command = new SendMessageCommand({
    QueueUrl: queueUrl,
    MessageBody: bodyOf(record),
    MessageAttributes: copyAttributes(ownAttributes(record), note),
    // Without it, a copy would be a tenant of its own, and go before all others of its file.
    ...(group !== undefined && { MessageGroupId: group }),
  });
  const answer = await client.send(command, { abortSignal: AbortSignal.timeout(effectBudgetMs) });
  if (answer.MessageId === undefined)
    throw new RelayError('queue-unconfirmed', 'SQS answered without a message id.');
}

/** The record's message attributes as SQS takes them; without those that have no value, which it would refuse. */
function ownAttributes({ messageAttributes }: SqsRecord): Record<string, MessageAttributeValue> {
  return Object.fromEntries(
    Object.entries(messageAttributes ?? {}).flatMap(([name, attribute]) => {
      const value = valueOf(attribute ?? {});
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

function valueOf({ dataType, stringValue, binaryValue }: SqsAttribute): MessageAttributeValue | undefined {
  if (typeof dataType !== 'string') return undefined;
  if (typeof stringValue === 'string') return { DataType: dataType, StringValue: stringValue };
  if (typeof binaryValue === 'string') {
    return { DataType: dataType, BinaryValue: Buffer.from(binaryValue, 'base64') };
  }
  return undefined;
}

function text(value: string): MessageAttributeValue {
  return { DataType: 'String', StringValue: value };
}
