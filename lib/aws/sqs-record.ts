/** What AWS sends for what it does not have. */
type Absent = null | undefined;

/**
 * A record of an SQS event, as AWS sends it. `@types/aws-lambda` says that an attribute's missing value is left out; behind
 * a batching window it is null. Whoever reads a member here takes it only when it has its type.
 */
export interface SqsRecord {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body?: string | Absent;
  readonly attributes?: Readonly<Partial<Record<SqsNumber | 'MessageGroupId', string | Absent>>> | Absent;
  readonly messageAttributes?: Readonly<Record<string, SqsAttribute | Absent>> | Absent;
}

/** What SQS itself says of each message, as far as it is read here: a count, and epoch milliseconds. */
export type SqsNumber = 'ApproximateReceiveCount' | 'SentTimestamp';

export interface SqsAttribute {
  readonly dataType?: string | Absent;
  readonly stringValue?: string | Absent;
  /** Base64. */
  readonly binaryValue?: string | Absent;
}

export interface SqsEvent {
  readonly Records: readonly SqsRecord[];
}

/** The body. Throws for a record without one, which no queue has. */
export function bodyOf({ body }: SqsRecord): string {
  if (typeof body !== 'string') throw new TypeError('A record has no body.');
  return body;
}

/** Throws for a record without the number, which SQS gives each message. */
export function numberOf({ attributes }: SqsRecord, name: SqsNumber): number {
  const value = attributes?.[name];
  if (typeof value !== 'string' || !/^\d+$/.test(value)) throw new TypeError(`A record has no ${name}.`);
  return Number(value);
}

/** The text of a message attribute; undefined when there is none. */
export function textOf({ messageAttributes }: SqsRecord, name: string): string | undefined {
  const value = messageAttributes?.[name]?.stringValue;
  return typeof value === 'string' ? value : undefined;
}

/** The tenant that a message belongs to, by which SQS shares a queue fairly; undefined when the producer named none. */
export function groupOf({ attributes }: SqsRecord): string | undefined {
  const group = attributes?.MessageGroupId;
  return typeof group === 'string' && group !== '' ? group : undefined;
}

/** Records in the order in which producers queued them, which is not the order in which SQS hands them out. */
export function oldestFirst(records: readonly SqsRecord[]): readonly SqsRecord[] {
  const sentAt = ({ attributes }: SqsRecord) => Number(attributes?.SentTimestamp) || 0;
  return records.toSorted((one, other) => sentAt(one) - sentAt(other));
}
