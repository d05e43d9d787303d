import type { Server } from 'node:http';
import { isObject } from '../../../lib/message/json.ts';
import { AwsError, type AwsOperation, type AwsService } from '../protocols/service.ts';
import { callInProcess } from './in-process-call.ts';
import { createTimeToLive } from './time-to-live.ts';

export interface DynamoDb {
  readonly service: AwsService & { readonly operations: ReturnType<typeof createTimeToLive> };
  /** One operation, without HTTP. Rejects with an `AwsError`. */
  call(
    operation: string,
    input: Readonly<Record<string, unknown>>,
  ): Promise<Readonly<Record<string, unknown>>>;
}

/** What the engine can do. Transactions and streams are not among it. */
const engineOperations = [
  'BatchGetItem',
  'BatchWriteItem',
  'CreateTable',
  'DeleteItem',
  'DeleteTable',
  'DescribeTable',
  'GetItem',
  'ListTables',
  'PutItem',
  'Query',
  'Scan',
  'UpdateItem',
  'UpdateTable',
];

/**
 * DynamoDB in memory. The engine is dynalite, which is loaded at the first call and never listens; what it lacks and
 * the stack needs is beside it. Items whose time to live has passed stay: AWS, too, deletes them days later.
 */
export function createDynamoDb(): DynamoDb {
  let engine: Promise<Server> | undefined;

  async function call(operation: string, input: Readonly<Record<string, unknown>>) {
    engine ??= import('dynalite').then(({ default: dynalite }) => dynalite({ createTableMs: 0 }));
    const { status, body } = await callInProcess(await engine, operation, input);
    if (!isObject(body))
      throw new Error(`The engine answered ${operation} with something that is no object.`);
    if (status === 200) return body;
    const { __type: type, message = body['Message'] } = body;
    throw new AwsError(textOf(type), textOf(message), { status });
  }

  const timeToLive = createTimeToLive((tableName) => call('DescribeTable', { TableName: tableName }));
  const ofEngine = engineOperations.map((name): [string, AwsOperation] => [
    name,
    (input) => call(name, input),
  ]);
  const operations = { ...Object.fromEntries(ofEngine), ...timeToLive };
  return {
    service: { target: 'DynamoDB_20120810', contentType: 'application/x-amz-json-1.0', operations },
    call,
  };
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
