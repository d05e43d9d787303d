import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { copyProject, type ProjectCopy } from '../support/project-copy.ts';
import { zipEntries } from '../support/zip-entries.ts';
import {
  dataIs,
  deadLetterQueuesAre,
  deadLettersOutliveTheirSource,
  mappingsArePaced,
  noSecretValues,
  noWildcards,
  oneRoleEach,
  outputsInclude,
  type Rule,
  readTemplate,
  type Template,
  visibilityOutlastsRetries,
} from './package-rules.ts';

const run = promisify(execFile);

/** The zips of one packaging by file name, and its template. */
interface Package {
  readonly zips: ReadonlyMap<string, Buffer>;
  readonly templateText: string;
  readonly template: Template;
}

let copy: ProjectCopy;
let home: string;
let prod: Package;
let prodAgain: Package;

/** `serverless package` as a person without an AWS account or a login runs it. */
async function packageProject(...options: string[]): Promise<Package> {
  await run(process.execPath, ['node_modules/.bin/serverless', 'package', ...options], {
    cwd: copy.root,
    env: { PATH: process.env['PATH'], HOME: home },
  });
  const folder = copy.path('.serverless');
  const names = (await readdir(folder)).filter((name) => name.endsWith('.zip'));
  const zips = await Promise.all(
    names.map(async (name) => [name, await readFile(join(folder, name))] as const),
  );
  const templateText = await copy.read('.serverless/cloudformation-template-update-stack.json');
  return { zips: new Map(zips), templateText, template: readTemplate(templateText) };
}

function entriesOf({ zips }: Package, zip: string): ReadonlyMap<string, Buffer> {
  return zipEntries(zips.get(zip) ?? Buffer.alloc(0));
}

beforeAll(async () => {
  copy = await copyProject();
  home = await mkdtemp(join(tmpdir(), 'relay-home-'));
  // What a build that was killed half-way leaves behind, and what an older version built.
  await copy.write('build/functions/send-message.cjs.1-2.tmp', 'half a bundle');
  await copy.write('build/functions/send-message.old.cjs', 'old');
  prod = await packageProject('--stage', 'prod');
  prodAgain = await packageProject('--stage', 'prod');
  await run(process.execPath, [
    '--input-type=module',
    '--eval',
    `import { buildFunctions } from ${JSON.stringify(copy.path('build.mjs'))};
     await buildFunctions(${JSON.stringify(copy.path('build/fresh'))});`,
  ]);
}, 120_000);

afterAll(async () => {
  await copy.remove();
  await rm(home, { recursive: true, force: true });
});

const bundles = {
  'receiveWebhook.zip': 'receive-webhook',
  'sendMessage.zip': 'send-message',
  'settleSend.zip': 'settle-send',
};

describe('The package', () => {
  it('is one zip for each function, each with one bundle and its source map', async () => {
    const contents = [...prod.zips].map(([name, zip]) => [name, [...zipEntries(zip).keys()].toSorted()]);

    expect(Object.fromEntries(contents)).toEqual(
      Object.fromEntries(
        Object.entries(bundles).map(([zip, name]) => [
          zip,
          [`build/functions/${name}.cjs`, `build/functions/${name}.cjs.map`],
        ]),
      ),
    );
  });

  it.each(Object.entries(bundles))('holds in %s what a fresh build makes', async (zip, name) => {
    const entries = entriesOf(prod, zip);

    for (const file of [`${name}.cjs`, `${name}.cjs.map`]) {
      const fresh = await readFile(copy.path(`build/fresh/${file}`));
      expect(entries.get(`build/functions/${file}`)?.equals(fresh)).toBe(true);
    }
  });

  it('is the same to the byte when nothing has changed', () => {
    expect([...prodAgain.zips.keys()]).toEqual([...prod.zips.keys()]);
    for (const [name, zip] of prod.zips) expect(prodAgain.zips.get(name)?.equals(zip)).toBe(true);
  });

  it('holds a change of a source when packaged bare, without a build folder', {
    timeout: 60_000,
  }, async () => {
    await rm(copy.path('build'), { recursive: true });
    await copy.edit('lib/webhook/answer.ts', ["'Queued'", "'Put on the queue'"]);

    const afterChange = await packageProject();

    const file = 'build/functions/receive-webhook.cjs';
    expect(entriesOf(prod, 'receiveWebhook.zip').get(file)?.includes('Put on the queue')).toBe(false);
    expect(entriesOf(afterChange, 'receiveWebhook.zip').get(file)?.includes('Put on the queue')).toBe(true);
    // Bare means the stage dev, whose data goes with its stack.
    expect(dataIs('Delete')(afterChange.template)).toEqual([]);
    expect(noWildcards(afterChange.template)).toEqual([]);
  });
});

