import { isObject } from '../../../lib/message/json.ts';

/** A message as ReceiveMessage answers it, as far as a mapping needs it. */
export interface ReceivedMessage {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly record: SqsRecord;
  /** How many bytes the record takes in the event, the comma before it included. */
  readonly recordBytes: number;
}

/** A message as a function sees it in `event.Records`. */
export interface SqsRecord {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly messageAttributes: Readonly<Record<string, SqsRecordAttribute>>;
  readonly md5OfBody: string;
  /** Of a message without attributes: null behind a batching window, else left out. */
  readonly md5OfMessageAttributes: string | null | undefined;
  readonly eventSource: 'aws:sqs';
  readonly eventSourceARN: string;
  readonly awsRegion: string;
}

export interface SqsRecordAttribute {
  /** The value that an attribute does not have: null behind a batching window, else left out. */
  readonly stringValue: string | null | undefined;
  /** Base64. */
  readonly binaryValue: string | null | undefined;
  /** SQS has reserved the two lists and never fills them. */
  readonly stringListValues: readonly [];
  readonly binaryListValues: readonly [];
  readonly dataType: string;
}

/** What a mapping says of the records that it hands over. */
export interface RecordSource {
  readonly queueArn: string;
  readonly region: string;
  /** With a window, Lambda sends null for what a record lacks: seen on AWS, and documented nowhere. */
  readonly maximumBatchingWindowSeconds: number;
}

/** Reads the messages out of an answer of ReceiveMessage. Throws when it is not the shape that SQS documents. */
export function readReceivedMessages(answer: object, source: RecordSource): ReceivedMessage[] {
  const messages: unknown = 'Messages' in answer ? answer.Messages : undefined;
  if (messages === undefined || messages === null) return [];
  if (!Array.isArray(messages)) throw new TypeError('ReceiveMessage answered with Messages that are no list');
  return messages.map((message: unknown) => {
    if (!isObject(message)) throw new TypeError('ReceiveMessage answered with a message that is no object');
    const record = createRecord(message, source);
    return {
      messageId: record.messageId,
      receiptHandle: record.receiptHandle,
      record,
      recordBytes: Buffer.byteLength(JSON.stringify(record)) + 1,
    };
  });
}

function createRecord(
  message: Readonly<Record<string, unknown>>,
  { queueArn, region, maximumBatchingWindowSeconds }: RecordSource,
): SqsRecord {
  const hasWindow = maximumBatchingWindowSeconds > 0;
  return {
    messageId: text(message['MessageId'], 'MessageId'),
    receiptHandle: text(message['ReceiptHandle'], 'ReceiptHandle'),
    body: text(message['Body'], 'Body'),
    attributes: readAttributes(message['Attributes']),
    messageAttributes: readMessageAttributes(message['MessageAttributes'], hasWindow),
    md5OfMessageAttributes: textOrAbsent(message['MD5OfMessageAttributes'], hasWindow),
    md5OfBody: text(message['MD5OfBody'], 'MD5OfBody'),
    eventSource: 'aws:sqs',
    eventSourceARN: queueArn,
    awsRegion: region,
  };
}

function readAttributes(value: unknown): Record<string, string> {
  if (!isObject(value)) return {};
  return Object.fromEntries(Object.entries(value).map(([name, content]) => [name, text(content, name)]));
}

function readMessageAttributes(value: unknown, hasWindow: boolean): Record<string, SqsRecordAttribute> {
  if (!isObject(value)) return {};
  return Object.fromEntries(
    Object.entries(value).map(([name, attribute]) => {
      if (!isObject(attribute)) throw new TypeError(`the message attribute ${name} is no object`);
      return [
        name,
        {
          stringValue: textOrAbsent(attribute['StringValue'], hasWindow),
          binaryValue: textOrAbsent(attribute['BinaryValue'], hasWindow),
          stringListValues: [],
          binaryListValues: [],
          dataType: text(attribute['DataType'], 'DataType'),
        },
      ];
    }),
  );
}

/** A text that a message may lack. What is undefined is left out of the event's JSON. */
function textOrAbsent(value: unknown, hasWindow: boolean): string | null | undefined {
  if (typeof value === 'string') return value;
  return hasWindow ? null : undefined;
}

function text(value: unknown, name: string): string {
  if (typeof value !== 'string') throw new TypeError(`ReceiveMessage answered without a ${name}`);
  return value;
}
