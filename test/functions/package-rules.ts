import * as z from 'zod';

const resourceSchema = z.looseObject({
  Type: z.string(),
  DeletionPolicy: z.string().optional(),
  UpdateReplacePolicy: z.string().optional(),
  Properties: z.record(z.string(), z.unknown()).default({}),
});

const templateSchema = z.looseObject({
  Resources: z.record(z.string(), resourceSchema),
  Outputs: z.record(z.string(), z.looseObject({ Value: z.unknown() })),
});

/** A packaged CloudFormation template, as far as the rules look into it. */
export type Template = z.infer<typeof templateSchema>;

export function readTemplate(json: string): Template {
  return templateSchema.parse(JSON.parse(json));
}

/** What is wrong with a template, in words that name the resource; empty when nothing is. */
export type Rule = (template: Template) => string[];

/** No Allow statement may use a wildcard, except for the streams of one function's log group. */
export const noWildcards: Rule = (template) =>
  everyObjectIn(template).flatMap(({ path, value }) => {
    if (value['Effect'] !== 'Allow') return [];
    const excluding = ['NotAction', 'NotResource'].filter((name) => name in value);
    const parts = ['Action', 'Resource'].flatMap((name) => textsIn(value[name]));
    const wild = parts.filter((text) => text.includes('*') && !logStreams.test(text));
    return [...excluding, ...wild].map((what) => `${path}: ${what}`);
  });

const logStreams = /:log-group:\/aws\/lambda\/[A-Za-z0-9-]+:\*$/;

/** Each function has a role that no other has, made in this template. */
export const oneRoleEach: Rule = (template) => {
  const roles = new Map<string, string>();
  return resources(template, 'AWS::Lambda::Function').flatMap(({ id, properties }) => {
    const role = attributeOf(properties['Role']);
    if (role === undefined || template.Resources[role]?.Type !== 'AWS::IAM::Role')
      return `${id}: its role is not one of this template`;
    const other = roles.get(role);
    roles.set(role, id);
    return other === undefined ? [] : `${id}: shares ${role} with ${other}`;
  });
};

/** Nothing secret is in a template: everybody who may read the stack can read it. */
export const noSecretValues: Rule = (template) => {
  const secrets = resources(template, 'AWS::SecretsManager::Secret').flatMap(({ id, properties }) =>
    ['SecretString', 'GenerateSecretString']
      .filter((name) => name in properties)
      .map((name) => `${id}: ${name}`),
  );
  const variables = resources(template, 'AWS::Lambda::Function').flatMap(({ id, properties }) => {
    const set = record(record(properties['Environment'])['Variables']);
    return Object.entries(set)
      .filter(([name, value]) => looksSecret(name, value))
      .map(([name]) => `${id}: the variable ${name} looks like a key`);
  });
  const resolved = textsIn(template).filter((text) => text.includes('{{resolve:'));
  return [...secrets, ...variables, ...resolved];
};

/** A literal under a telling name, or a long run of letters and digits that is no word. */
function looksSecret(name: string, value: unknown): boolean {
  if (typeof value !== 'string' || value === '') return false;
  const telling = /key|secret|token|password|credential/i.test(name);
  const random = /[A-Za-z0-9+/_=-]{20,}/.test(value) && /\d/.test(value) && /[A-Za-z]/.test(value);
  return telling || random;
}

/** AWS: the visibility timeout is at least six times the function's timeout, plus the batching window. */
export const visibilityOutlastsRetries: Rule = (template) =>
  mappings(template).flatMap(({ id, queue, lambda, properties }) => {
    const windowSeconds = Number(properties['MaximumBatchingWindowInSeconds'] ?? 0);
    const needed = 6 * Number(lambda['Timeout'] ?? 3) + windowSeconds;
    // What SQS takes when the template says nothing.
    const visibilitySeconds = Number(queue['VisibilityTimeout'] ?? 30);
    return visibilitySeconds >= needed
      ? []
      : [`${id}: the queue's visibility timeout is ${visibilitySeconds} s, not ${needed} s`];
  });

/** One bad message must not send its batch again, and two invocations at once are the pacing. */
export const mappingsArePaced: Rule = (template) => [
  ...mappings(template).flatMap(({ id, properties }) =>
    problemsUnless(
      [
        textsIn(properties['FunctionResponseTypes']).includes('ReportBatchItemFailures'),
        `${id}: no ReportBatchItemFailures`,
      ],
      [record(properties['ScalingConfig'])['MaximumConcurrency'] === 2, `${id}: MaximumConcurrency is not 2`],
    ),
  ),
  ...resources(template, 'AWS::Lambda::Function')
    .filter(({ properties }) => 'ReservedConcurrentExecutions' in properties)
    .map(({ id }) => `${id}: reserved concurrency dead-letters messages that nobody tried`),
];