const outputs = [
  'WebhookUrl',
  'EventsQueueUrl',
  'EventsQueueArn',
  'EventsDlqUrl',
  'EventsDlqArn',
  'SendsQueueUrl',
  'SendsQueueArn',
  'SendsDlqUrl',
  'SendsDlqArn',
  'OutcomesQueueUrl',
  'OutcomesQueueArn',
  'WebhookSecretArn',
  'ApiKeySecretArn',
];

const theRightDeadLetterQueues = deadLetterQueuesAre({
  EventsQueue: 'EventsDlq',
  SendsQueue: 'SendsDlq',
  OutcomesQueue: 'SendsDlq',
});
const keepsData = dataIs('RetainExceptOnCreate');

const rules = {
  'allows nothing by wildcard but log streams': noWildcards,
  'gives each function a role of its own': oneRoleEach,
  'holds nothing secret': noSecretValues,
  'hides a message for six times the timeout of its function': visibilityOutlastsRetries,
  'reports failures one by one, with two invocations at once and no reserved concurrency': mappingsArePaced,
  'keeps messages for 4 days and dead letters for 14': deadLettersOutliveTheirSource,
  'has its dead-letter queues behind the right queues': theRightDeadLetterQueues,
  'keeps queues, secrets and the ledger when the prod stack goes': keepsData,
  'says where everything is': outputsInclude(outputs),
} satisfies Record<string, Rule>;

const arn = (id: string) => ({ 'Fn::GetAtt': [id, 'Arn'] });
const logs = (name: string) => ({
  Effect: 'Allow',
  Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
  Resource: {
    'Fn::Sub': `arn:\${AWS::Partition}:logs:\${AWS::Region}:\${AWS::AccountId}:log-group:/aws/lambda/connectly-relay-prod-${name}:*`,
  },
});
const policy = (name: string, Statement: object[]) => [
  { PolicyName: name, PolicyDocument: { Version: '2012-10-17', Statement } },
];

describe('The template of prod', () => {
  it.each(Object.entries(rules))('%s', (_, rule) => {
    expect(rule(prod.template)).toEqual([]);
  });

  it('keeps the ledger as long as it is needed and can bring it back: its loss is messages sent twice', () => {
    const { LedgerTable: table } = prod.template.Resources;

    expect(table?.Properties).toEqual({
      TableName: 'connectly-relay-prod-ledger',
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      TimeToLiveSpecification: { AttributeName: 'forgetAt', Enabled: true },
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      DeletionProtectionEnabled: true,
      SSESpecification: { SSEEnabled: true, SSEType: 'KMS' },
    });
  });

  it('names in each role exactly the resources that its function uses', () => {
    const statements = Object.fromEntries(
      Object.entries(prod.template.Resources)
        .filter(([, { Type: type }]) => type === 'AWS::IAM::Role')
        .map(([id, { Properties: properties }]) => [id, properties['Policies']]),
    );

    expect(statements).toEqual({
      ReceiveWebhookRole: policy('receive-webhook', [
        logs('receive-webhook'),
        { Effect: 'Allow', Action: 'sqs:SendMessage', Resource: [arn('EventsQueue'), arn('OutcomesQueue')] },
        { Effect: 'Allow', Action: 'secretsmanager:GetSecretValue', Resource: { Ref: 'WebhookSecret' } },
      ]),
      SendMessageRole: policy('send-message', [
        logs('send-message'),
        consumes('SendsQueue'),
        { Effect: 'Allow', Action: 'sqs:SendMessage', Resource: [arn('SendsDlq'), arn('OutcomesQueue')] },
        { Effect: 'Allow', Action: ['dynamodb:GetItem', 'dynamodb:PutItem'], Resource: arn('LedgerTable') },
        { Effect: 'Allow', Action: 'secretsmanager:GetSecretValue', Resource: { Ref: 'ApiKeySecret' } },
      ]),
      SettleSendRole: policy('settle-send', [
        logs('settle-send'),
        consumes('OutcomesQueue'),
        { Effect: 'Allow', Action: 'sqs:SendMessage', Resource: [arn('SendsQueue'), arn('SendsDlq')] },
        { Effect: 'Allow', Action: ['dynamodb:GetItem', 'dynamodb:PutItem'], Resource: arn('LedgerTable') },
      ]),
    });
  });
});

