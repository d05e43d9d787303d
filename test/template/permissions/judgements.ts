import {
  type Holder,
  holders,
  narrowedTo,
  type Policy,
  type Statement,
} from '../../../cli/policy/stage-policy.ts';
import type { Judge } from './evaluator.ts';
import { unneeded } from './exceptions.ts';
import { renamed, type Suite } from './suites.ts';
import { type Excepted, matches, type Need } from './template-needs.ts';

export type Policies = Readonly<Record<Holder, Policy>>;

/** What IAM takes for one managed policy, in characters without blanks. */
const longestPolicy = 6144;

/** What a holder is refused, by the policy for all stages and by the one for this stage. */
export async function refusals(suite: Suite, policies: Policies, judge: Judge): Promise<string[]> {
  const { holder, stage, needs } = suite;
  const all = policies[holder];
  const one = narrowedTo(all, stage);
  const denied = async (policy: Policy) => {
    const verdicts = await judge(
      needs.map((need) => ({ policy: holder, need: withTags(need, stage) })),
      { [holder]: policy },
    );
    return inWords(needs.filter((_, index) => verdicts[index]?.allowed === false));
  };
  const length = JSON.stringify(one).length;
  return [
    ...(await denied(all)).map((each) => `the ${holder} may not ${each}`),
    ...(await denied(one)).map((each) => `the ${holder} of ${stage} alone may not ${each}`),
    ...(length > longestPolicy
      ? [`the policy of the ${holder} of ${stage} has ${length} characters, and IAM takes ${longestPolicy}`]
      : []),
  ];
}

/** An action of a policy, and what its holder cannot do without it. */
export interface Missed {
  readonly holder: Holder;
  readonly action: string;
  readonly by: readonly string[];
}

/** Takes away each action of each statement, one by one, and resolves to what is refused then. */
export async function missedOnes(
  suites: readonly Suite[],
  policies: Policies,
  judge: Judge,
): Promise<Missed[]> {
  const taken = holders.flatMap((holder) =>
    policies[holder].Statement.flatMap((statement, index) =>
      actionsOf(statement).map((action) => ({
        holder,
        action,
        name: `${holder} ${index} ${action}`,
        policy: without(policies[holder], index, action),
        needs: needsOf(suites, holder).filter((need) => matches(action, need.action)),
      })),
    ),
  );
  const verdicts = await judge(
    taken.flatMap(({ name, needs }) => needs.map((need) => ({ policy: name, need }))),
    Object.fromEntries(taken.map(({ name, policy }) => [name, policy])),
  );
  let next = 0;
  return taken.map(({ holder, action, needs }) => {
    const refused = needs.filter(() => verdicts[next++]?.allowed === false);
    return { holder, action, by: inWords(refused) };
  });
}

/** Ends of stages whose names begin like another's. */
const longerNames = ['2', '-2', 'elopment', '-eu-west-1'];

/** What cannot be kept to the relay: AWS does not say for sure what a subscription's actions are about. */
const unbounded: ReadonlySet<string> = new Set(['sns:GetSubscriptionAttributes', 'sns:Unsubscribe']);

/**
 * What the policies allow at another service, and the policies for one stage at another stage. What AWS knows no
 * resources for is left out, and what has a made-up name, which may be the same there.
 */
export async function reaches(suites: readonly Suite[], policies: Policies, judge: Judge): Promise<string[]> {
  const found = await Promise.all(
    suites.map(async ({ holder, stage, needs }) => {
      const elsewhere = (other: string, service?: string) =>
        needs
          .map((need) => ({ here: need.resource, there: renamed(need, stage, other, service) }))
          .filter(({ here, there }) => there.resource !== here)
          .map(({ there }) => there);
      const asked = [
        ...elsewhere('x', 'another-service').map((need) => ({ policy: 'all', need })),
        ...[...longerNames.map((end) => `${stage}${end}`), `my-${stage}`, 'x'].flatMap((other) =>
          elsewhere(other).map((need) => ({ policy: 'one', need: withTags(need, other) })),
        ),
      ];
      const verdicts = await judge(asked, {
        all: policies[holder],
        one: narrowedTo(policies[holder], stage),
      });
      return asked
        .filter((_, index) => verdicts[index]?.allowed === true && !verdicts[index].hasNoResources)
        .filter(({ need }) => !unbounded.has(need.action))
        .map(({ need: { action, resource } }) => `the ${holder} may ${action} ${resource}`);
    }),
  );
  return [...new Set(found.flat())];
}

