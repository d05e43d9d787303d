// Has `relay preflight` look for names in the account of moto's server, an emulator that nobody here wrote:
// `--endpoint http://127.0.0.1:PORT`. Exits 1 when it misses one that is taken, or sees one that is free.
import { deepStrictEqual } from 'node:assert/strict';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { CloudFormationClient, CreateStackCommand } from '@aws-sdk/client-cloudformation';
import { CloudWatchClient, PutDashboardCommand, PutMetricAlarmCommand } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient, CreateLogGroupCommand } from '@aws-sdk/client-cloudwatch-logs';
import {
  CreateSecretCommand,
  DeleteSecretCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { CreateTopicCommand, SNSClient } from '@aws-sdk/client-sns';
import { CreateQueueCommand, SQSClient } from '@aws-sdk/client-sqs';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { preflight } from '../../../cli/preflight/preflight.ts';
import { clientSettings } from '../../support/client-settings.ts';
import { relayWith } from '../../support/relay-command.ts';

/** The runner gives the program's own path, wherever its bundle lies. */
const root = join(dirname(process.argv[1] ?? ''), '../../..');
const region = 'eu-west-1';

async function checksAt(endpoint: string, stage: string) {
  const env = {
    AWS_ENDPOINT_URL: endpoint,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_REGION: region,
  };
  const { stdout } = await relayWith({ env }, { root }, 'preflight', '--stage', stage, '--json');
  return preflight.result.parse(JSON.parse(stdout)).checks;
}

/** What the checks of names find that are not well, by the check. */
async function takenAt(endpoint: string, stage: string): Promise<Record<string, string>> {
  const checks = await checksAt(endpoint, stage);
  // Moto knows neither quotas nor permissions, and says so with a page of HTML. No stage here names who it sends to.
  const otherMatters = new Set(['package', 'concurrency', 'permissions']);
  return Object.fromEntries(
    checks
      .filter(({ check, verdict }) => verdict !== 'ok' && !otherMatters.has(check))
      .map(({ check, finding }) => [check, finding.replace('There already, outside of the stack: ', '')]),
  );
}

/** One of each kind, and beside each one that only begins alike. */
async function occupy(endpoint: string): Promise<void> {
  const settings = clientSettings(endpoint, region);
  const [logs, secrets, watch] = [
    new CloudWatchLogsClient(settings),
    new SecretsManagerClient(settings),
    new CloudWatchClient(settings),
  ];
  for (const stage of ['prod', 'prod2']) {
    const name = `connectly-relay-${stage}`;
    await new SQSClient(settings).send(new CreateQueueCommand({ QueueName: `${name}-sends` }));
    await new SNSClient(settings).send(new CreateTopicCommand({ Name: `${name}-alarms` }));
    await secrets.send(new CreateSecretCommand({ Name: `connectly-relay/${stage}/api-key` }));
    await secrets.send(new DeleteSecretCommand({ SecretId: `connectly-relay/${stage}/api-key` }));
    await logs.send(new CreateLogGroupCommand({ logGroupName: `/aws/vendedlogs/http-api/${name}` }));
    await watch.send(
      new PutMetricAlarmCommand({
        AlarmName: `${name}-sends-dlq`,
        Namespace: 'AWS/SQS',
        MetricName: 'ApproximateNumberOfMessagesVisible',
        Statistic: 'Sum',
        Period: 60,
        EvaluationPeriods: 1,
        Threshold: 1,
        ComparisonOperator: 'GreaterThanThreshold',
      }),
    );
    await watch.send(
      new PutDashboardCommand({ DashboardName: `${name}-${region}`, DashboardBody: '{"widgets":[]}' }),
    );
    await new SSMClient(settings).send(
      new PutParameterCommand({ Name: `/connectly-relay/${stage}/webhook-url`, Value: 'x', Type: 'String' }),
    );
  }
}

const named = (Type: string, Properties: object) => ({ Type, Properties });

/** A stack that has the names itself. */
async function deployPart(endpoint: string): Promise<void> {
  const Resources = {
    SendsQueue: named('AWS::SQS::Queue', { QueueName: 'connectly-relay-own-sends' }),
    LedgerTable: named('AWS::DynamoDB::Table', {
      TableName: 'connectly-relay-own-ledger',
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    }),
    ApiKeySecret: named('AWS::SecretsManager::Secret', { Name: 'connectly-relay/own/api-key' }),
    AlarmTopic: named('AWS::SNS::Topic', { TopicName: 'connectly-relay-own-alarms' }),
    AccessLog: named('AWS::Logs::LogGroup', { LogGroupName: '/aws/vendedlogs/http-api/connectly-relay-own' }),
    Url: named('AWS::SSM::Parameter', {
      Name: '/connectly-relay/own/webhook-url',
      Type: 'String',
      Value: 'x',
    }),
  };
  await new CloudFormationClient(clientSettings(endpoint, region)).send(
    new CreateStackCommand({ StackName: 'connectly-relay-own', TemplateBody: JSON.stringify({ Resources }) }),
  );
}

async function compare(endpoint: string): Promise<void> {
  deepStrictEqual(await takenAt(endpoint, 'prod'), {});
  await occupy(endpoint);
  deepStrictEqual(await takenAt(endpoint, 'prod'), {
    queues: 'connectly-relay-prod-sends.',
    secrets: 'connectly-relay/prod/api-key.',
    'log-groups': '/aws/vendedlogs/http-api/connectly-relay-prod.',
    'alarm-topic': 'connectly-relay-prod-alarms.',
    alarms: 'connectly-relay-prod-sends-dlq.',
    dashboard: `connectly-relay-prod-${region}.`,
    parameters: '/connectly-relay/prod/webhook-url.',
  });
  process.stdout.write('7 kinds of names that are taken are seen, one that only begins alike is not\n');
  const { remedy = '' } = (await checksAt(endpoint, 'prod')).find(({ check }) => check === 'secrets') ?? {};
  const [, id] =
    /^aws secretsmanager delete-secret --secret-id (\S+) --force-delete-without-recovery /.exec(remedy) ?? [];
  await new SecretsManagerClient(clientSettings(endpoint, region)).send(
    new DeleteSecretCommand({ SecretId: id, ForceDeleteWithoutRecovery: true }),
  );
  deepStrictEqual((await takenAt(endpoint, 'prod'))['secrets'], undefined);
  process.stdout.write('The remedy for a secret that is deleted, and not yet gone, sets its name free\n');
  await deployPart(endpoint);
  deepStrictEqual(await takenAt(endpoint, 'own'), {});
  process.stdout.write('6 kinds of names that a stack has itself do not stand in its way\n');
}

const { values } = parseArgs({ options: { endpoint: { type: 'string' } } });
if (values.endpoint === undefined) throw new Error('Say where moto is: --endpoint http://127.0.0.1:PORT');
await compare(values.endpoint);
