import * as z from 'zod';

/** Where the resources are, whose ARNs are asked about. */
export const region = 'eu-west-1';
export const accountId = '123456789012';
const place = `${region}:${accountId}`;

/** What somebody must be allowed to do to which resource; `*` where IAM knows none for the action. */
export interface Permission {
  readonly action: string;
  readonly resource: string;
}

/** A call of an AWS client, as test/proofs/deploy/record-calls.mjs writes it down. */
export const callSchema = z.object({
  words: z.array(z.string()),
  service: z.string(),
  command: z.string(),
  input: z.record(z.string(), z.unknown()),
});

export type Call = z.infer<typeof callSchema>;

/** What IAM calls a service, where that is not its client's name in small letters. */
const prefixes: Readonly<Record<string, string>> = {
  'CloudWatch Logs': 'logs',
  'Secrets Manager': 'secretsmanager',
};

/** Operations that IAM knows by another name. */
const actions: Readonly<Record<string, string>> = {
  's3:DeleteObjects': 's3:DeleteObject',
  's3:HeadBucket': 's3:ListBucket',
  's3:HeadObject': 's3:GetObject',
  's3:ListObjectVersions': 's3:ListBucketVersions',
  's3:ListObjectsV2': 's3:ListBucket',
};

/** The permission that a call needs. */
export function permissionOf({ service, command, input }: Omit<Call, 'words'>): Permission {
  const prefix = prefixes[service] ?? service.toLowerCase();
  const operation = `${prefix}:${command.replace(/Command$/, '')}`;
  // A batch is allowed by the action of one.
  const action = actions[operation] ?? (prefix === 'sqs' ? operation.replace(/Batch$/, '') : operation);
  return { action, resource: resourceOf(prefix, action, input) };
}

/** What a call is about, by the member of its input that names it. */
function resourceOf(prefix: string, action: string, input: Call['input']): string {
  const named = (...members: readonly string[]) =>
    members.map((member) => input[member]).find((value) => typeof value === 'string');
  const name = named(
    'QueueUrl',
    'QueueName',
    'SourceArn',
    'TableName',
    'SecretId',
    'FunctionName',
    'UUID',
    'logGroupName',
    'StackName',
    'Bucket',
    'TopicArn',
    'DashboardName',
    'AlarmNames',
    'Names',
  );
  if (name === undefined) return '*';
  const [, inArn = name] = /^arn:aws:[^:]*:[^:]*:\d*:(?:secret:|stack\/|function:)?(.*)$/.exec(name) ?? [];
  switch (prefix) {
    case 's3':
      return bucketArn(name, action, named('Key'));
    case 'sqs':
      return `arn:aws:sqs:${place}:${inArn.replace(/^.*\//, '')}`;
    case 'dynamodb':
      return `arn:aws:dynamodb:${place}:table/${inArn}`;
    case 'secretsmanager':
      return secretArn(name === inArn ? name : inArn.replace(/-\w{6}$/, ''));
    case 'lambda':
      return 'UUID' in input ? mappingArn : `arn:aws:lambda:${place}:function:${inArn}`;
    case 'logs':
      return `arn:aws:logs:${place}:log-group:${inArn}`;
    case 'sns':
      return `arn:aws:sns:${place}:${inArn}`;
    case 'ssm':
      return `arn:aws:ssm:${place}:parameter${inArn}`;
    case 'cloudwatch':
      return 'DashboardName' in input
        ? `arn:aws:cloudwatch::${accountId}:dashboard/${inArn}`
        : `arn:aws:cloudwatch:${place}:alarm:${inArn}`;
    case 'cloudformation':
      return stackArn(inArn.replace(/\/.*$/, ''));
    default:
      throw new Error(`Nobody has said what ${action} is about.`);
  }
}

/** One of the ids that AWS makes up. */
export const mappingArn = `arn:aws:lambda:${place}:event-source-mapping:0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0`;

export function stackArn(name: string): string {
  return `arn:aws:cloudformation:${place}:stack/${name}/0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0`;
}

/** AWS ends the ARN of a secret with six characters of its own. */
export function secretArn(name: string): string {
  return `arn:aws:secretsmanager:${place}:secret:${name}-a1B2c3`;
}

/** CloudFormation makes the end of the bucket's name up, and the framework the names of what it puts there. */
function bucketArn(bucket: string, action: string, key: string | undefined): string {
  const arn = `arn:aws:s3:::${bucket.replace(/-[^-]*$/, '-a1b2c3d4e5f6')}`;
  const isAboutObjects = key !== undefined || /Object(Version)?$/.test(action);
  return isAboutObjects ? `${arn}/serverless/connectly-relay/1796022416886/compiled.json` : arn;
}

/** What each command needs, by what is typed; each permission once, as `action resource`. */
export function permissionsByCommand(calls: readonly Call[]): Record<string, string[]> {
  const found = new Map<string, Set<string>>();
  for (const call of calls) {
    const command = typedCommand(call.words);
    const { action, resource } = permissionOf(call);
    found.set(command, (found.get(command) ?? new Set()).add(`${action} ${resource}`));
  }
  return Object.fromEntries(
    [...found]
      .map(([command, permissions]) => [command, [...permissions].toSorted()] as const)
      .toSorted(([one], [other]) => (one < other ? -1 : 1)),
  );
}

/** Words that name a command only together with the next one. */
const groups = new Set(['dlq', 'secrets', 'send', 'simulate', 'webhook']);

/** `words`: the program and what follows it. */
function typedCommand([program = '', first = '', second = '']: readonly string[]): string {
  return [program, first, ...(groups.has(first) ? [second] : [])].join(' ');
}

/** Where the deploy test writes what `serverless` and `relay` ask for. */
export const recordedFile = 'test/template/permissions/recorded-calls.json';
