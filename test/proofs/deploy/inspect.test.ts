import { describe, expect, it } from 'vitest';
import type { AwsCli } from './aws-cli.ts';
import type { Deployment } from './deployment.ts';
import { expectedStack } from './expected-stack.ts';
import { inspectMappings, inspectQueues, inspectRoles } from './inspect.ts';
import { createReport } from './report.ts';

const trust = { Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' } }] };

const template = {
  Resources: {
    Jobs: {
      Type: 'AWS::SQS::Queue',
      Properties: {
        QueueName: 'jobs',
        VisibilityTimeout: 180,
        RedrivePolicy: { deadLetterTargetArn: { 'Fn::GetAtt': ['JobsDlq', 'Arn'] }, maxReceiveCount: 5 },
      },
    },
    JobsDlq: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'jobs-dlq' } },
    Key: { Type: 'AWS::SecretsManager::Secret', Properties: { Name: 'key' } },
    WorkerRole: {
      Type: 'AWS::IAM::Role',
      Properties: {
        AssumeRolePolicyDocument: trust,
        Policies: [
          {
            PolicyName: 'worker',
            PolicyDocument: {
              Statement: [
                {
                  Effect: 'Allow',
                  Action: 'sqs:ReceiveMessage',
                  Resource: { 'Fn::GetAtt': ['Jobs', 'Arn'] },
                },
                { Effect: 'Allow', Action: 'secretsmanager:GetSecretValue', Resource: { Ref: 'Key' } },
              ],
            },
          },
        ],
      },
    },
    Worker: {
      Type: 'AWS::Lambda::Function',
      Properties: {
        FunctionName: 'worker',
        Handler: 'index.handler',
        Runtime: 'nodejs24.x',
        Code: {},
        Role: { 'Fn::GetAtt': ['WorkerRole', 'Arn'] },
      },
    },
    Mapping: {
      Type: 'AWS::Lambda::EventSourceMapping',
      Properties: {
        EventSourceArn: { 'Fn::GetAtt': ['Jobs', 'Arn'] },
        FunctionName: { 'Fn::GetAtt': ['Worker', 'Arn'] },
        BatchSize: 100,
        MaximumBatchingWindowInSeconds: 1,
        FunctionResponseTypes: ['ReportBatchItemFailures'],
        ScalingConfig: { MaximumConcurrency: 2 },
      },
    },
  },
};

const keyArn = 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:key-AbCdEf';
const place = { region: 'eu-west-1', accountId: '123456789012', stackName: 'shop' };
const expected = expectedStack(template, {
  ...place,
  physicalIds: new Map([['Key', keyArn]]),
});

const attributesOfJobs = {
  QueueArn: 'arn:aws:sqs:eu-west-1:123456789012:jobs',
  VisibilityTimeout: '180',
  RedrivePolicy:
    '{"maxReceiveCount":"5","deadLetterTargetArn":"arn:aws:sqs:eu-west-1:123456789012:jobs-dlq"}',
};
const mapping = {
  UUID: '1',
  State: 'Enabled',
  BatchSize: 100,
  MaximumBatchingWindowInSeconds: 1,
  EventSourceArn: 'arn:aws:sqs:eu-west-1:123456789012:jobs',
  FunctionArn: 'arn:aws:lambda:eu-west-1:123456789012:function:worker',
  FunctionResponseTypes: ['ReportBatchItemFailures'],
  ScalingConfig: { MaximumConcurrency: 2 },
};
const mayReceive = { Effect: 'Allow', Action: 'sqs:ReceiveMessage', Resource: attributesOfJobs.QueueArn };
const mayRead = { Effect: 'Allow', Action: 'secretsmanager:GetSecretValue', Resource: keyArn };
const lambda = {
  FunctionName: 'worker',
  FunctionArn: mapping.FunctionArn,
  Runtime: 'nodejs24.x',
  Handler: 'index.handler',
  Role: 'arn:aws:iam::123456789012:role/worker',
  Timeout: 3,
  MemorySize: 128,
  CodeSha256: '',
  Environment: { Variables: {} },
};

