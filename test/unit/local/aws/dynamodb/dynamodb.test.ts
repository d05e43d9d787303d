import {
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  DynamoDBClient,
  GetItemCommand,
  TransactWriteItemsCommand,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createTable } from '../../../../../local/aws/dynamodb/create-table.ts';
import { createDynamoDb, type DynamoDb } from '../../../../../local/aws/dynamodb/dynamodb.ts';
import { type AwsEndpoint, startAwsEndpoint } from '../../../../../local/aws/protocols/endpoint.ts';
import { clientSettings } from '../../../../support/client-settings.ts';

const ledger = {
  logicalId: 'LedgerTable',
  name: 'shop-ledger',
  arn: 'arn:aws:dynamodb:eu-west-1:000000000000:table/shop-ledger',
  properties: {
    TableName: 'shop-ledger',
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
    TimeToLiveSpecification: { AttributeName: 'forgetAt', Enabled: true },
    PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
    SSESpecification: { SSEEnabled: true },
  },
};
const TableName = ledger.name;

let dynamoDb: DynamoDb;
let endpoint: AwsEndpoint;
let client: DynamoDBClient;
beforeEach(async () => {
  dynamoDb = createDynamoDb();
  endpoint = await startAwsEndpoint({ services: [dynamoDb.service] });
  client = new DynamoDBClient(clientSettings(endpoint.url, 'eu-west-1'));
});
afterEach(async () => {
  client.destroy();
  await endpoint.close();
});

describe('a table of the template', () => {
  it('has its key, its billing and its time to live, and can be used at once', async () => {
    await createTable(dynamoDb, ledger);

    const { Table: table } = await client.send(new DescribeTableCommand({ TableName }));
    const { TimeToLiveDescription: timeToLive } = await client.send(
      new DescribeTimeToLiveCommand({ TableName }),
    );
    expect(table).toMatchObject({
      TableStatus: 'ACTIVE',
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST' },
    });
    expect(timeToLive).toEqual({ TimeToLiveStatus: 'ENABLED', AttributeName: 'forgetAt' });
  });

  it('without a time to live has none', async () => {
    const { TimeToLiveSpecification: _, ...properties } = ledger.properties;

    await createTable(dynamoDb, { ...ledger, properties });

    const answer = await client.send(new DescribeTimeToLiveCommand({ TableName }));
    expect(answer.TimeToLiveDescription).toEqual({ TimeToLiveStatus: 'DISABLED' });
  });

  it('is refused when it has a property that nobody has judged', async () => {
    const properties = { ...ledger.properties, StreamSpecification: { StreamViewType: 'KEYS_ONLY' } };

    const creation = createTable(dynamoDb, { ...ledger, properties });

    await expect(creation).rejects.toThrow('LedgerTable.StreamSpecification is not understood');
  });
});

const specification = (Enabled: boolean) =>
  new UpdateTimeToLiveCommand({
    TableName,
    TimeToLiveSpecification: { AttributeName: 'forgetAt', Enabled },
  });

describe('the time to live of a table', () => {
  it('can be switched off and on, and not twice to the same', async () => {
    await createTable(dynamoDb, ledger);

    const again = client.send(specification(true));
    await expect(again).rejects.toThrow('already enabled');
    await client.send(specification(false));
    const off = client.send(specification(false));
    await expect(off).rejects.toThrow('already disabled');
    await client.send(specification(true));

    const answer = await client.send(new DescribeTimeToLiveCommand({ TableName }));
    expect(answer.TimeToLiveDescription?.TimeToLiveStatus).toBe('ENABLED');
  });

  it('is that of a table that exists', async () => {
    const call = client.send(specification(true));

    await expect(call).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });

  it.each([
    ['nothing', undefined],
    ['no attribute', { Enabled: true }],
    ['an attribute without a name', { AttributeName: '', Enabled: true }],
    ['a text for a flag', { AttributeName: 'forgetAt', Enabled: 'true' }],
  ])('is refused with %s', async (_, TimeToLiveSpecification) => {
    await createTable(dynamoDb, ledger);

    const call = dynamoDb.service.operations.UpdateTimeToLive({ TableName, TimeToLiveSpecification });

    await expect(call).rejects.toMatchObject({ code: 'com.amazon.coral.validate#ValidationException' });
  });
});

describe('errors', () => {
  it('have the names that the SDK knows', async () => {
    const call = client.send(new GetItemCommand({ TableName, Key: { pk: { S: 'key' } } }));

    await expect(call).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });

  it('say of an operation that there is none here', async () => {
    const call = client.send(new TransactWriteItemsCommand({ TransactItems: [] }));

    await expect(call).rejects.toMatchObject({ name: 'UnknownOperationException' });
  });
});
