import type { Emulator } from '../emulator.ts';
import {
  adoptsNamesThatAreTaken,
  asksNobodyForPermissions,
  createStack,
  invoke,
  isRefused,
  leavesTablesAsTheyAre,
  letsEveryLineThrough,
  type Plain,
  statusOf,
} from '../limits.ts';
import { runOnMoto } from './run-functions.ts';
import { startMoto } from './server.ts';

const queueNamed = (name: string) => ({ Type: 'AWS::SQS::Queue', Properties: { QueueName: name } });

const ours = 'the validators, and our own HTTP API played from the same template';

/** moto (PyPI): stacks, queues, tables and secrets. What it lacks of Lambda and API Gateway, this project plays. */
export const moto: Emulator = {
  name: 'moto',
  tool: 'moto',
  start: startMoto,
  runFunctions: runOnMoto,
  // The dashboard names alarms, which are not there.
  settings: ['dashboard=false'],
  leavesOut: {
    'AWS::ApiGatewayV2::Api': ours,
    'AWS::ApiGatewayV2::Integration': ours,
    'AWS::ApiGatewayV2::Route': ours,
    'AWS::ApiGatewayV2::Stage': "the validators, and the template's own rules for throttling and access logs",
    'AWS::CloudWatch::Alarm':
      "the validators, and the template's own rules for alarms; the stage has no dashboard either, which names them",
    'AWS::S3::BucketPolicy': "the validators; it is the packager's own",
    'AWS::SNS::TopicPolicy': "the validators, and the template's own rules for policies",
    'AWS::SQS::QueuePolicy': "the validators, and the template's own rules for queues",
  },
  limits: [
    asksNobodyForPermissions,
    adoptsNamesThatAreTaken,
    leavesTablesAsTheyAre,
    letsEveryLineThrough,
    {
      limit: 'refuses a template for every warning of a linter, one of which the packager itself causes',
      instead: 'the run switches its validation off',
      isSo: ({ aws }) => {
        const template = {
          Parameters: { Unused: { Type: 'String' } },
          Resources: { Queue: queueNamed('q') },
        };
        const body = ['--template-body', JSON.stringify(template)];
        return isRefused(aws(['cloudformation', 'validate-template', ...body]), /Unused not used/);
      },
    },
    {
      limit: 'forgets the outputs of a stack that a change set updates',
      instead: 'the run has it read them again',
      isSo: forgetsOutputs,
    },
    {
      limit: 'leaves secrets out of a stack',
      instead: 'the run teaches it to make them, with its own Secrets Manager',
      async isSo({ aws }) {
        const answer = await aws(['cloudformation', 'list-stack-resources', '--stack-name', 'probe']);
        return !JSON.stringify(answer).includes('AWS::SecretsManager::Secret');
      },
    },
    {
      limit: 'answers inline policies of a template as Python writes them',
      instead: 'the run has it write JSON',
      async isSo({ aws }) {
        const policy = ['--role-name', 'probe', '--policy-name', 'probe'];
        return typeof Object(await aws(['iam', 'get-role-policy', ...policy])).PolicyDocument === 'string';
      },
    },
    {
      limit: 'goes on reading the version of a secret that AWSCURRENT was moved away from',
      instead: 'the run teaches it to read the other',
      isSo: readsTheOldVersion,
    },
    {
      limit: 'keeps no RedriveAllowPolicy of queues',
      instead: "the template's own rules for queues hold it",
      lacks: 'redrive-allow-policies',
      async isSo({ aws, queueUrl }) {
        const names = ['--queue-url', queueUrl('probe-dlq'), '--attribute-names', 'All'];
        const answer = await aws(['sqs', 'get-queue-attributes', ...names]);
        return Object(answer).Attributes.RedriveAllowPolicy === undefined;
      },
    },
    {
      limit: 'knows no RetainExceptOnCreate',
      instead: "MiniStack shows it, and the template's own rules hold it",
      lacks: 'kept-data',
      isSo: losesWhatIsKept,
    },
    {
      limit: 'plans no replacements',
      instead: 'the names are fixed, and UpdateReplacePolicy is Retain: the rules of the template hold both',
      isSo: plansNoReplacement,
    },
    {
      limit: 'runs functions in Docker alone',
      instead:
        'the zips of the deployment bucket run under the official runtime client, fed by our own poller',
      isSo: wantsDocker,
    },
  ],
};

async function forgetsOutputs({ aws }: Plain): Promise<boolean> {
  const resources = { Resources: { Queue: queueNamed('outputs') } };
  const template = (output: string) => ({ ...resources, Outputs: { [output]: { Value: { Ref: 'Queue' } } } });
  await createStack(aws, 'outputs', template('First'));
  const named = ['--stack-name', 'outputs', '--change-set-name', 'more'];
  const body = ['--template-body', JSON.stringify(template('Second'))];
  await aws(['cloudformation', 'create-change-set', ...named, ...body]);
  await aws(['cloudformation', 'execute-change-set', ...named]);
  await statusOf(aws, 'outputs');
  const stacks = await aws(['cloudformation', 'describe-stacks', '--stack-name', 'outputs']);
  return !JSON.stringify(stacks).includes('Second');
}

async function readsTheOldVersion({ aws }: Plain): Promise<boolean> {
  const secret = ['--secret-id', 'moved'];
  const [firstId, secondId] = ['1'.repeat(32), '2'.repeat(32)];
  const first = ['--client-request-token', firstId, '--secret-string', 'first'];
  const second = ['--client-request-token', secondId, '--secret-string', 'second'];
  await aws(['secretsmanager', 'create-secret', '--name', 'moved', ...first]);
  await aws(['secretsmanager', 'put-secret-value', ...secret, ...second]);
  const from = ['--remove-from-version-id', secondId];
  const move = ['--version-stage', 'AWSCURRENT', '--move-to-version-id', firstId, ...from];
  await aws(['secretsmanager', 'update-secret-version-stage', ...secret, ...move]);
  const answer = await aws(['secretsmanager', 'get-secret-value', ...secret]);
  return Object(answer).SecretString === 'second';
}

async function losesWhatIsKept({ aws }: Plain): Promise<boolean> {
  const queue = { ...queueNamed('kept'), DeletionPolicy: 'RetainExceptOnCreate' };
  await createStack(aws, 'kept', { Resources: { Queue: queue } });
  await aws(['cloudformation', 'delete-stack', '--stack-name', 'kept']);
  return !JSON.stringify(await aws(['sqs', 'list-queues'])).includes('/kept"');
}

async function plansNoReplacement({ aws }: Plain): Promise<boolean> {
  await createStack(aws, 'renamed', { Resources: { Queue: queueNamed('before') } });
  const named = ['--stack-name', 'renamed', '--change-set-name', 'rename'];
  const body = ['--template-body', JSON.stringify({ Resources: { Queue: queueNamed('after') } })];
  await aws(['cloudformation', 'create-change-set', ...named, ...body]);
  const changes = await aws(['cloudformation', 'describe-change-set', ...named]);
  return !JSON.stringify(changes).includes('"Replacement":"True"');
}

async function wantsDocker({ aws, zip }: Plain): Promise<boolean> {
  return (await invoke(aws, 'probe', await zip('index.js'))).includes('FunctionError');
}