const day = 24 * 60 * 60;

/** A dead letter keeps its first enqueue time, so its queue must keep it for longer than the source does. */
export const deadLettersOutliveTheirSource: Rule = (template) =>
  resources(template, 'AWS::SQS::Queue').flatMap(({ id, properties }) => {
    const dlqId = deadLetterQueueOf(properties);
    if (dlqId === undefined) return [];
    const dlq = template.Resources[dlqId]?.Properties ?? {};
    return problemsUnless(
      [retentionOf(properties) === 4 * day, `${id}: does not keep its messages for 4 days`],
      [retentionOf(dlq) === 14 * day, `${dlqId}: does not keep its messages for 14 days`],
      [retentionOf(dlq) > retentionOf(properties), `${dlqId}: does not outlive ${id}`],
    );
  });

function retentionOf(queue: Properties): number {
  return Number(queue['MessageRetentionPeriod'] ?? 4 * day);
}

/** `expected`: the dead-letter queue of each queue that has one, by logical ids. */
export function deadLetterQueuesAre(expected: Readonly<Record<string, string>>): Rule {
  return (template) =>
    resources(template, 'AWS::SQS::Queue').flatMap(({ id, properties }) => {
      const actual = deadLetterQueueOf(properties);
      return actual === expected[id] ? [] : [`${id}: its dead-letter queue is ${actual ?? 'missing'}`];
    });
}

/** What CloudFormation does with the data, queues, secrets and tables, when the stack goes. A replacement never deletes any. */
export function dataIs(deletionPolicy: 'RetainExceptOnCreate' | 'Delete'): Rule {
  return (template) =>
    ['AWS::SQS::Queue', 'AWS::SecretsManager::Secret', 'AWS::DynamoDB::Table'].flatMap((type) =>
      Object.entries(template.Resources)
        .filter(([, resource]) => resource.Type === type)
        .filter(
          ([, { DeletionPolicy: onDelete, UpdateReplacePolicy: onReplace }]) =>
            onDelete !== deletionPolicy || onReplace !== 'Retain',
        )
        .map(([id, { DeletionPolicy: policy }]) => `${id}: ${policy ?? 'no policy'}`),
    );
}

/** `names`: the outputs that there must be. */
export function outputsInclude(names: readonly string[]): Rule {
  return ({ Outputs: outputs }) =>
    names.filter((name) => outputs[name] === undefined).map((name) => `${name} is missing`);
}

type Properties = Readonly<Record<string, unknown>>;

function resources(template: Template, type: string): { id: string; properties: Properties }[] {
  return Object.entries(template.Resources)
    .filter(([, resource]) => resource.Type === type)
    .map(([id, resource]) => ({ id, properties: resource.Properties }));
}

/** The event source mappings, each with its queue's and its function's properties. */
function mappings(template: Template) {
  return resources(template, 'AWS::Lambda::EventSourceMapping').map(({ id, properties }) => ({
    id,
    properties,
    queue: propertiesOf(template, properties['EventSourceArn']),
    lambda: propertiesOf(template, properties['FunctionName']),
  }));
}

function propertiesOf(template: Template, reference: unknown): Properties {
  return template.Resources[attributeOf(reference) ?? '']?.Properties ?? {};
}

function problemsUnless(...claims: readonly (readonly [holds: boolean, problem: string])[]): string[] {
  return claims.filter(([holds]) => !holds).map(([, problem]) => problem);
}

function deadLetterQueueOf(queue: Properties): string | undefined {
  return attributeOf(record(queue['RedrivePolicy'])['deadLetterTargetArn']);
}

/** The logical id in `{ "Fn::GetAtt": [id, "Arn"] }`. */
function attributeOf(reference: unknown): string | undefined {
  const [id, attribute] = textsIn(record(reference)['Fn::GetAtt']);
  return attribute === 'Arn' ? id : undefined;
}

function record(value: unknown): Properties {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

/** Every text anywhere in a value. */
function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return Object.values(record(value)).flatMap(textsIn);
}

function everyObjectIn(value: unknown, path = ''): { path: string; value: Properties }[] {
  if (typeof value !== 'object' || value === null) return [];
  const inner = Object.entries(value).flatMap(([name, each]) => everyObjectIn(each, `${path}/${name}`));
  return [{ path, value: record(value) }, ...inner];
}
