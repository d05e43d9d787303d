import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  type PutItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import type { LedgerStore, StoredEntry, Written } from '../delivery/ledger/ledger.ts';
import { RelayError } from '../errors.ts';
import { areSame, fromItem, toItem } from './ledger-item.ts';

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
