import { createAwsClients } from '../../../../cli/target/aws-clients.ts';
import { createTarget, type Target } from '../../../../cli/target/target.ts';
import { startAwsEndpoint } from '../../../../local/aws/protocols/endpoint.ts';
import { AwsError, type AwsOperation } from '../../../../local/aws/protocols/service.ts';

const region = 'eu-west-1';
const account = '123456789012';
const stackName = 'connectly-relay-test';
export const businessId = 'business-1';

const arn = (queue: string) => `arn:aws:sqs:${region}:${account}:${stackName}-${queue}`;
const url = (queue: string) => `https://sqs.${region}.amazonaws.com/${account}/${stackName}-${queue}`;
const functionArn = (name: string) => `arn:aws:lambda:${region}:${account}:function:${stackName}-${name}`;

/** How Lambda describes a mapping that is as it should be. */
export const goodMapping = {
  State: 'Enabled',
  FunctionResponseTypes: ['ReportBatchItemFailures'],
  MaximumBatchingWindowInSeconds: 1,
};

/** What a stage is like, as far as `relay doctor` looks at it. */
export interface StageFacts {
  readonly account: string;
  readonly stackStatus: string;
  /** By the function that they feed; undefined for one that is not there. */
  readonly mappings: Readonly<Record<'send-message' | 'settle-send', object | undefined>>;
  readonly functionTimeoutSeconds: number;
  /** By the end of the queue's name. */
  readonly queueAttributes: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Undefined for one that has no value; bytes for one that is stored as such. */
  readonly secrets: Readonly<Record<'webhook-secrets' | 'api-key', string | Buffer | undefined>>;
  /** The addresses that are told when an alarm rings, or their state. */
  readonly subscriptions: readonly string[];
  readonly concurrency: number;
  readonly hasDashboard: boolean;
  /** An AWS operation that answers something else. */
  readonly operations: Readonly<Record<string, AwsOperation>>;
  readonly outputs: Readonly<Record<string, string>>;
}

const healthy: StageFacts = {
  account,
  stackStatus: 'UPDATE_COMPLETE',
  mappings: { 'send-message': goodMapping, 'settle-send': goodMapping },
  functionTimeoutSeconds: 60,
  queueAttributes: { sends: { VisibilityTimeout: '361' }, outcomes: { VisibilityTimeout: '361' } },
  secrets: { 'webhook-secrets': 'a-webhook-secret', 'api-key': 'an-api-key' },
  subscriptions: ['arn:aws:sns:eu-west-1:123456789012:connectly-relay-test-alarms:1'],
  concurrency: 1000,
  hasDashboard: true,
  operations: {},
  outputs: {},
};

export interface StageUnderCheck {
  readonly target: Target;
  close(): Promise<void>;
}