/** What whoever deploys must not get at: the content of what he makes, and more rights than he has. */
const contents = [
  'dynamodb:GetItem',
  'dynamodb:Query',
  'dynamodb:Scan',
  'iam:AttachRolePolicy',
  'lambda:InvokeFunction',
  'logs:FilterLogEvents',
  'logs:GetLogEvents',
  'logs:StartQuery',
  'secretsmanager:GetSecretValue',
  'secretsmanager:PutSecretValue',
  'sns:Publish',
  'sqs:PurgeQueue',
  'sqs:ReceiveMessage',
  'sqs:SendMessage',
];

/** What a deployer may do with the content of what he makes: a wildcard would let him in. */
export async function looksInside(
  suites: readonly Suite[],
  policies: Policies,
  judge: Judge,
): Promise<string[]> {
  const resources = new Set(needsOf(suites, 'deployer').map(({ resource }) => resource));
  const asked = contents.flatMap((action) =>
    [...resources]
      .filter((resource) => resource.includes(`:${action.split(':')[0]}:`))
      .map((resource) => ({ policy: 'deployer', need: { action, resource, context: {} } })),
  );
  const verdicts = await judge(asked, policies);
  return asked
    .filter((_, index) => verdicts[index]?.allowed === true)
    .map(({ need: { action, resource } }) => `the deployer may ${action} ${resource}`);
}

/** Exceptions that nothing needs any more: what they are about is allowed, or no schema lists it. */
export async function idleExceptions(
  excepted: readonly Excepted[],
  policies: Policies,
  judge: Judge,
): Promise<string[]> {
  const verdicts = await judge(
    excepted.map((need) => ({ policy: 'deployer', need })),
    policies,
  );
  const denied = excepted.filter((_, index) => verdicts[index]?.allowed === false);
  return Object.entries(unneeded).flatMap(([type, exceptions]) =>
    exceptions.flatMap((exception) =>
      exception.actions
        .filter(
          (pattern) => !denied.some((each) => each.exception === exception && matches(pattern, each.action)),
        )
        .map((pattern) => `the exception ${pattern} of ${type} is idle`),
    ),
  );
}

/** Wildcards in actions that somebody has looked at: what they mean besides is harmless on what is the relay's. */
const wildcards: Readonly<Record<Holder, readonly string[]>> = {
  deployer: [
    'cloudformation:Describe*',
    'dynamodb:Describe*',
    'iam:Get*',
    'iam:List*',
    'iam:Tag*',
    'iam:Untag*',
    'lambda:*EventSourceMapping',
    'lambda:Get*',
    'lambda:List*',
    'logs:*LogDelivery',
    's3:Get*',
    's3:List*',
    'sns:Get*',
    'sns:List*',
    'sqs:GetQueue*',
  ],
  operator: [],
};

export function newWildcards(policies: Policies): string[] {
  return holders.flatMap((holder) =>
    policies[holder].Statement.flatMap(actionsOf)
      .filter((action) => action.includes('*') && !wildcards[holder].includes(action))
      .map((action) => `the ${holder} has the wildcard ${action}`),
  );
}

/** The tags that every resource of a stage has. */
export function withTags(need: Need, stage: string): Need {
  const tags = { 'aws:ResourceTag/service': 'connectly-relay', 'aws:ResourceTag/stage': stage };
  return { ...need, context: { ...need.context, ...tags } };
}

function inWords(needs: readonly Need[]): string[] {
  return [...new Set(needs.map(({ what, action, resource }) => `${what}: ${action} on ${resource}`))];
}

function needsOf(suites: readonly Suite[], holder: Holder): Need[] {
  return suites.filter((suite) => suite.holder === holder).flatMap(({ needs }) => needs);
}

function actionsOf({ Action: actions }: Statement): string[] {
  return [actions].flat();
}

function without({ Version: version, Statement: statements }: Policy, index: number, action: string): Policy {
  const left = statements.flatMap((statement, each) => {
    if (each !== index) return [statement];
    const actions = actionsOf(statement).filter((other) => other !== action);
    return actions.length === 0 ? [] : [{ ...statement, Action: actions }];
  });
  return { Version: version, Statement: left };
}
