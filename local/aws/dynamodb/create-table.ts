import type { TableDescription } from '../../template/stack-description.ts';
import type { DynamoDb } from './dynamodb.ts';

/** Their names are the same in CloudFormation and in CreateTable. */
const taken = new Set(['AttributeDefinitions', 'BillingMode', 'KeySchema', 'ProvisionedThroughput']);

/** What changes nothing about a table in memory: its name is known, and backups and encryption are AWS's. */
const passedOver = new Set([
  'DeletionProtectionEnabled',
  'PointInTimeRecoverySpecification',
  'SSESpecification',
  'TableName',
  'Tags',
]);

/** Creates a table of the template, and resolves once it can be used. Throws for a property that nobody has judged. */
export async function createTable(dynamoDb: DynamoDb, { logicalId, name, properties }: TableDescription) {
  const input: Record<string, unknown> = { TableName: name };
  for (const [property, value] of Object.entries(properties)) {
    if (taken.has(property)) input[property] = value;
    else if (property !== 'TimeToLiveSpecification' && !passedOver.has(property))
      throw new Error(`${logicalId}.${property} is not understood by the local stack.`);
  }
  await dynamoDb.call('CreateTable', input);
  await untilActive(dynamoDb, name);
  const { TimeToLiveSpecification: timeToLive } = properties;
  if (timeToLive === undefined) return;
  await dynamoDb.service.operations.UpdateTimeToLive({
    TableName: name,
    TimeToLiveSpecification: timeToLive,
  });
}

async function untilActive(dynamoDb: DynamoDb, name: string): Promise<void> {
  for (;;) {
    const { Table: table } = await dynamoDb.call('DescribeTable', { TableName: name });
    if (
      typeof table === 'object' &&
      table !== null &&
      'TableStatus' in table &&
      table.TableStatus === 'ACTIVE'
    )
      return;
    await new Promise((resolve) => void setImmediate(resolve));
  }
}
