import { StackResources } from '../../../local/template/stack-resources.ts';
import { parseTemplate } from '../../../local/template/stack-template.ts';
import { functionNames } from '../../../resources/measures.ts';
import { usedBy } from '../policy-rules.ts';
import { list, record, resourcesOf, type Template } from '../template.ts';
import { arnIn } from './arns.ts';
import { accountId, region, secretArn } from './aws-calls.ts';
import type { Judge } from './evaluator.ts';

export const prodStack = 'connectly-relay-prod';

/** What Lambda does in the name of a function: its code does none of it. */
const doneByLambda = new Set([
  'logs:CreateLogStream',
  'logs:PutLogEvents',
  'sqs:DeleteMessage',
  'sqs:GetQueueAttributes',
  'sqs:ReceiveMessage',
]);

/**
 * What is wrong with what the roles of the functions, and the policies for producers and consumers, allow: less than is
 * used, more than that, or something else than the code of a function asks for. `operations`: what that is, by function.
 */
export async function roleProblems(
  template: Template,
  operations: ReadonlyMap<string, ReadonlySet<string>>,
  judge: Judge,
): Promise<string[]> {
  const policies = identityPolicies(template);
  const arns = reachable(template);
  const actions = [
    ...new Set(Object.values(usedBy).flatMap((uses) => uses.map((use) => use.split(' ')[0] ?? ''))),
  ];
  const asked = Object.keys(policies).flatMap((policy) =>
    [...arns].flatMap(([id, resource]) =>
      actions
        .filter((action) => resource.includes(`:${action.split(':')[0]}:`))
        .map((action) => ({ policy, id, need: { action, resource, context: {} } })),
    ),
  );
  const verdicts = await judge(asked, policies);
  const wrong = asked.flatMap(({ policy, id, need: { action } }, index) => {
    const target = id === logOf(policy) ? 'its log' : id;
    const isUsed = usedBy[policy]?.includes(`${action} ${target}`) === true;
    if (verdicts[index]?.allowed === isUsed) return [];
    return [`${policy} ${isUsed ? 'may not' : 'may'} ${action} on ${id}`];
  });
  return [...wrong, ...codeProblems(operations)];
}

/** A function's code asks for something that nobody has said, or for less. */
function codeProblems(operations: ReadonlyMap<string, ReadonlySet<string>>): string[] {
  return functionNames.flatMap((name) => {
    const said = new Set(
      (usedBy[roleOf(name)] ?? [])
        .map((use) => use.split(' ')[0] ?? '')
        .filter((action) => !doneByLambda.has(action)),
    );
    const asked = new Set([...(operations.get(name) ?? [])].filter((action) => !doneByLambda.has(action)));
    const unsaid = Array.from(asked).filter((action) => !said.has(action));
    const unasked = Array.from(said).filter((action) => !asked.has(action));
    return unsaid
      .map((action) => `${name} asks for ${action}, and nobody has said on what`)
      .concat(unasked.map((action) => `${name} does not ask for ${action}`));
  });
}

/** send-message has SendMessageRole. */
function roleOf(name: string): string {
  return `${name.replaceAll(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase())}Role`;
}

function logOf(role: string): string {
  return role.replace(/Role$/, 'LogGroup');
}

/** Everything that roles are about, by its logical id. */
function reachable(template: Template): Map<string, string> {
  const types = [
    'AWS::SQS::Queue',
    'AWS::DynamoDB::Table',
    'AWS::SecretsManager::Secret',
    'AWS::Logs::LogGroup',
  ];
  return new Map(
    types.flatMap((type) =>
      resourcesOf(template, type).map(({ id }) => {
        const arn = arnIn(template, prodStack, id);
        return [
          id,
          type === 'AWS::Logs::LogGroup' ? `${arn}:log-stream:2026/11/30/[$LATEST]0f1e2d3c` : arn,
        ] as const;
      }),
    ),
  );
}

/** What each role and policy of the template allows, with ARNs in it. */
export function identityPolicies(template: Template): Record<string, object> {
  const resources = resourcesIn(template);
  const documents = ['AWS::IAM::Role', 'AWS::IAM::ManagedPolicy'].flatMap((type) =>
    resources.ofType(type).map(({ logicalId, resource }) => {
      const { PolicyDocument: own, Policies: inline } = record(
        resources.evaluator.value(resource.Properties, logicalId),
      );
      const found = [own, ...list(inline).map((policy) => record(policy)['PolicyDocument'])].filter(
        (document) => document !== undefined,
      );
      const statements = found.flatMap((document) => list(record(document)['Statement']));
      return [logicalId, { Version: '2012-10-17', Statement: statements }] as const;
    }),
  );
  return Object.fromEntries(documents);
}

/** The resources of a template, with ARNs of the account that is asked about. */
export function resourcesIn(template: Template): StackResources {
  return new StackResources(parseTemplate(template), {
    region,
    accountId,
    stackName: prodStack,
    resolveRef: {
      queueUrl: (name) => `https://sqs.${region}.amazonaws.com/${accountId}/${name}`,
      secretArn,
      apiEndpoint: (id) => `https://${id}.execute-api.${region}.amazonaws.com`,
    },
  });
}
