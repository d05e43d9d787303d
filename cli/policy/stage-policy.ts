import deployer from '../../resources/deployer-policy.json' with { type: 'json' };
import operator from '../../resources/operator-policy.json' with { type: 'json' };

/** Who has a policy: whoever deploys and removes stacks, and whoever types `relay`. */
export const holders = ['deployer', 'operator'] as const;

export type Holder = (typeof holders)[number];

/** A part of a policy that names what is allowed, to what. */
export interface Statement {
  readonly Sid: string;
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

export interface Policy {
  readonly Version: string;
  readonly Statement: readonly Statement[];
}

const policies: Readonly<Record<Holder, Policy>> = { deployer, operator };

/** The policy for every stage of an account. */
export function policyFor(holder: Holder): Policy {
  return policies[holder];
}

/** A policy for every stage as one for a single stage. */
export function narrowedTo({ Version: version, Statement: statements }: Policy, stage: string): Policy {
  return {
    Version: version,
    Statement: [...statements.map((statement) => narrowed(statement, stage)), otherStages(stage)],
  };
}

/**
 * `connectly-relay-dev-*` means what belongs to a stage called dev-2, too, and some resources have ids that say nothing
 * of a stage. All of them have tags that do.
 */
function otherStages(stage: string): Statement {
  return {
    Sid: 'NoOtherStage',
    Effect: 'Deny',
    Action: '*',
    Resource: '*',
    Condition: {
      StringEquals: { 'aws:ResourceTag/service': 'connectly-relay' },
      StringNotEquals: { 'aws:ResourceTag/stage': stage },
    },
  };
}

function narrowed(statement: Statement, stage: string): Statement {
  const { Resource: resources, Condition: condition, ...rest } = statement;
  return {
    ...rest,
    Resource: oneOrMore(resources, stage),
    ...(condition !== undefined && {
      Condition: Object.fromEntries(
        Object.entries(condition).map(([comparison, values]) => [
          comparison,
          Object.fromEntries(Object.entries(values).map(([key, value]) => [key, oneOrMore(value, stage)])),
        ]),
      ),
    }),
  };
}

function oneOrMore(patterns: string | readonly string[], stage: string): string | readonly string[] {
  const found = [patterns].flat().flatMap((pattern) => patternsFor(pattern, stage));
  const [only = ''] = found;
  return found.length === 1 ? only : found;
}

/** One pattern for names of all stages, as patterns for those of one. */
function patternsFor(pattern: string, stage: string): string[] {
  const stack = `connectly-relay-${stage}`;
  const named = (...names: readonly string[]) =>
    names.map((name) => pattern.replace('connectly-relay-*', name));
  if (pattern.includes('connectly-relay/*')) {
    const inside = pattern.endsWith('connectly-relay/*') ? '/*' : '';
    return [pattern.replace('connectly-relay/*', `connectly-relay/${stage}${inside}`)];
  }
  if (pattern.includes(':stack/')) return named(`${stack}/*`);
  if (pattern.includes(':s3:')) return named(bucketOf(stack));
  if (pattern.includes(':role/connectly-relay')) return named(roleOf(stack));
  // The stage ends the name, and the group's streams have a colon after it.
  if (pattern.includes('/http-api/')) return named(stack, `${stack}:*`);
  return pattern.endsWith('connectly-relay-*') ? named(`${stack}-*`) : named(stack);
}

/**
 * What CloudFormation calls what it makes: the stack, the logical id, and 13 characters more. Where that is too long, it
 * cuts both, and keeps 24 characters of the stack at least.
 */
const madeUp = 13;
const kept = 24;

function bucketOf(stack: string): string {
  const rest = '-serverlessdeploymentbucket';
  return stack.length + rest.length + madeUp <= 63
    ? `${stack.toLowerCase()}${rest}-*`
    : `${stack.slice(0, kept).toLowerCase()}*`;
}

function roleOf(stack: string): string {
  return stack.length + '-ReceiveWebhookRole'.length + madeUp <= 64
    ? `${stack}-*`
    : `${stack.slice(0, kept)}*`;
}
