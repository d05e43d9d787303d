import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  type PutItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import type { LedgerStore, StoredEntry, Written } from '../delivery/ledger.ts';
import { RelayError } from '../errors.ts';
import { areSame, fromItem, toItem } from './ledger-item.ts';

/** One answer of the ledger must come within this time, the SDK's retries included, in milliseconds. */
export const ledgerBudgetMs = 2_500;

/**
 * The ledger on a DynamoDB table whose partition key is the string `pk`. Rejects with `ledger-unavailable` when the
 * table does not answer within `budgetMs`, and with `ledger-invalid` for an item that is no entry.
 */
export function dynamoLedger(
  client: DynamoDBClient,
  tableName: string,
  { budgetMs = ledgerBudgetMs }: { readonly budgetMs?: number } = {},
): LedgerStore {
  async function read(key: string, abortSignal: AbortSignal): Promise<StoredEntry | undefined> {
    const command = new GetItemCommand({
      TableName: tableName,
      Key: { pk: { S: key } },
      // The default may miss the newest write.
      ConsistentRead: true,
    });
    const { Item: item } = await client.send(command, { abortSignal });
    return item && fromItem(item);
  }

  async function write(key: string, next: StoredEntry, condition: Condition): Promise<Written> {
    const abortSignal = AbortSignal.timeout(budgetMs);
    const item = toItem(key, next);
    const command = new PutItemCommand({
      TableName: tableName,
      Item: item,
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      ...condition,
    });
    const stored = fromItem(item);
    try {
      await client.send(command, { abortSignal });
      return { ok: true, stored };
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      // Not every implementation sends the old item along.
      const current = error.Item === undefined ? await read(key, abortSignal) : fromItem(error.Item);
      // The answer to a write that succeeded may be lost. The SDK then repeats it, and it meets its own item: the next
      // revision with all that it says can only be this write, or one that comes to the same.
      return current !== undefined && areSame(current, stored)
        ? { ok: true, stored }
        : { ok: false, current };
    }
  }

  return {
    read: (key) => asLedgerError(read(key, AbortSignal.timeout(budgetMs))),
    insert: (key, entry) =>
      asLedgerError(write(key, { entry, revision: 1 }, { ConditionExpression: 'attribute_not_exists(pk)' })),
    replace: (key, revision, entry) =>
      asLedgerError(
        write(
          key,
          { entry, revision: revision + 1 },
          {
            ConditionExpression: 'revision = :expected',
            ExpressionAttributeValues: { ':expected': { N: String(revision) } },
          },
        ),
      ),
  };
}

type Condition = Pick<PutItemCommandInput, 'ConditionExpression' | 'ExpressionAttributeValues'>;

async function asLedgerError<Value>(call: Promise<Value>): Promise<Value> {
  try {
    return await call;
  } catch (cause) {
    if (cause instanceof RelayError) throw cause;
    throw new RelayError('ledger-unavailable', 'The ledger table did not answer.', { cause });
  }
}
