import { neededByType } from './deployer-needs.ts';
import { longestPolicy, matches } from './deployer-policy.ts';
import { list, type Properties, record, type Template, textsIn } from './template.ts';

/** Actions that know no resource, by AWS's service authorization reference. */
const withoutResources: ReadonlySet<string> = new Set([
  'cloudwatch:GetMetricData',
  'lambda:ListEventSourceMappings',
  'sts:GetCallerIdentity',
]);

const functions = [
  'ReceiveWebhookLambdaFunction',
  'SendMessageLambdaFunction',
  'SettleSendLambdaFunction',
] as const;
const logs = ['ReceiveWebhookLogGroup', 'SendMessageLogGroup', 'SettleSendLogGroup'];
const received = ['EventsQueue', 'EventsDlq', 'SendsDlq'];

/** What an operator may do with which of the template's resources; with the others, nothing. */
const reach: Readonly<Record<string, readonly string[]>> = {
  'dynamodb:GetItem': ['LedgerTable'],
  'dynamodb:PutItem': ['LedgerTable'],
  'lambda:GetFunctionConfiguration': functions,
  'logs:FilterLogEvents': logs,
  'secretsmanager:GetSecretValue': ['ApiKeySecret', 'WebhookSecret'],
  'secretsmanager:PutSecretValue': ['ApiKeySecret', 'WebhookSecret'],
  'secretsmanager:UpdateSecretVersionStage': ['ApiKeySecret', 'WebhookSecret'],
  'sqs:ChangeMessageVisibility': ['EventsQueue', 'SendsDlq'],
  'sqs:DeleteMessage': received,
  'sqs:GetQueueAttributes': [...received, 'OutcomesQueue', 'SendsQueue'],
  'sqs:ReceiveMessage': received,
  'sqs:SendMessage': ['EventsQueue', 'SendsQueue'],
  'sqs:StartMessageMoveTask': ['EventsDlq'],
};

const mappings = 'arn:aws:lambda:*:*:event-source-mapping:*';
const stacks = 'arn:aws:cloudformation:*:*:stack/connectly-relay-*';

/** What is wrong with an operator's policy, given what the commands call; in words, empty when nothing is. */
export function operatorPolicyProblems(
  policy: unknown,
  { calls, template }: { readonly calls: ReadonlySet<string>; readonly template: Template },
): string[] {
  const statements = list(record(policy)['Statement']).map(record);
  const allowed = new Set(statements.flatMap(actionsOf));
  return [
    ...[...calls].filter((action) => !allowed.has(action)).map((action) => `${action} is missing`),
    ...[...allowed].filter((action) => !calls.has(action)).map((action) => `nothing calls ${action}`),
    ...statements.flatMap(scopeProblems),
    ...[...allowed].flatMap((action) => reachProblems(action, statements, template)),
    ...(JSON.stringify(policy).length > longestPolicy ? ['it is longer than IAM takes'] : []),
  ];
}

const listed = (value: unknown): string[] =>
  Array.isArray(value) ? list(value).map(String) : [String(value)];
const actionsOf = ({ Action: actions }: Properties): string[] => listed(actions);
const resourcesOf = ({ Resource: resources }: Properties): string[] => listed(resources);

/** What is not in the template, or has no name of ours. */
function scopeProblems(statement: Properties): string[] {
  const actions = actionsOf(statement);
  const isAboutOurFunctions = textsIn(statement['Condition']).some((text) =>
    text.endsWith(':function:connectly-relay-*'),
  );
  return resourcesOf(statement)
    .filter((resource) => {
      if (resource === '*') return !actions.every((action) => withoutResources.has(action));
      if (resource === mappings) return !isAboutOurFunctions;
      if (resource === stacks) return actions.join() !== 'cloudformation:DescribeStacks';
      return !/[:/]connectly-relay[-/]\*/.test(resource);
    })
    .map((resource) => `${actions.join(' and ')} may touch ${resource}`);
}

function reachProblems(action: string, statements: readonly Properties[], template: Template): string[] {
  const patterns = statements
    .filter((statement) => actionsOf(statement).includes(action))
    .flatMap(resourcesOf)
    .filter((pattern) => pattern !== '*');
  const service = action.split(':')[0] ?? '';
  return Object.entries(template.Resources).flatMap(([id, resource]) => {
    const arn = arnOf(resource);
    if (arn?.split(':')[2] !== service) return [];
    const isReached = patterns.some((pattern) => matches(pattern, arn));
    const isMeant = reach[action]?.includes(id) ?? false;
    if (isReached === isMeant) return [];
    return [isMeant ? `${action} does not reach ${id}` : `${action} reaches ${id}`];
  });
}

function arnOf({ Type: type, Properties: properties }: Template['Resources'][string]): string | undefined {
  const named = neededByType[type]?.named;
  if (named === undefined) return undefined;
  const [property, before] = named;
  // AWS ends the ARN of a secret with six characters of its own.
  const after = type === 'AWS::SecretsManager::Secret' ? '-a1b2C3' : '';
  return `${before}${String(properties[property])}${after}`;
}