/** A healthy stage at an emulated AWS, but for what is said to be different. */
export async function startStageUnderCheck(different: Partial<StageFacts> = {}): Promise<StageUnderCheck> {
  const facts = { ...healthy, ...different };
  const endpoint = await startAwsEndpoint({
    services: [
      {
        target: 'AmazonSQS',
        contentType: 'application/x-amz-json-1.0',
        operations: {
          GetQueueAttributes: async ({ QueueUrl: queueUrl }) => ({
            Attributes: facts.queueAttributes[String(queueUrl).replace(url(''), '')] ?? {},
          }),
          ReceiveMessage: async () => ({ Messages: [] }),
          ...facts.operations,
        },
      },
      {
        target: 'secretsmanager',
        contentType: 'application/x-amz-json-1.1',
        operations: {
          async GetSecretValue({ SecretId: id }) {
            const value = facts.secrets[id === 'webhook-secrets' ? id : 'api-key'];
            if (value === undefined) throw new AwsError('ResourceNotFoundException', 'There is no value.');
            return typeof value === 'string'
              ? { SecretString: value }
              : { SecretBinary: value.toString('base64') };
          },
        },
      },
      {
        target: 'GraniteServiceVersion20100801',
        contentType: 'application/x-amz-json-1.0',
        operations: {
          async GetDashboard({ DashboardName: name }) {
            if (!facts.hasDashboard)
              throw new AwsError('ResourceNotFound', 'There is none.', { status: 404 });
            return { DashboardName: name, DashboardBody: '{}' };
          },
          ...facts.operations,
        },
      },
      {
        target: 'Logs_20140328',
        contentType: 'application/x-amz-json-1.1',
        operations: { FilterLogEvents: async () => ({ events: [] }), ...facts.operations },
      },
    ],
    queryServices: [
      {
        version: '2011-06-15',
        namespace: 'https://sts.amazonaws.com/doc/2011-06-15/',
        operations: {
          GetCallerIdentity: async () => ({ Account: facts.account }),
          ...facts.operations,
        },
      },
      {
        version: '2010-03-31',
        namespace: 'http://sns.amazonaws.com/doc/2010-03-31/',
        operations: {
          ListSubscriptionsByTopic: async () => ({
            Subscriptions: facts.subscriptions.map((each) => ({ SubscriptionArn: each, Protocol: 'email' })),
          }),
          ...facts.operations,
        },
      },
      {
        version: '2010-05-15',
        namespace: 'http://cloudformation.amazonaws.com/doc/2010-05-15/',
        operations: {
          DescribeStacks: async () => ({
            Stacks: [{ StackName: stackName, StackStatus: facts.stackStatus, CreationTime: new Date(0) }],
          }),
        },
      },
    ],
    restServices: [
      {
        routes: [
          {
            method: 'GET',
            path: '/2015-03-31/event-source-mappings',
            operation: 'ListEventSourceMappings',
          },
          {
            method: 'GET',
            path: '/2015-03-31/functions/{FunctionName}/configuration',
            operation: 'GetFunctionConfiguration',
          },
          { method: 'GET', path: '/2016-08-19/account-settings', operation: 'GetAccountSettings' },
        ],
        operations: {
          GetAccountSettings: async () => ({ AccountLimit: { ConcurrentExecutions: facts.concurrency } }),
          async ListEventSourceMappings({ EventSourceArn: queueArn }) {
            const feeds = queueArn === arn('sends') ? 'send-message' : 'settle-send';
            const mapping = facts.mappings[feeds];
            return {
              EventSourceMappings:
                mapping === undefined ? [] : [{ ...mapping, FunctionArn: functionArn(feeds) }],
            };
          },
          GetFunctionConfiguration: async () => ({ Timeout: facts.functionTimeoutSeconds }),
        },
        errorBody: ({ message }) => ({ Message: message }),
      },
    ],
  });
  const target = createTarget({
    kind: 'deployed',
    name: 'stage test',
    options: '--stage test',
    stage: 'test',
    region,
    businessId,
    outputs: {
      SendsQueueArn: arn('sends'),
      SendsQueueUrl: url('sends'),
      SendsDlqUrl: url('sends-dlq'),
      OutcomesQueueArn: arn('outcomes'),
      OutcomesQueueUrl: url('outcomes'),
      EventsQueueUrl: url('events'),
      EventsDlqUrl: url('events-dlq'),
      EventsDlqArn: arn('events-dlq'),
      WebhookSecretArn: 'webhook-secrets',
      ApiKeySecretArn: 'api-key',
      OnlyTo: 'named',
      AlarmTopicArn: `arn:aws:sns:${region}:${account}:${stackName}-alarms`,
      DashboardUrl: `https://console.aws.amazon.com/cloudwatch/home#dashboards/dashboard/${stackName}-${region}`,
      ...facts.outputs,
    },
    aws: createAwsClients({
      region,
      endpoint: endpoint.url,
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    }),
  });
  return {
    target,
    async close() {
      target.close();
      await endpoint.close();
    },
  };
}
