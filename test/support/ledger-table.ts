import { randomUUID } from 'node:crypto';
import { CreateTableCommand, DynamoDBClient, waitUntilTableExists } from '@aws-sdk/client-dynamodb';
import { dynamoLedger } from '../../lib/aws/ledger-table.ts';
import type { LedgerStore } from '../../lib/delivery/ledger/ledger.ts';
import { createDynamoDb } from '../../local/aws/dynamodb/dynamodb.ts';
import { startAwsEndpoint } from '../../local/aws/protocols/endpoint.ts';
import type { AwsService } from '../../local/aws/protocols/service.ts';
import { clientSettings } from './client-settings.ts';

export interface LedgerTable {
  readonly client: DynamoDBClient;
  readonly tableName: string;
  readonly store: LedgerStore;
  close(): Promise<void>;
}

/** A new ledger table at an endpoint of DynamoDB. */
export async function createLedgerTable(
  endpoint: string,
  { maxAttempts = 3 }: { readonly maxAttempts?: number } = {},
): Promise<LedgerTable> {
  const client = new DynamoDBClient({ ...clientSettings(endpoint, 'us-east-1'), maxAttempts });
  const tableName = `ledger-${randomUUID()}`;
  await client.send(
    new CreateTableCommand({
      TableName: tableName,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
    }),
  );
  await waitUntilTableExists({ client, maxWaitTime: 10, minDelay: 1 }, { TableName: tableName });
  return {
    client,
    tableName,
    store: dynamoLedger(client, tableName),
    close: async () => client.destroy(),
  };
}

/** A ledger table on the local DynamoDB, behind a real HTTP endpoint. `change` may put another service in. */
export async function startLedgerTable(
  change: (service: AwsService) => AwsService = (service) => service,
): Promise<LedgerTable> {
  const endpoint = await startAwsEndpoint({ services: [change(createDynamoDb().service)] });
  const table = await createLedgerTable(endpoint.url);
  return {
    ...table,
    async close() {
      await table.close();
      await endpoint.close();
    },
  };
}
