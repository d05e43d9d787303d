import type { Emulator } from '../emulator.ts';
import {
  adoptsNamesThatAreTaken,
  asksNobodyForPermissions,
  createStack,
  invoke,
  leavesTablesAsTheyAre,
  letsEveryLineThrough,
  type Plain,
} from '../limits.ts';
import { runOnMiniStack } from './run-functions.ts';
import { startMiniStack } from './server.ts';

/** MiniStack (PyPI): besides what moto has, its own Lambda, event source mappings, HTTP API and import of resources. */
export const miniStack: Emulator = {
  name: 'MiniStack',
  tool: 'ministack',
  start: startMiniStack,
  runFunctions: runOnMiniStack,
  // Off in a stage like this one: here it is there, so that what asks for it is recorded.
  settings: ['dashboard=true'],
  leavesOut: {},
  limits: [
    asksNobodyForPermissions,
    adoptsNamesThatAreTaken,
    leavesTablesAsTheyAre,
    letsEveryLineThrough,
    {
      limit: 'gives the log lines of functions no id',
      instead: 'the run has it make some',
      isSo: givesLinesNoId,
    },
    {
      limit: 'refuses alarms on metric math',
      instead:
        "the run has it name them and make none; the validators and the template's own rules hold them",
      isSo: refusesMetricMath,
    },
    {
      limit: 'finds no handler in a .cjs',
      instead: "the run has it look there, as Lambda's own client does: the deploy to moto runs under that",
      isSo: findsNoCjs,
    },
    {
      limit: 'takes the name of a secret for its Ref, where AWS has its ARN',
      instead: 'nothing: our functions and commands take both; the deploy to moto has ARNs',
      lacks: 'secret-arns',
      async isSo({ aws }) {
        const named = ['--stack-name', 'probe', '--logical-resource-id', 'Secret'];
        const answer = await aws(['cloudformation', 'describe-stack-resource', ...named]);
        return Object(answer).StackResourceDetail.PhysicalResourceId === 'probe';
      },
    },
    {
      limit: 'gives secrets of a stack an empty value, where AWS gives none',
      instead: 'the deploy to moto begins without one',
      lacks: 'secrets-without-value',
      async isSo({ aws }) {
        const answer = await aws(['secretsmanager', 'get-secret-value', '--secret-id', 'probe']);
        return Object(answer).SecretString === '';
      },
    },
    {
      limit: 'imports no secrets',
      instead: 'queues and the ledger are imported; the secrets, whose names it takes over, are filled anew',
      lacks: 'imported-secrets',
      isSo: importsNoSecrets,
    },
  ],
};

async function givesLinesNoId({ aws, zip }: Plain): Promise<boolean> {
  await aws(['logs', 'create-log-group', '--log-group-name', '/aws/lambda/lines']);
  await invoke(aws, 'lines', await zip('index.js'));
  const answer = await aws(['logs', 'filter-log-events', '--log-group-name', '/aws/lambda/lines']);
  return !('eventId' in Object(answer).events[0]);
}

async function refusesMetricMath({ aws }: Plain): Promise<boolean> {
  const properties = {
    AlarmName: 'math',
    ComparisonOperator: 'GreaterThanThreshold',
    EvaluationPeriods: 1,
    Threshold: 1,
    Metrics: [{ Id: 'value', Expression: 'SUM([1])', ReturnData: true }],
  };
  const alarm = { Type: 'AWS::CloudWatch::Alarm', Properties: properties };
  return (await createStack(aws, 'math', { Resources: { Alarm: alarm } })).startsWith('ROLLBACK');
}

async function findsNoCjs({ aws, zip }: Plain): Promise<boolean> {
  return (await invoke(aws, 'cjs', await zip('index.cjs'))).includes('FunctionError');
}

async function importsNoSecrets({ aws }: Plain): Promise<boolean> {
  await aws(['secretsmanager', 'create-secret', '--name', 'left']);
  const described = await aws(['secretsmanager', 'describe-secret', '--secret-id', 'left']);
  const type = 'AWS::SecretsManager::Secret';
  const secret = { Type: type, DeletionPolicy: 'Retain', Properties: { Name: 'left' } };
  const left = {
    ResourceType: type,
    LogicalResourceId: 'Secret',
    ResourceIdentifier: { Id: Object(described).ARN },
  };
  const named = ['--stack-name', 'left', '--change-set-name', 'import'];
  const kind = ['--change-set-type', 'IMPORT'];
  const body = ['--template-body', JSON.stringify({ Resources: { Secret: secret } })];
  const resources = ['--resources-to-import', JSON.stringify([left])];
  await aws(['cloudformation', 'create-change-set', ...named, ...kind, ...body, ...resources]);
  const answer = await aws(['cloudformation', 'describe-change-set', ...named]);
  return String(Object(answer).StatusReason).includes('not supported');
}
