import * as logs from '@aws-sdk/client-cloudwatch-logs';
import * as dynamoDb from '@aws-sdk/client-dynamodb';
import * as secretsManager from '@aws-sdk/client-secrets-manager';
import * as sqs from '@aws-sdk/client-sqs';
import * as sts from '@aws-sdk/client-sts';

/** An action is called as the operation of the API, which AWS's own clients list. */
export function operationsOf(service: string, client: object): string[] {
  return Object.keys(client)
    .filter((name) => name.endsWith('Command'))
    .map((name) => `${service}:${name.replace(/Command$/, '')}`);
}

/** Operations that IAM knows by another name: a batch is allowed by the action of one. */
const withoutAnAction =
  /^sqs:.*Batch$|^dynamodb:(ExecuteStatement|ExecuteTransaction|TransactGetItems|TransactWriteItems)$/;

/** The actions of the services that the template's policies are about. */
export const knownActions: ReadonlySet<string> = new Set([
  ...[
    ...operationsOf('sqs', sqs),
    ...operationsOf('secretsmanager', secretsManager),
    ...operationsOf('dynamodb', dynamoDb),
    ...operationsOf('logs', logs),
    ...operationsOf('sts', sts),
  ].filter((action) => !withoutAnAction.test(action)),
  // Services without a client here: what the policies may need of them.
  'kms:Decrypt',
  'kms:DescribeKey',
  'kms:Encrypt',
  'kms:GenerateDataKey',
  'kms:GenerateDataKeyWithoutPlaintext',
  'kms:ReEncryptFrom',
  'kms:ReEncryptTo',
  'sns:Publish',
  'xray:PutTelemetryRecords',
  'xray:PutTraceSegments',
]);
