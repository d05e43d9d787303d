import type { ProdRule } from './prod-rules.ts';
import { readTemplate, type Template } from './template.ts';

/** A check of the test suite: one of our rules, or AWS's own validator. */
export type Check = ProdRule | 'AWS: the validator';

/** One thing wrong with the template of prod, and every check that notices. */
export interface PlantedFault {
  readonly fault: string;
  /** Values by their paths below the template; undefined takes away what is there. */
  readonly change: Readonly<Record<string, unknown>>;
  readonly caughtBy: readonly [Check, ...Check[]];
}

const arn = (id: string) => ({ 'Fn::GetAtt': [id, 'Arn'] });

const queue = (id: string) => `Resources.${id}.Properties`;
const lambda = (id: string) => `Resources.${id}LambdaFunction.Properties`;
const variable = (id: string, name: string) => `${lambda(id)}.Environment.Variables.${name}`;
const statement = (role: string, index: number) =>
  `Resources.${role}.Properties.Policies.0.PolicyDocument.Statement.${index}`;
const sends = 'Resources.SendMessageEventSourceMappingSQSSendsQueue.Properties';
const outcomes = 'Resources.SettleSendEventSourceMappingSQSOutcomesQueue.Properties';
const stage = 'Resources.HttpApiStage.Properties';
const onlyWriters = (policy: string) => `Resources.${policy}.Properties.PolicyDocument.Statement.1`;
const itsWriters = (policy: string) => `${onlyWriters(policy)}.Condition.ArnNotLike.aws:PrincipalArn`;

/** An alarm on eleven metrics, one more than CloudWatch takes. */
const elevenTerms = Array.from({ length: 11 }, (_, index) => `term${index}`);
const elevenMetrics = [
  {
    Id: 'value',
    Label: 'failed-effects',
    Expression: `SUM([${elevenTerms.map((term) => `FILL(${term}, 0)`).join(', ')}])`,
  },
  ...elevenTerms.map((term, index) => ({
    Id: term,
    ReturnData: false,
    MetricStat: {
      Stat: 'Sum',
      Period: 300,
      Metric: {
        Namespace: `connectly-relay/${['failed-effects', 'given-up', 'outcome-unknown'][index % 3]}`,
        MetricName: 'count',
        Dimensions: [{ Name: 'stage', Value: 'prod' }],
      },
    },
  })),
];

const validator = 'AWS: the validator';