const policy = (...Statement: object[]) => ({ PolicyName: 'worker', PolicyDocument: { Statement } });

/** What a stack that is deployed as the template says answers to each operation. */
const rightAnswers: Readonly<Record<string, (arguments_: readonly string[]) => object>> = {
  'get-queue-attributes': (arguments_) => ({
    Attributes: arguments_.some((each) => each.endsWith('/jobs'))
      ? attributesOfJobs
      : { QueueArn: 'arn:aws:sqs:eu-west-1:123456789012:jobs-dlq' },
  }),
  'list-event-source-mappings': () => ({ EventSourceMappings: [mapping] }),
  'list-functions': () => ({ Functions: [lambda] }),
  'get-role': () => ({ Role: { AssumeRolePolicyDocument: trust } }),
  'list-role-policies': () => ({ PolicyNames: ['worker'] }),
  'get-role-policy': () => policy(mayReceive, mayRead),
};

/** Looks at a stack that answers so; resolves to what the report counts and says. */
async function inspect(different: Readonly<Record<string, object>> = {}) {
  const lines: string[] = [];
  const report = createReport('moto', (line) => lines.push(line));
  const aws: AwsCli = async (arguments_) => {
    const operation = arguments_[1] ?? '';
    return different[operation] ?? rightAnswers[operation]?.(arguments_);
  };
  const deployment: Deployment = {
    ...place,
    report,
    aws,
    serverless: () => Promise.reject(new Error('Nothing is deployed here.')),
    endpoint: 'http://127.0.0.1:1',
    folder: '',
    projectRoot: '',
    relayRoot: '',
    lacks: new Set(),
    recording: {},
  };
  await inspectQueues(deployment, expected);
  await inspectMappings(deployment, expected);
  await inspectRoles(deployment, expected, new Map([['WorkerRole', 'worker']]));
  return { ...report.counts(), text: lines.join('\n') };
}

describe('Looking at a deployed stack', () => {
  it('finds nothing wrong with one that is as its template says', async () => {
    const { failed, held, text } = await inspect();

    expect(text).not.toContain('NOT SO');
    expect({ failed, held }).toEqual({ failed: 0, held: 7 });
  });

  it.each<[fault: string, operation: string, answer: object]>([
    [
      'a shorter visibility timeout',
      'get-queue-attributes',
      { Attributes: { ...attributesOfJobs, VisibilityTimeout: '30' } },
    ],
    [
      'no dead-letter queue',
      'get-queue-attributes',
      { Attributes: { QueueArn: attributesOfJobs.QueueArn, VisibilityTimeout: '180' } },
    ],
    ['no mapping', 'list-event-source-mappings', { EventSourceMappings: [] }],
    [
      'a mapping of whole batches',
      'list-event-source-mappings',
      { EventSourceMappings: [{ ...mapping, FunctionResponseTypes: [] }] },
    ],
    [
      'a mapping without a limit',
      'list-event-source-mappings',
      { EventSourceMappings: [{ ...mapping, ScalingConfig: undefined }] },
    ],
    ['another trust', 'get-role', { Role: { AssumeRolePolicyDocument: { Statement: [] } } }],
    ['one more policy', 'list-role-policies', { PolicyNames: ['worker', 'other'] }],
    ['one more action', 'get-role-policy', policy({ ...mayReceive, Action: 'sqs:*' }, mayRead)],
    ['another queue', 'get-role-policy', policy({ ...mayReceive, Resource: '*' }, mayRead)],
    ['any secret', 'get-role-policy', policy(mayReceive, { ...mayRead, Resource: '*' })],
    ['a missing permission', 'get-role-policy', policy(mayReceive)],
    ['a role for several functions', 'list-functions', { Functions: [lambda, { ...lambda, Role: 'other' }] }],
  ])('notices %s', async (_fault, operation, answer) => {
    const { failed } = await inspect({ [operation]: answer });

    expect(failed).toBeGreaterThan(0);
  });
});
