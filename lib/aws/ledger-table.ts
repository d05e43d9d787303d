import {
  type AttributeValue,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  type PutItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import type { LedgerEntry } from '../delivery/ledger/entry.ts';
import type { LedgerStore, StoredEntry, Written } from '../delivery/ledger/ledger.ts';
import { RelayError } from '../errors.ts';

/**
 * The ledger on a DynamoDB table whose partition key is the string `pk`. Rejects with `ledger-unavailable` when the
 * table does not answer before the signal, and with `ledger-invalid` for an item that is no entry.
 */
export function dynamoLedger(client: DynamoDBClient, tableName: string): LedgerStore {
  async function read(key: string, signal?: AbortSignal): Promise<StoredEntry | undefined> {
    const command = new GetItemCommand({
      TableName: tableName,
      Key: { pk: { S: key } },
      // The default may miss the newest write.
      ConsistentRead: true,
    });
    const { Item: item } = await client.send(command, until(signal));
    return item && fromItem(item);
  }

  async function write({ key, next, condition, signal }: Write): Promise<Written> {
    const item = toItem(key, next);
    const command = new PutItemCommand({
      TableName: tableName,
      Item: item,
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      ...condition,
    });
    const stored = fromItem(item);
    try {
      await client.send(command, until(signal));
      return { ok: true, stored };
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      // Not every implementation sends the old item along.
      const current = error.Item === undefined ? await read(key, signal) : fromItem(error.Item);
      // The answer to a write that succeeded may be lost. The SDK then repeats it, and it meets its own item: the next
      // revision with all that it says can only be this write, or one that comes to the same.
      return current !== undefined && areSame(current, stored)
        ? { ok: true, stored }
        : { ok: false, current };
    }
  }

  return {
    read: (key, signal) => asLedgerError(read(key, signal)),
    insert: (key, entry, signal) =>
      asLedgerError(
        write({
          key,
          next: { entry, revision: 1 },
          condition: { ConditionExpression: 'attribute_not_exists(pk)' },
          signal,
        }),
      ),
    replace: (key, revision, entry, signal) =>
      asLedgerError(
        write({
          key,
          next: { entry, revision: revision + 1 },
          condition: {
            ConditionExpression: 'revision = :expected',
            ExpressionAttributeValues: { ':expected': { N: String(revision) } },
          },
          signal,
        }),
      ),
  };
}

interface Write {
  readonly key: string;
  readonly next: StoredEntry;
  readonly condition: Pick<PutItemCommandInput, 'ConditionExpression' | 'ExpressionAttributeValues'>;
  readonly signal: AbortSignal | undefined;
}

const until = (signal: AbortSignal | undefined) => (signal === undefined ? {} : { abortSignal: signal });

async function asLedgerError<Value>(call: Promise<Value>): Promise<Value> {
  try {
    return await call;
  } catch (cause) {
    if (cause instanceof RelayError) throw cause;
    throw new RelayError('ledger-unavailable', 'The ledger table did not answer.', { cause });
  }
}

export type Item = Record<string, AttributeValue>;

const states = ['RETRY', 'SENDING', 'SENT', 'UNKNOWN'] as const;
const doubts = ['repeated', 'released'] as const;

/**
 * An entry as an item of the table. DynamoDB's time to live counts in whole seconds: `forgetAt` is rounded up, because
 * an entry that is forgotten too early is a message sent twice.
 */
export function toItem(key: string, { entry, revision }: StoredEntry): Item {
  return {
    pk: { S: key },
    state: { S: entry.state },
    content: { S: entry.content },
    attempt: { S: entry.attemptId },
    leaseUntil: { N: String(entry.leaseUntil) },
    ...(entry.vendorId !== undefined && { vendorId: { S: entry.vendorId } }),
    ...(entry.doubt !== undefined && { doubt: { S: entry.doubt } }),
    forgetAt: { N: String(Math.ceil(entry.forgetAt / 1000)) },
    revision: { N: String(revision) },
  };
}

/** Reads an item. Throws `ledger-invalid` when somebody else's hand has made it something that is no entry. */
export function fromItem(item: Item): StoredEntry {
  const state = states.find((one) => one === item['state']?.S);
  const content = item['content']?.S;
  const attemptId = item['attempt']?.S;
  if (state === undefined || content === undefined || attemptId === undefined) throw invalid();
  const vendorId = item['vendorId']?.S;
  const doubt = doubts.find((one) => one === item['doubt']?.S);
  const entry: LedgerEntry = {
    state,
    content,
    attemptId,
    leaseUntil: number(item['leaseUntil']),
    ...(vendorId !== undefined && { vendorId }),
    ...(doubt !== undefined && { doubt }),
    forgetAt: number(item['forgetAt']) * 1000,
  };
  return { entry, revision: number(item['revision']) };
}

/** Whether two items say the same. Attributes that are not the ledger's do not count. */
export function areSame(one: StoredEntry, other: StoredEntry): boolean {
  const [first, second] = [one, other].map((stored) => JSON.stringify(toItem('', stored)));
  return first === second;
}

function number(value: AttributeValue | undefined): number {
  const read = Number(value?.N);
  if (!Number.isSafeInteger(read)) throw invalid();
  return read;
}

function invalid(): RelayError {
  return new RelayError('ledger-invalid', 'An item of the ledger table is not an entry of the ledger.');
}