function consumes(queue: string): object {
  return {
    Effect: 'Allow',
    Action: [
      'sqs:ReceiveMessage',
      'sqs:DeleteMessage',
      'sqs:ChangeMessageVisibility',
      'sqs:GetQueueAttributes',
    ],
    Resource: arn(queue),
  };
}

const redrive = '"RedrivePolicy": { "deadLetterTargetArn": { "Fn::GetAtt": ["EventsDlq", "Arn"] } }';

type Planted = readonly [fault: string, rule: Rule, search: RegExp | string, to: string];

/** One fault in the template's text for each thing that a rule looks for. */
const planted: readonly Planted[] = [
  ['a wildcard action', noWildcards, '"sqs:DeleteMessage"', '"sqs:*"'],
  ['a wildcard resource', noWildcards, /"Resource": \{\s*"Ref": "ApiKeySecret"\s*\}/, '"Resource": "*"'],
  ['a part of a resource by wildcard', noWildcards, 'log-group:/aws/lambda/', 'log-group:/aws/lambda/*'],
  ['everything but one action', noWildcards, '"Action": "sqs:SendMessage"', '"NotAction": "sqs:SendMessage"'],
  ['one role for two functions', oneRoleEach, /"SendMessageRole",\s*"Arn"/, '"ReceiveWebhookRole", "Arn"'],
  ['a role from elsewhere', oneRoleEach, /"SendMessageRole",\s*"Arn"/, '"SomebodysRole", "Arn"'],
  ['a secret with a value', noSecretValues, /"Name": "[^"]*\/api-key"/, '$&, "SecretString": "x"'],
  ['a generated secret', noSecretValues, /"Name": "[^"]*\/api-key"/, '$&, "GenerateSecretString": {}'],
  ['a key in a variable', noSecretValues, '"LOG_LEVEL": "info"', '"API_KEY": "x"'],
  ['a key under a harmless name', noSecretValues, '"ONLY_TO": ""', '"ONLY_TO": "8f14e45fceea167a5a36dedd"'],
  ['a secret filled in on deploy', noSecretValues, '"ONLY_TO": ""', '"ONLY_TO": "{{resolve:ssm-secure:x}}"'],
  ['a slower function', visibilityOutlastsRetries, '"Timeout": 60', '"Timeout": 61'],
  [
    'a longer window',
    visibilityOutlastsRetries,
    '"MaximumBatchingWindowInSeconds": 1',
    '"MaximumBatchingWindowInSeconds": 2',
  ],
  ['whole batches that fail', mappingsArePaced, '"ReportBatchItemFailures"', ''],
  ['more concurrency', mappingsArePaced, '"MaximumConcurrency": 2', '"MaximumConcurrency": 20'],
  ['reserved concurrency', mappingsArePaced, '"MemorySize": 512', '"ReservedConcurrentExecutions": 2'],
  ['events kept for a minute', deadLettersOutliveTheirSource, 'Period": 345600', 'Period": 60'],
  ['dead letters kept for 4 days', deadLettersOutliveTheirSource, 'Period": 1209600', 'Period": 345600'],
  [
    'sends among the events',
    theRightDeadLetterQueues,
    /("deadLetterTargetArn": \{\s*"Fn::GetAtt": \[\s*)"SendsDlq"/,
    '$1"EventsDlq"',
  ],
  ['dead letters that move on', theRightDeadLetterQueues, /"QueueName": "[^"]*-sends-dlq"/, `$&, ${redrive}`],
  ['events without dead letters', theRightDeadLetterQueues, '"RedrivePolicy"', '"Tags"'],
  ['a queue that goes with the stack', keepsData, '"RetainExceptOnCreate"', '"Delete"'],
  ['a queue that goes when it is replaced', keepsData, '"Retain"', '"Delete"'],
  [
    'a ledger that goes with the stack',
    keepsData,
    /("Type": "AWS::DynamoDB::Table",\s*"DeletionPolicy": )"RetainExceptOnCreate"/,
    '$1"Delete"',
  ],
  ['an output under another name', outputsInclude(outputs), '"WebhookUrl"', '"WebhookAddress"'],
];

describe('The rules', () => {
  it.each(planted)('notice %s', (_fault, rule, search, to) => {
    const broken = prod.templateText.replace(search, to);

    const problems = rule(readTemplate(broken));

    expect(broken).not.toBe(prod.templateText);
    expect(problems).not.toEqual([]);
  });
});
