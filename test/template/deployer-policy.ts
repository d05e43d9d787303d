import * as cloudFormation from '@aws-sdk/client-cloudformation';
import * as cloudWatch from '@aws-sdk/client-cloudwatch';
import * as lambda from '@aws-sdk/client-lambda';
import { actionsFor, neededByCommands, neededByType } from './deployer-needs.ts';
import { knownActions, operationsOf } from './known-actions.ts';
import { list, type Properties, record, type Template, textsIn } from './template.ts';

/** Actions that know no resource, by AWS's service authorization reference. */
const withoutResources: ReadonlySet<string> = new Set([
  'cloudformation:ValidateTemplate',
  'logs:CreateLogDelivery',
  'logs:DeleteLogDelivery',
  'logs:DescribeLogGroups',
  'logs:DescribeResourcePolicies',
  'logs:GetLogDelivery',
  'logs:ListLogDeliveries',
  'logs:PutResourcePolicy',
  'logs:UpdateLogDelivery',
  'sts:GetCallerIdentity',
]);

/** Resources whose ids AWS makes up: nothing of the relay's name is in them. */
const withoutNames: ReadonlySet<string> = new Set([
  'arn:aws:apigateway:*::/apis',
  'arn:aws:apigateway:*::/apis/*',
  'arn:aws:apigateway:*::/tags/*',
  'arn:aws:lambda:*:*:event-source-mapping:*',
]);

// IAM's names are those of the API's operations, which AWS's own clients list; these services have no client here.
const servicesWithoutClient = /^(apigateway|iam|s3|sns|ssm):/;
const clientActions: ReadonlySet<string> = new Set([
  ...knownActions,
  ...operationsOf('cloudformation', cloudFormation),
  ...operationsOf('cloudwatch', cloudWatch),
  ...operationsOf('lambda', lambda),
  // Permissions without an operation.
  'cloudformation:TagResource',
  ...['Create', 'Delete', 'Get', 'Update'].map((verb) => `logs:${verb}LogDelivery`),
  'logs:ListLogDeliveries',
]);

/** What IAM takes for one managed policy, in characters without blanks. */
export const longestPolicy = 6144;

/** What is wrong with a deployer's policy for a template, in words; empty when nothing is. */
export function deployerPolicyProblems(policy: unknown, template: Template): string[] {
  const statements = list(record(policy)['Statement']).map(record);
  const allowed = statements.flatMap(actionsOf);
  const types = new Set(Object.values(template.Resources).map(({ Type: type }) => type));
  const needed = new Set([...neededByCommands, ...Object.values(neededByType).flatMap(actionsFor)]);
  return [
    ...[...types]
      .filter((type) => !Object.hasOwn(neededByType, type))
      .map((type) => `nobody has said what ${type} needs`),
    ...[...needed].filter((action) => !allowed.includes(action)).map((action) => `${action} is missing`),
    ...allowed.filter((action) => !needed.has(action)).map((action) => `nothing needs ${action}`),
    ...allowed
      .filter((action, index) => allowed.indexOf(action) !== index)
      .map((action) => `${action} stands twice`),
    ...allowed
      .filter((action) => !clientActions.has(action) && !servicesWithoutClient.test(action))
      .map((action) => `AWS knows no ${action}`),
    ...statements.flatMap(scopeProblems),
    ...namesOutside(statements, template),
    ...(JSON.stringify(policy).length > longestPolicy ? ['it is longer than IAM takes'] : []),
  ];
}

function actionsOf({ Action: actions }: Properties): string[] {
  return list(actions).map(String);
}

function scopeProblems(statement: Properties): string[] {
  const actions = actionsOf(statement);
  const isAboutOurFunctions = textsIn(statement['Condition']).some((text) =>
    text.endsWith(':function:connectly-relay-*'),
  );
  return list(statement['Resource'])
    .map(String)
    .filter((resource) => {
      if (resource === '*')
        return !isAboutOurFunctions && !actions.every((action) => withoutResources.has(action));
      return !/[:/]connectly-relay[-/]\*$/.test(resource) && !withoutNames.has(resource);
    })
    .map((resource) => `${actions[0] ?? 'nothing'} and others may touch ${resource}`);
}

/** Every resource that the template names must be one that the policy is about. */
function namesOutside(statements: readonly Properties[], template: Template): string[] {
  return Object.entries(template.Resources).flatMap(([id, { Type: type, Properties: properties }]) => {
    const { named, create } = neededByType[type] ?? {};
    if (named === undefined || create === undefined) return [];
    const [property, arn] = named;
    const name = properties[property];
    const patterns = statements
      .filter((statement) => create.some((action) => actionsOf(statement).includes(action)))
      .flatMap(({ Resource: resources }) => list(resources).map(String));
    const isCovered = patterns.some((pattern) => matches(pattern, `${arn}${String(name)}`));
    return isCovered ? [] : [`${id} is outside of what the policy is about`];
  });
}

/** Whether IAM takes an ARN for one that a pattern means. */
export function matches(pattern: string, arn: string): boolean {
  const escaped = pattern.split('*').map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`));
  return new RegExp(`^${escaped.join('.*')}$`).test(arn);
}