export const plantedFaults: readonly PlantedFault[] = [
  // Queues
  {
    fault: 'a visibility timeout below six times the timeout',
    change: { [`${queue('SendsQueue')}.VisibilityTimeout`]: 359 },
    caughtBy: ['hides a message for six times the timeout of its function'],
  },
  {
    fault: 'a function slower than its queue hides messages',
    change: { [`${lambda('SettleSend')}.Timeout`]: 31 },
    caughtBy: ['hides a message for six times the timeout of its function'],
  },
  {
    fault: 'the dead-letter policy on the dead-letter queue, instead of on its source',
    change: {
      [`${queue('EventsQueue')}.RedrivePolicy`]: undefined,
      [`${queue('EventsDlq')}.RedrivePolicy`]: {
        deadLetterTargetArn: arn('SendsDlq'),
        maxReceiveCount: 5,
      },
    },
    caughtBy: [
      'has its dead-letter queues behind the right queues',
      'gives a message up late',
      'takes dead letters from the right queues only',
      'keeps messages for 4 days and dead letters for 14',
    ],
  },
  {
    fault: 'sends given up among the events',
    change: { [`${queue('SendsQueue')}.RedrivePolicy.deadLetterTargetArn`]: arn('EventsDlq') },
    caughtBy: [
      'has its dead-letter queues behind the right queues',
      'takes dead letters from the right queues only',
    ],
  },
  {
    fault: 'sends given up after three receives',
    change: { [`${queue('SendsQueue')}.RedrivePolicy.maxReceiveCount`]: 3 },
    caughtBy: ['gives a message up late'],
  },
  {
    fault: 'a dead-letter queue that refuses one of its sources',
    change: { [`${queue('SendsDlq')}.RedriveAllowPolicy.sourceQueueArns.1`]: undefined },
    caughtBy: ['takes dead letters from the right queues only'],
  },
  {
    fault: 'a queue that anybody may use for dead letters',
    change: { [`${queue('EventsQueue')}.RedriveAllowPolicy`]: { redrivePermission: 'allowAll' } },
    caughtBy: ['takes dead letters from the right queues only'],
  },
  {
    fault: 'dead letters kept for less time than their source keeps messages',
    change: { [`${queue('SendsDlq')}.MessageRetentionPeriod`]: 86_400 },
    caughtBy: ['keeps messages for 4 days and dead letters for 14'],
  },
  {
    fault: 'a queue without a TLS policy',
    change: { 'Resources.SendsQueuePolicy': undefined },
    caughtBy: ['refuses whoever comes to a queue without TLS'],
  },
  {
    fault: 'a TLS policy about another queue than it hangs on',
    change: {
      [`Resources.SendsDlqPolicy.Properties.PolicyDocument.Statement.0.Resource`]: arn('SendsQueue'),
    },
    caughtBy: ['refuses whoever comes to a queue without TLS'],
  },
  {
    fault: 'a queue that other accounts may write to',
    change: {
      'Resources.EventsQueuePolicy.Properties.PolicyDocument.Statement.2': {
        Effect: 'Allow',
        Principal: { AWS: '111122223333' },
        Action: 'sqs:SendMessage',
        Resource: arn('EventsQueue'),
      },
    },
    caughtBy: ['shares its queues with no other account'],
  },
  ...['EventsQueuePolicy', 'EventsDlqPolicy', 'SendsDlqPolicy', 'OutcomesQueuePolicy'].map(
    (policy): PlantedFault => ({
      fault: `a queue that anybody in the account may write to, by its ${policy}`,
      change: { [onlyWriters(policy)]: undefined },
      caughtBy: ['lets nobody write where only its functions do'],
    }),
  ),
  {
    fault: 'a queue that a function may not write to although it does',
    change: { [`${itsWriters('OutcomesQueuePolicy')}.1`]: undefined },
    caughtBy: ['lets nobody write where only its functions do'],
  },
  {
    fault: 'a queue that a function may write to although it does not',
    change: { [`${itsWriters('SendsDlqPolicy')}.2`]: arn('ReceiveWebhookRole') },
    caughtBy: ['lets nobody write where only its functions do'],
  },
  {
    fault: 'an events queue that takes back nothing',
    change: { [`${itsWriters('EventsQueuePolicy')}.1`]: undefined },
    caughtBy: ['lets nobody write where only its functions do'],
  },
  {
    fault: 'an events queue for everybody whose name begins like that of an operator',
    change: {
      [`${itsWriters('EventsQueuePolicy')}.1.Fn::Sub`]:
        'arn:${AWS::Partition}:iam::${AWS::AccountId}:*/relay-prod*',
    },
    caughtBy: ['lets nobody write where only its functions do'],
  },
  {
    fault: 'a dead-letter queue that SQS itself may not write to',
    change: { [`${onlyWriters('EventsDlqPolicy')}.Condition`]: undefined },
    caughtBy: ['lets nobody write where only its functions do'],
  },
  {
    fault: 'a queue without encryption',
    change: { [`${queue('OutcomesQueue')}.SqsManagedSseEnabled`]: false },
    caughtBy: ['encrypts its queues'],
  },
  {
    fault: 'messages kept for longer than SQS does',
    change: { [`${queue('EventsDlq')}.MessageRetentionPeriod`]: 1_209_601 },
    caughtBy: [validator, 'keeps messages for 4 days and dead letters for 14'],
  },
  {
    fault: 'a sends queue without room for what the relay writes beside a message',
    change: { [`${queue('SendsQueue')}.MaximumMessageSize`]: 262_144 },
    caughtBy: ['takes every copy of the longest message'],
  },
  {
    fault: 'a queue whose limit is what AWS makes of it',
    change: { [`${queue('OutcomesQueue')}.MaximumMessageSize`]: undefined },
    caughtBy: ['takes every copy of the longest message'],
  },
  {
    fault: 'a queue for longer messages than SQS has',
    change: { [`${queue('EventsQueue')}.MaximumMessageSize`]: 1_048_577 },
    caughtBy: [validator, 'takes every copy of the longest message'],
  },

  // What must outlive the stack
  {
    fault: 'a queue that goes with the stack',
    change: { 'Resources.SendsQueue.DeletionPolicy': 'Delete' },
    caughtBy: ['keeps queues, secrets and the ledger when the stack goes'],
  },
  {
    fault: 'a secret that goes when it is replaced',
    change: { 'Resources.ApiKeySecret.UpdateReplacePolicy': 'Delete' },
    caughtBy: ['keeps queues, secrets and the ledger when the stack goes'],
  },
  {
    fault: 'a queue under a new name, beside the old one with its messages',
    change: { [`${queue('SendsQueue')}.QueueName`]: 'connectly-relay-prod-sends-v2' },
    caughtBy: [
      'calls queues, secrets and the ledger what they have always been called',
      'takes dead letters from the right queues only',
    ],
  },
  {
    fault: 'a ledger without backups',
    change: {
      'Resources.LedgerTable.Properties.PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled': false,
    },
    caughtBy: ['can bring the ledger back'],
  },
  {
    fault: 'a ledger that anybody may delete',
    change: { 'Resources.LedgerTable.Properties.DeletionProtectionEnabled': false },
    caughtBy: ['can bring the ledger back'],
  },
  {
    fault: 'a ledger that forgets by an attribute which nobody writes',
    change: { 'Resources.LedgerTable.Properties.TimeToLiveSpecification.AttributeName': 'ttl' },
    caughtBy: ['can bring the ledger back'],
  },
  {
    fault: 'a deployment bucket that may be made public',
    change: {
      'Resources.ServerlessDeploymentBucket.Properties.PublicAccessBlockConfiguration.BlockPublicPolicy': false,
    },
    caughtBy: ['lets nobody else look into the deployment bucket'],
  },
  {
    fault: 'an output under another name',
    change: { 'Outputs.WebhookUrl': undefined },
    caughtBy: ['says where everything is'],
  },
  {
    fault: 'a parameter that names another queue than the output',
    change: { 'Resources.SendsQueueUrlParameter.Properties.Value': { Ref: 'EventsQueue' } },
    caughtBy: ['says where everything is'],
  },

  // Who may do what
  {
    fault: 'a misspelt action',
    change: { [`${statement('SendMessageRole', 2)}.Action`]: 'sqs:SendMesage' },
    caughtBy: ['names actions that exist', 'allows each role exactly what its function does'],
  },
  {
    fault: 'an action that is called otherwise in IAM',
    change: { [`${statement('SettleSendRole', 2)}.Action`]: 'sqs:SendMessageBatch' },
    caughtBy: ['names actions that exist', 'allows each role exactly what its function does'],
  },
  {
    fault: "the role of one function that reads the other's secret",
    change: { [`${statement('ReceiveWebhookRole', 2)}.Resource`]: { Ref: 'ApiKeySecret' } },
    caughtBy: ['allows each role exactly what its function does'],
  },
  {
    fault: 'a role that may do anything with a queue',
    change: { [`${statement('SendMessageRole', 1)}.Action`]: 'sqs:*' },
    caughtBy: [
      'allows nothing by wildcard but log streams',
      'allows each role exactly what its function does',
    ],
  },
  {
    fault: 'a role for every secret of the account',
    change: { [`${statement('SendMessageRole', 4)}.Resource`]: '*' },
    caughtBy: [
      'allows nothing by wildcard but log streams',
      'allows each role exactly what its function does',
    ],
  },
  {
    fault: 'a role that may do everything but one thing',
    change: {
      [`${statement('SettleSendRole', 2)}.Action`]: undefined,
      [`${statement('SettleSendRole', 2)}.NotAction`]: 'sqs:DeleteQueue',
    },
    caughtBy: [
      'allows nothing by wildcard but log streams',
      'allows each role exactly what its function does',
    ],
  },
  {
    fault: 'a role that may decrypt whatever somebody hands over',
    change: {
      [statement('SendMessageRole', 3)]: {
        Effect: 'Allow',
        Action: 'kms:Decrypt',
        Resource: 'arn:aws:kms:us-east-1:123456789012:key/0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0',
      },
    },
    caughtBy: ['uses keys through services only', 'allows each role exactly what its function does'],
  },
  {
    fault: "a role with one of AWS's own policies",
    change: {
      'Resources.SendMessageRole.Properties.ManagedPolicyArns': [
        'arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole',
      ],
    },
    caughtBy: ['allows each role exactly what its function does'],
  },
  {
    fault: 'a role that every account may take',
    change: {
      'Resources.SendMessageRole.Properties.AssumeRolePolicyDocument.Statement.0.Principal': { AWS: '*' },
    },
    caughtBy: ['lets only Lambda take the roles', 'allows nothing by wildcard but log streams'],
  },
  {
    fault: 'one role for two functions',
    change: { [`${lambda('SettleSend')}.Role`]: arn('SendMessageRole') },
    caughtBy: ['gives each function a role of its own'],
  },
  {
    fault: 'an alarm topic that other accounts may publish to',
    change: { 'Resources.AlarmTopicPolicy.Properties.PolicyDocument.Statement.0.Condition': undefined },
    caughtBy: ['lets only its own alarms call people'],
  },

  // Functions and what calls them
  {
    fault: 'a secret value in the environment',
    change: { [variable('SendMessage', 'API_KEY')]: '8f14e45fceea167a5a36dedd4bea2543' },
    caughtBy: ['holds nothing secret'],
  },
  {
    fault: 'a secret filled in when deploying',
    change: { 'Resources.WebhookSecret.Properties.SecretString': '{{resolve:ssm-secure:webhook}}' },
    caughtBy: [validator, 'holds nothing secret'],
  },
  {
    fault: "a function that is told another one's queue",
    change: { [variable('SettleSend', 'SENDS_DLQ_URL')]: { Ref: 'EventsDlq' } },
    caughtBy: ['points each function to its queues, its table and its secret'],
  },
  {
    fault: 'partial responses switched off',
    change: { [`${sends}.FunctionResponseTypes`]: undefined },
    caughtBy: ['reports failures one by one, with two invocations at once'],
  },
  {
    fault: 'a concurrency of 1, which Lambda refuses',
    change: { [`${sends}.ScalingConfig.MaximumConcurrency`]: 1 },
    caughtBy: [
      validator,
      'reports failures one by one, with two invocations at once',
      'shares the rate among as many as run at once',
    ],
  },
  {
    fault: 'a mapping without a limit, which fans out unpaced',
    change: { [`${outcomes}.ScalingConfig`]: undefined },
    caughtBy: ['reports failures one by one, with two invocations at once'],
  },
  {
    fault: 'a rate shared among more than run at once',
    change: { [variable('SendMessage', 'SENDER_CONCURRENCY')]: '4' },
    caughtBy: ['shares the rate among as many as run at once'],
  },
  {
    fault: 'a filter, which deletes what does not match',
    change: { [`${sends}.FilterCriteria`]: { Filters: [{ Pattern: '{"body":{"type":["text"]}}' }] } },
    caughtBy: ['reports failures one by one, with two invocations at once'],
  },
  {
    fault: 'reserved concurrency',
    change: { [`${lambda('SendMessage')}.ReservedConcurrentExecutions`]: 2 },
    caughtBy: ['reserves no concurrency'],
  },
  {
    fault: 'a batch above 10 without a window',
    change: { [`${outcomes}.MaximumBatchingWindowInSeconds`]: 0 },
    caughtBy: ['asks for batches that Lambda allows'],
  },
  {
    fault: 'a timeout above 15 minutes',
    change: { [`${lambda('SendMessage')}.Timeout`]: 901 },
    caughtBy: [
      validator,
      'asks for timeouts that Lambda and API Gateway allow',
      'hides a message for six times the timeout of its function',
    ],
  },
  {
    fault: 'a webhook that takes longer than API Gateway waits',
    change: { [`${lambda('ReceiveWebhook')}.Timeout`]: 30 },
    caughtBy: ['asks for timeouts that Lambda and API Gateway allow'],
  },
  {
    fault: 'a runtime that is not there yet',
    change: { [`${lambda('SendMessage')}.Runtime`]: 'nodejs99.x' },
    caughtBy: ['runs on what the bundles are measured for'],
  },
  {
    fault: 'log lines that Lambda drops, and the metrics in them',
    change: { [`${lambda('SendMessage')}.LoggingConfig.ApplicationLogLevel`]: 'ERROR' },
    caughtBy: ['runs on what the bundles are measured for'],
  },
  {
    fault: 'a line of Lambda for each invocation that ended well',
    change: { [`${lambda('ReceiveWebhook')}.LoggingConfig.SystemLogLevel`]: 'INFO' },
    caughtBy: ['runs on what the bundles are measured for'],
  },
  {
    fault: 'log lines that are kept for ever',
    change: { 'Resources.SendMessageLogGroup.Properties.RetentionInDays': undefined },
    caughtBy: ['forgets its log lines'],
  },

  {
    fault: 'a loop that Lambda would break',
    change: { [`${lambda('SettleSend')}.RecursiveLoop`]: undefined },
    caughtBy: ['lets the two functions that settle hand messages to each other'],
  },
  {
    fault: 'more variables than Lambda takes',
    change: { [variable('SendMessage', 'ONLY_TO')]: '+15555555555,'.repeat(300) },
    caughtBy: ["keeps names, variables, texts and alarms within AWS's limits"],
  },
  {
    fault: 'a description that CloudWatch does not take',
    change: { 'Resources.SendsDlqAlarm.Properties.AlarmDescription': `First: npx relay ${'x'.repeat(1024)}` },
    caughtBy: [
      validator,
      'calls somebody, who then knows what to do',
      "keeps names, variables, texts and alarms within AWS's limits",
    ],
  },
  {
    fault: 'a name that Lambda does not take',
    change: { [`${lambda('SendMessage')}.FunctionName`]: 'x'.repeat(65) },
    caughtBy: [
      validator,
      'forgets its log lines',
      "keeps names, variables, texts and alarms within AWS's limits",
    ],
  },

  // The way in
  {
    fault: 'an access log that needs a line in the policy of the account',
    change: { 'Resources.HttpApiLogGroup.Properties.LogGroupName': '/aws/http-api/connectly-relay-prod' },
    caughtBy: ['lets only signed webhooks in, throttled, and logs nothing of them'],
  },
  {
    fault: 'bursts above the limit of an account in a newer region',
    change: { [`${stage}.DefaultRouteSettings.ThrottlingBurstLimit`]: 2000 },
    caughtBy: ['lets only signed webhooks in, throttled, and logs nothing of them'],
  },
  {
    fault: 'an access log with query strings',
    change: { [`${stage}.AccessLogSettings.Format`]: '{"path":"$context.path"}' },
    caughtBy: ['lets only signed webhooks in, throttled, and logs nothing of them'],
  },
  {
    fault: 'a stage without throttling',
    change: { [`${stage}.DefaultRouteSettings.ThrottlingRateLimit`]: undefined },
    caughtBy: ['lets only signed webhooks in, throttled, and logs nothing of them'],
  },
  {
    fault: 'a function that every API of everybody may call',
    change: { 'Resources.ReceiveWebhookLambdaPermissionHttpApi.Properties.SourceArn': undefined },
    caughtBy: ['lets only signed webhooks in, throttled, and logs nothing of them'],
  },
  {
    fault: 'a route for everything',
    change: { 'Resources.HttpApiRoutePostWebhooks.Properties.RouteKey': '$default' },
    caughtBy: ['lets only signed webhooks in, throttled, and logs nothing of them'],
  },

  // Alarms
  {
    fault: 'an alarm on a queue that does not exist',
    change: { 'Resources.EventsDlqAlarm.Properties.Dimensions.0.Value': 'connectly-relay-prod-events-dead' },
    caughtBy: ['watches what there is', 'calls for everything that matters, early'],
  },
  {
    fault: 'an alarm on a metric that nobody writes',
    change: { 'Resources.OutcomeUnknownAlarm.Properties.MetricName': 'unknown' },
    caughtBy: ['watches what there is', 'calls for everything that matters, early'],
  },
  {
    fault: 'an alarm on a metric that is split otherwise',
    change: { 'Resources.SendsDlqAlarm.Properties.Metrics.2.MetricStat.Metric.Dimensions.0': undefined },
    caughtBy: ['watches what there is'],
  },
  {
    fault: 'an alarm whose expression leaves a metric out',
    change: {
      'Resources.FunctionErrorsAlarm.Properties.Metrics.0.Expression':
        'SUM([FILL(send, 0), FILL(sendDropped, 0), FILL(settleDropped, 0)])',
    },
    caughtBy: ['watches what there is'],
  },
  {
    fault: 'an alarm that may have no value while one of its metrics has never been',
    change: {
      'Resources.FunctionErrorsAlarm.Properties.Metrics.0.Expression':
        'FILL(send, 0) + FILL(settle, 0) + FILL(sendDropped, 0) + FILL(settleDropped, 0)',
    },
    caughtBy: ['watches what there is'],
  },
  {
    fault: 'an alarm whose metric is not filled',
    change: {
      'Resources.FunctionErrorsAlarm.Properties.Metrics.0.Expression':
        'SUM([send, settle, sendDropped, settleDropped])',
    },
    caughtBy: ['watches what there is'],
  },
  {
    fault: 'no alarm for messages that Lambda drops',
    change: {
      'Resources.FunctionErrorsAlarm.Properties.Metrics.3.MetricStat.Metric.MetricName': 'Invocations',
    },
    caughtBy: ['calls for everything that matters, early'],
  },
  {
    fault: 'an alarm that calls nobody',
    change: { 'Resources.SendsDlqAlarm.Properties.AlarmActions': undefined },
    caughtBy: ['calls somebody, who then knows what to do'],
  },
  {
    fault: 'an alarm that rings a hundred messages later',
    change: { 'Resources.SendsDlqAlarm.Properties.Threshold': 100 },
    caughtBy: ['calls for everything that matters, early'],
  },
  {
    fault: 'an alarm on more metrics than CloudWatch takes',
    change: { 'Resources.SendsDlqAlarm.Properties.Metrics': elevenMetrics },
    caughtBy: [
      'calls for everything that matters, early',
      "keeps names, variables, texts and alarms within AWS's limits",
    ],
  },
  {
    fault: 'an alarm that takes failed effects for something else',
    change: { 'Resources.FailedEffectsAlarm.Properties.Namespace': 'connectly-relay/settle-failed' },
    caughtBy: ['watches what there is', 'calls for everything that matters, early'],
  },
  {
    fault: 'an alarm for what is given up that hears of refusals only where they are many',
    change: {
      'Resources.SendsDlqAlarm.Properties.Metrics.1.MetricStat.Metric.Namespace': 'connectly-relay/api-key',
    },
    caughtBy: ['calls for everything that matters, early'],
  },
  {
    fault: 'an alarm for the key that hears of something else',
    change: { 'Resources.ApiKeyAlarm.Properties.Namespace': 'connectly-relay/failed-effects' },
    caughtBy: ['calls for everything that matters, early'],
  },
  {
    fault: 'an alarm that rings when SQS hands out no more already',
    change: { 'Resources.SendsInFlightAlarm.Properties.Threshold': 120_000 },
    caughtBy: ['calls for everything that matters, early'],
  },
  {
    fault: 'an alarm that does not say how it ends',
    change: {
      'Resources.ApiKeyAlarm.Properties.AlarmDescription': 'The key is refused. First: npx relay doctor',
    },
    caughtBy: ['calls somebody, who then knows what to do'],
  },

  // What AWS refuses
  {
    fault: 'a reference to a resource that is not there',
    change: { [`${queue('SendsQueue')}.RedrivePolicy.deadLetterTargetArn`]: arn('SendsDeadLetters') },
    caughtBy: [
      validator,
      'has its dead-letter queues behind the right queues',
      'takes dead letters from the right queues only',
      'keeps messages for 4 days and dead letters for 14',
    ],
  },
  {
    fault: 'a misspelt property',
    change: {
      [`${queue('EventsQueue')}.VisibilityTimout`]: 180,
    },
    caughtBy: [validator],
  },
  {
    fault: 'two queues that wait for each other',
    change: {
      [`${queue('EventsDlq')}.RedriveAllowPolicy.sourceQueueArns`]: [arn('EventsQueue')],
    },
    caughtBy: [validator, 'takes dead letters from the right queues only'],
  },
];

/** The template with a fault in it. Throws when the fault changes nothing: it would prove nothing. */
export function plant(template: Template, { fault, change }: PlantedFault): Template {
  const broken: unknown = structuredClone(template);
  for (const [path, value] of Object.entries(change)) set(broken, path.split('.'), value);
  if (JSON.stringify(broken) === JSON.stringify(template)) throw new Error(`${fault} changes nothing.`);
  return readTemplate(broken);
}

function set(target: unknown, [name, ...rest]: readonly string[], value: unknown): void {
  if (typeof target !== 'object' || target === null || name === undefined)
    throw new Error(`The template has nothing at ${String(name)}.`);
  if (rest.length > 0) set(Reflect.get(target, name), rest, value);
  else if (value !== undefined) Reflect.set(target, name, value);
  else if (Array.isArray(target)) target.splice(Number(name), 1);
  else Reflect.deleteProperty(target, name);
}
