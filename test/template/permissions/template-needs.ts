import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { referenceOf, type Template } from '../template.ts';
import { arnIn, collectionOf } from './arns.ts';
import { accountId, type Permission, region, stackArn } from './aws-calls.ts';
import { type Exception, unneeded } from './exceptions.ts';

/** Something that somebody must be allowed to do, and for what. */
export interface Need extends Permission {
  /** In words: "create SendsQueue (AWS::SQS::Queue)". */
  readonly what: string;
  /** What IAM is told besides, by the keys of conditions. */
  readonly context: Readonly<Record<string, string>>;
}

const schemaSchema = z.looseObject({
  typeName: z.string(),
  handlers: z.record(z.string(), z.looseObject({ permissions: z.array(z.string()).optional() })).optional(),
  tagging: z.looseObject({ permissions: z.array(z.string()).optional() }).optional(),
});

/** What CloudFormation does to a resource, with the permissions for each. */
export type Handlers = ReadonlyMap<string, readonly string[]>;

/** Reads AWS's own schemas of resource types, which cfn-lint brings along. `commands`: the folder of its command. */
export async function readHandlers(commands: string): Promise<ReadonlyMap<string, Handlers>> {
  const lib = join(commands, '../lib');
  const [python = ''] = await readdir(lib);
  const folder = join(lib, python, 'site-packages/cfnlint/data/schemas/resources');
  const files = (await readdir(folder)).filter((file) => file.endsWith('.json'));
  const types = new Map<string, Map<string, readonly string[]>>();
  for (const file of files) {
    const text = await readFile(join(folder, file), 'utf8');
    const { typeName, handlers = {}, tagging } = schemaSchema.parse(JSON.parse(text));
    const found = types.get(typeName) ?? new Map<string, readonly string[]>();
    for (const [operation, { permissions = [] }] of [
      ...Object.entries(handlers),
      ['tag', tagging ?? {}] as const,
    ])
      found.set(operation, [...new Set([...(found.get(operation) ?? []), ...permissions])]);
    types.set(typeName, found);
  }
  return types;
}

/** The stack lists nothing: its resources are known. */
const operations = ['create', 'read', 'update', 'delete', 'tag'];

/** What a schema lists and nobody needs, with the exception that says so. */
export interface Excepted extends Need {
  readonly exception: Exception;
}

/** What the deployer of a template needs: what the schemas list, what AWS's pages say besides, and no exception. */
export function templateNeeds(
  template: Template,
  { stack, handlers }: { readonly stack: string; readonly handlers: ReadonlyMap<string, Handlers> },
): { readonly needs: readonly Need[]; readonly excepted: readonly Excepted[] } {
  const needs = besidesTheSchemas(template, stack);
  const excepted: Excepted[] = [];
  for (const [id, { Type: type }] of Object.entries(template.Resources)) {
    const found = handlers.get(type);
    if (found === undefined) throw new Error(`cfn-lint has no schema of ${type}.`);
    for (const operation of operations)
      for (const action of found.get(operation) ?? []) {
        const need = needOf(template, { stack, id, operation, action });
        const exception = exceptionFor(type, action);
        if (exception === undefined) needs.push(need);
        else excepted.push({ ...need, exception });
      }
  }
  return { needs, excepted };
}

function exceptionFor(type: string, action: string): Exception | undefined {
  return unneeded[type]?.find(({ actions }) => actions.some((pattern) => matches(pattern, action)));
}

/** Whether an action is one that a pattern means. IAM does not tell capital letters from small ones. */
export function matches(pattern: string, action: string): boolean {
  const parts = pattern.split('*').map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`));
  return new RegExp(`^${parts.join('.*')}$`, 'i').test(action);
}

interface Asked {
  readonly stack: string;
  readonly id: string;
  readonly operation: string;
  readonly action: string;
}

function needOf(template: Template, { stack, id, operation, action }: Asked): Need {
  const { Type: type = '', Properties: properties = {} } = template.Resources[id] ?? {};
  const arn = arnIn(template, stack, id);
  const [service = ''] = action.split(':');
  const need = { what: `${operation} ${id} (${type})`, action, context: {} };
  if (action === 'iam:PassRole' && type === 'AWS::Lambda::Function') {
    const role = referenceOf(properties['Role']) ?? '';
    const context = { 'iam:PassedToService': 'lambda.amazonaws.com' };
    return { ...need, resource: arnIn(template, stack, role), context };
  }
  if (action === 's3:GetObject' && type === 'AWS::Lambda::Function')
    return { ...need, resource: `${arnIn(template, stack, 'ServerlessDeploymentBucket')}/function.zip` };
  if (service === 'apigateway') return { ...need, resource: apiResource(arn, { operation, action }) };
  if (type === 'AWS::Lambda::EventSourceMapping') {
    const lambda = arnIn(template, stack, referenceOf(properties['FunctionName']) ?? '');
    return { ...need, resource: arn, context: { 'lambda:FunctionArn': lambda } };
  }
  // AWS's pages do not agree on what these are about: one says the topic, another nothing. So any resource must do.
  if (type === 'AWS::SNS::Subscription' && action !== 'sns:Subscribe')
    return { ...need, resource: `arn:aws:sns:${region}:${accountId}:any` };
  return { ...need, resource: arn };
}

function apiResource(arn: string, { operation, action }: Pick<Asked, 'operation' | 'action'>): string {
  if (operation === 'create' && action === 'apigateway:POST') return collectionOf(arn);
  if (operation !== 'tag' || /tag/i.test(action)) return arn;
  return `arn:aws:apigateway:${region}::/tags/${encodeURIComponent(arn)}`;
}

/** What AWS's pages ask for and no schema lists. */
function besidesTheSchemas(template: Template, stack: string): Need[] {
  const stackItself = stackArn(stack);
  const of = (what: string, resource: string, ...actions: readonly string[]) =>
    actions.map((action): Need => ({ what, action, resource, context: {} }));
  return [
    // CloudFormation, "Controlling access with IAM": tags of a stack, when it is made and when they change.
    ...of('tag the stack', stackItself, 'cloudformation:TagResource'),
    // osls makes and changes a stack without change sets when it is told so (`deploymentMethod: direct`).
    ...of(
      'deploy without a change set',
      stackItself,
      'cloudformation:CreateStack',
      'cloudformation:UpdateStack',
    ),
    // osls asks for it where a stack was imported before (seen against MiniStack).
    ...of('deploy after an import', stackItself, 'cloudformation:GetTemplate'),
    // API Gateway, "Logging for HTTP APIs": what whoever switches an access log on must be allowed.
    ...(Object.hasOwn(template.Resources, 'HttpApiLogGroup')
      ? of(
          'create HttpApiStage (its access log)',
          '*',
          'logs:CreateLogDelivery',
          'logs:DeleteLogDelivery',
          'logs:DescribeLogGroups',
          'logs:DescribeResourcePolicies',
          'logs:GetLogDelivery',
          'logs:ListLogDeliveries',
          'logs:PutResourcePolicy',
          'logs:UpdateLogDelivery',
        )
      : []),
    // API Gateway, "Service-linked roles": the first API of an account makes it.
    ...of(
      'create HttpApi (the first of an account)',
      `arn:aws:iam::${accountId}:role/aws-service-role/ops.apigateway.amazonaws.com/AWSServiceRoleForAPIGateway`,
      'iam:CreateServiceLinkedRole',
    ),
  ];
}
