import { narrowedTo } from '../../../cli/policy/stage-policy.ts';
import type { Judge } from './evaluator.ts';
import { type Policies, withTags } from './judgements.ts';
import { renamed, type Suite } from './suites.ts';

/** A second stage in the same account, whose name begins alike. */
const besides = (stage: string) => `${stage}-2`;

/**
 * What one user may still do with the policies of two stages: they are to deny each other, as docs/deploy.md says. Left
 * out is what AWS knows no resources for, and buckets: their tags count for nothing, and their names are one stage's.
 */
export async function togetherProblems(
  suites: readonly Suite[],
  policies: Policies,
  judge: Judge,
): Promise<string[]> {
  const found = await Promise.all(
    suites.map(async ({ holder, stage, needs }) => {
      const { Version: version } = policies[holder];
      const both = [stage, besides(stage)].flatMap((each) => narrowedTo(policies[holder], each).Statement);
      const asked = needs
        .filter(({ action }) => !action.startsWith('s3:'))
        .map((need) => ({ policy: 'both', need: withTags(need, stage) }));
      const verdicts = await judge(asked, { both: { Version: version, Statement: both } });
      return asked
        .filter((_, index) => verdicts[index]?.allowed === true && !verdicts[index].hasNoResources)
        .map(({ need: { action, resource } }) => `the ${holder} of two stages may ${action} ${resource}`);
    }),
  );
  return [...new Set(found.flat())];
}

/**
 * What whoever deploys one stage may make under names of a stage that is called alike, as docs/deploy.md says. What is
 * still to be made has no tags; and a policy with all names in full has 7,167 characters for `dev`, where IAM takes 6,144.
 */
const madeAlike: ReadonlySet<string> = new Set([
  'cloudwatch:PutDashboard',
  'cloudwatch:PutMetricAlarm',
  'dynamodb:CreateTable',
  'iam:CreatePolicy',
  'iam:CreateRole',
  'lambda:CreateFunction',
  'logs:CreateLogGroup',
  'sns:CreateTopic',
  'sqs:CreateQueue',
]);

const creation = /:(Create(?!PolicyVersion)\w+|Put(Dashboard|MetricAlarm|Parameter))$/;

/** Where what may be made under another stage's names differs from what is known, either way. */
export async function madeAlikeProblems(
  suites: readonly Suite[],
  policies: Policies,
  judge: Judge,
): Promise<string[]> {
  const found = await Promise.all(
    suites.map(async ({ holder, stage, needs }) => {
      const asked = needs
        .filter(({ action }) => creation.test(action))
        .map((need) => ({ policy: 'one', here: need.resource, need: renamed(need, stage, besides(stage)) }))
        .filter(({ here, need: { resource } }) => here !== resource);
      const verdicts = await judge(asked, { one: narrowedTo(policies[holder], stage) });
      return asked
        .filter((_, index) => verdicts[index]?.allowed === true && !verdicts[index].hasNoResources)
        .map(({ need: { action } }) => action);
    }),
  );
  const actions = new Set(found.flat());
  return [
    ...[...actions]
      .filter((each) => !madeAlike.has(each))
      .map((each) => `under names of another stage one may ${each}`),
    ...[...madeAlike]
      .filter((each) => !actions.has(each))
      .map((each) => `nobody may ${each} under names of another stage`),
  ];
}
