import {
  type ContextEntry,
  type EvaluationResult,
  NoSuchEntityException,
  SimulatePrincipalPolicyCommand,
} from '@aws-sdk/client-iam';
import { unlessUnanswered } from '../checks/account-checks.ts';
import { type Check, type Finding, failed, ok, warning } from '../checks/check.ts';
import { failureOf } from '../errors.ts';
import { narrowedTo, policyFor, type Statement } from '../policy/stage-policy.ts';
import type { DeployedPlace } from '../target/deployed-stack.ts';
import { type Identity, principalOf } from './identity.ts';

/** How many of the missing actions are named. */
const shown = 5;

export interface PermissionsOptions {
  readonly identity: Identity;
  /** The role that CloudFormation acts as; undefined where it acts as whoever deploys. */
  readonly role: () => Promise<string | undefined>;
}

/** Whether IAM says that whoever makes the stack may do what the deployer's policy allows. */
export function permissionsCheck(place: DeployedPlace, { identity: who, role }: PermissionsOptions): Check {
  const { aws, stage } = place;
  return {
    name: 'permissions',
    remedy: `npx relay policy deployer --stage ${stage}`,
    run: (signal) => unlessUnanswered(() => findingFor(signal)),
  };

  async function findingFor(signal: AbortSignal): Promise<Finding> {
    const principal = (await role()) ?? principalOf(who);
    if (principal === undefined)
      return who.arn.endsWith(':root')
        ? ok('The root user may do everything')
        : warning(`Not known: ${who.arn} is neither a user nor a role.`);
    const client = await aws.iam();
    const questions = questionsOf(narrowedTo(policyFor('deployer'), stage).Statement, { ...who, ...place });
    try {
      const asked: EvaluationResult[] = [];
      for (const question of questions) {
        const command = new SimulatePrincipalPolicyCommand({ PolicySourceArn: principal, ...question });
        const { EvaluationResults: results = [] } = await client.send(command, { abortSignal: signal });
        asked.push(...results);
      }
      const missing = asked
        .filter(
          ({ EvalDecision: whole, ResourceSpecificResults: parts = [] }) =>
            whole !== 'allowed' && !parts.some((part) => part.EvalResourceDecision === 'allowed'),
        )
        .map(({ EvalActionName: action }) => action);
      if (missing.length === 0)
        return ok(`${asked.length} actions of a deployer are allowed to ${principal}`);
      const more = missing.length > shown ? ` and ${missing.length - shown} more` : '';
      return failed(`Not allowed to ${principal}: ${missing.slice(0, shown).join(', ')}${more}.`);
    } catch (error) {
      // The session of a role does not say in which path the role is.
      if (error instanceof NoSuchEntityException)
        return warning(`Not known: IAM does not find ${principal}, which may be in a path.`);
      if (failureOf(error).code !== 'access-denied') throw error;
      return warning(
        'Not known: IAM does not let you ask (iam:SimulatePrincipalPolicy). The deployment will tell.',
      );
    }
  }
}

interface Question {
  readonly ActionNames: string[];
  readonly ResourceArns: string[];
  readonly ContextEntries: ContextEntry[];
  readonly MaxItems: number;
}

/** What the statements allow, as IAM can be asked: by whole names of actions, about things that have names. */
export function questionsOf(
  statements: readonly Statement[],
  place: Pick<Identity, 'account' | 'partition'> & Pick<DeployedPlace, 'region'>,
): Question[] {
  return statements.flatMap(
    ({ Effect: effect, Action: actions, Resource: resources, Condition: conditions = {} }) => {
      const whole = [actions].flat().filter((action) => !action.includes('*'));
      if (effect !== 'Allow' || whole.length === 0) return [];
      return {
        ActionNames: whole,
        ResourceArns: [resources].flat().map((pattern) => namedBy(pattern, place)),
        ContextEntries: Object.values(conditions).flatMap((keys) =>
          Object.entries(keys).map(([key, values]) => ({
            ContextKeyName: key,
            ContextKeyType: 'string' as const,
            ContextKeyValues: [values].flat().map((value) => namedBy(value, place)),
          })),
        ),
        MaxItems: 1000,
      };
    },
  );
}

/** Something that a pattern fits: in this account and region, and called x where it leaves names open. */
function namedBy(
  pattern: string,
  { account, partition, region }: Pick<Identity, 'account' | 'partition'> & Pick<DeployedPlace, 'region'>,
): string {
  if (!pattern.startsWith('arn:')) return pattern;
  const [, , service = '', place = '', owner = '', ...rest] = pattern.split(':');
  return ['arn', partition, service, place && region, owner && account, ...rest]
    .join(':')
    .replaceAll('*', 'x');
}
