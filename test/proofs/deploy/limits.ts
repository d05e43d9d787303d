import type { AwsCli } from './aws-cli.ts';
import type { Report } from './report.ts';

/** What claims have to know of an emulator before they can be made of it. */
export type Ability =
  /** It keeps RedriveAllowPolicy of queues. */
  | 'redrive-allow-policies'
  /** Tables of a stack get their time to live and their backups. */
  | 'time-to-live'
  /** A secret's Ref is its ARN. */
  | 'secret-arns'
  /** A secret of a stack has no value until somebody gives it one. */
  | 'secrets-without-value'
  /** RetainExceptOnCreate keeps what is in a stack that is removed. */
  | 'kept-data'
  /** Secrets can be imported into a stack. */
  | 'imported-secrets';

/** Something that an emulator does otherwise than AWS. */
export interface Limit {
  /** After its name: what it does. */
  readonly limit: string;
  /** What stands in for it, or what holds it elsewhere. */
  readonly instead: string;
  /** What claims then do without. */
  readonly lacks?: Ability;
  /** Asks the emulator as its authors ship it whether that is still so. Rejects when it cannot be told. */
  readonly isSo: (plain: Plain) => Promise<boolean>;
}

/** An emulator as its authors ship it, with the stack of `probeTemplate` on it, which is called `probe`. */
export interface Plain {
  readonly aws: AwsCli;
  readonly queueUrl: (name: string) => string;
  /** Writes a zip with a function in it and resolves to its path. `fileName`: of the handler. */
  readonly zip: (fileName: string) => Promise<string>;
}

/** A bit of everything that has limits somewhere. */
export const probeTemplate = {
  Resources: {
    Dlq: {
      Type: 'AWS::SQS::Queue',
      Properties: { QueueName: 'probe-dlq', RedriveAllowPolicy: { redrivePermission: 'denyAll' } },
    },
    Table: {
      Type: 'AWS::DynamoDB::Table',
      Properties: {
        TableName: 'probe',
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
        TimeToLiveSpecification: { AttributeName: 'endsAt', Enabled: true },
      },
    },
    Secret: { Type: 'AWS::SecretsManager::Secret', Properties: { Name: 'probe' } },
    Role: {
      Type: 'AWS::IAM::Role',
      Properties: {
        RoleName: 'probe',
        AssumeRolePolicyDocument: { Version: '2012-10-17', Statement: [] },
        Policies: [{ PolicyName: 'probe', PolicyDocument: { Version: '2012-10-17', Statement: [] } }],
      },
    },
  },
} as const;

/** Tells each limit of an emulator, and what is one no more. */
export async function checkLimits(report: Report, limits: readonly Limit[], plain: Plain): Promise<void> {
  const found = await Promise.all(
    limits.map(async (limit) => ({ ...limit, isStillSo: await limit.isSo(plain) })),
  );
  for (const { limit, instead, isStillSo } of found) {
    report.substituted(`it ${limit}: ${instead}`);
    if (!isStillSo) report.holds(`it ${limit}`, false, 'It works now: delete the exception.');
  }
}

/** Whether a call is refused in these words. Rejects when it is refused in others. */
export async function isRefused(call: Promise<unknown>, words: RegExp): Promise<boolean> {
  try {
    await call;
    return false;
  } catch (error) {
    if (!words.test(String(error))) throw error;
    return true;
  }
}

/** Creates a stack and resolves to its status in the end. */
export async function createStack(aws: AwsCli, name: string, template: object): Promise<string> {
  await aws([
    'cloudformation',
    'create-stack',
    '--stack-name',
    name,
    '--template-body',
    JSON.stringify(template),
    '--capabilities',
    'CAPABILITY_NAMED_IAM',
  ]);
  return statusOf(aws, name);
}

/** The status of a stack once it changes no more. */
export async function statusOf(aws: AwsCli, name: string): Promise<string> {
  for (;;) {
    const answer = await aws(['cloudformation', 'describe-stacks', '--stack-name', name]);
    const status = String(Object(answer).Stacks[0].StackStatus);
    if (!status.endsWith('_IN_PROGRESS')) return status;
  }
}

/** Creates a function with that zip, calls it, and resolves to the answer as JSON. */
export async function invoke(aws: AwsCli, name: string, zip: string): Promise<string> {
  const code = ['--zip-file', `fileb://${zip}`, '--handler', 'index.handler', '--runtime', 'nodejs24.x'];
  const role = ['--role', 'arn:aws:iam::123456789012:role/probe'];
  await aws(['lambda', 'create-function', '--function-name', name, ...code, ...role]);
  return JSON.stringify(await aws(['lambda', 'invoke', '--function-name', name, '/dev/null']));
}

// What both emulators do, each for itself.

/** Everybody may do everything: `npm run check:permissions` judges who may do what. */
export const asksNobodyForPermissions: Limit = {
  limit: 'asks nobody for permissions',
  instead: 'npm run check:permissions judges the policies and the roles',
  isSo: async ({ aws }) => Array.isArray(Object(await aws(['iam', 'list-roles'])).Roles),
};

export const adoptsNamesThatAreTaken: Limit = {
  limit: 'takes over what has the name of a resource already, where AWS refuses the stack',
  instead: 'nothing; docs/deploy.md tells what AWS says then',
  async isSo({ aws }) {
    await aws(['sqs', 'create-queue', '--queue-name', 'taken']);
    const queue = { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'taken' } };
    return (await createStack(aws, 'taken', { Resources: { Queue: queue } })) === 'CREATE_COMPLETE';
  },
};

export const leavesTablesAsTheyAre: Limit = {
  limit: 'gives tables neither the time to live nor the backups of their template',
  instead: "the template's own rules hold both",
  lacks: 'time-to-live',
  async isSo({ aws }) {
    const answer = await aws(['dynamodb', 'describe-time-to-live', '--table-name', 'probe']);
    return Object(answer).TimeToLiveDescription.TimeToLiveStatus === 'DISABLED';
  },
};

export const letsEveryLineThrough: Limit = {
  limit: 'lets every line through a filter that compares JSON fields',
  instead: 'the run teaches it to compare them',
  async isSo({ aws }) {
    const stream = ['--log-group-name', 'probe', '--log-stream-name', 'probe'];
    await aws(['logs', 'create-log-group', '--log-group-name', 'probe']);
    await aws(['logs', 'create-log-stream', ...stream]);
    const messages = ['{"of":"one"}', '{"of":"another"}'];
    const events = messages.map((message) => ({ timestamp: Date.now(), message }));
    await aws(['logs', 'put-log-events', ...stream, '--log-events', JSON.stringify(events)]);
    const filter = ['--log-group-name', 'probe', '--filter-pattern', '{ $.of = "one" }'];
    const answer = await aws(['logs', 'filter-log-events', ...filter]);
    return Object(answer).events.length > 1;
  },
};
