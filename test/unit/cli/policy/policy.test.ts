import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { policy } from '../../../../cli/policy/policy.ts';
import { holders, narrowedTo, type Policy, policyFor } from '../../../../cli/policy/stage-policy.ts';
import { startRelay } from '../../../support/relay-command.ts';

/** What IAM takes for one managed policy, in characters without blanks. */
const longestPolicy = 6144;
const longestStage = 'abcdefghijklmnopqrstuvwxyz-01234';

const root = fileURLToPath(new URL('../../../../', import.meta.url));
const relay = (...words: readonly string[]) => startRelay({}, { root }, 'policy', ...words).ended;

function resourcesOf({ Statement: statements }: Policy): string[] {
  return statements.flatMap(({ Resource: resources, Condition: condition = {} }) => [
    ...[resources].flat(),
    ...Object.values(condition).flatMap((values) => Object.values(values).flat()),
  ]);
}

/** What a statement of a policy is about. */
function aboutIn(found: Policy, sid: string): unknown {
  return found.Statement.find((each) => each.Sid === sid)?.Resource;
}

describe.each(holders)('relay policy %s', (holder) => {
  it('prints the policy of the file, or with a stage that of the stage, as JSON with and without --json', async () => {
    const all = await relay(holder);
    const json = await relay(holder, '--json');
    const one = await relay(holder, '--stage', 'dev', '--json');

    expect([all.exitCode, json.exitCode, one.exitCode]).toEqual([0, 0, 0]);
    expect(policy.result.parse(JSON.parse(all.stdout))).toEqual(policyFor(holder));
    expect(JSON.parse(json.stdout)).toEqual(policyFor(holder));
    expect(JSON.parse(one.stdout)).toEqual(narrowedTo(policyFor(holder), 'dev'));
  });

  it('leaves room for more in what IAM takes, and fits whatever the stage is called', () => {
    const all = JSON.stringify(policyFor(holder)).length;
    const longest = JSON.stringify(narrowedTo(policyFor(holder), longestStage)).length;

    expect(all).toBeLessThan(longestPolicy - 500);
    expect(longest).toBeLessThanOrEqual(longestPolicy);
  });

  it('names the stage wherever it names the relay', () => {
    const named = resourcesOf(narrowedTo(policyFor(holder), 'dev')).filter((each) =>
      each.includes('connectly-relay'),
    );

    expect(named.length).toBeGreaterThan(10);
    for (const each of named.filter((name) => name !== 'connectly-relay'))
      expect(each).toMatch(/connectly-relay(-dev($|[-:/])|\/dev\/)/);
  });

  it('refuses what belongs to another stage by its tags, whose names may begin alike', () => {
    const { Statement: statements } = narrowedTo(policyFor(holder), 'dev');

    expect(statements.at(-1)).toEqual({
      Sid: 'NoOtherStage',
      Effect: 'Deny',
      Action: '*',
      Resource: '*',
      Condition: {
        StringEquals: { 'aws:ResourceTag/service': 'connectly-relay' },
        StringNotEquals: { 'aws:ResourceTag/stage': 'dev' },
      },
    });
  });
});

describe('relay policy', () => {
  it.each(['*', 'my_stage', 'a'.repeat(33)])(
    'refuses the stage %s, which would mean more than one',
    async (stage) => {
      const { exitCode, stdout, stderr } = await relay('deployer', '--stage', stage);

      expect([exitCode, stdout]).toEqual([2, '']);
      expect(stderr).toContain('is the name of no stage');
    },
  );

  it.each(['', 'admin'])('refuses whom it does not know: "%s"', async (who) => {
    const { exitCode } = await relay(...(who === '' ? [] : [who]));

    expect(exitCode).toBe(2);
  });
});

describe('The policy of a deployer, for one stage', () => {
  it.each([
    ['Stack', 'arn:aws:cloudformation:*:*:stack/connectly-relay-dev/*'],
    ['Queues', 'arn:aws:sqs:*:*:connectly-relay-dev-*'],
    ['Secrets', 'arn:aws:secretsmanager:*:*:secret:connectly-relay/dev/*'],
    ['Parameters', 'arn:aws:ssm:*:*:parameter/connectly-relay/dev/*'],
    ['DeploymentBucket', 'arn:aws:s3:::connectly-relay-dev-serverlessdeploymentbucket-*'],
    [
      'LogGroups',
      [
        'arn:aws:logs:*:*:log-group:/aws/lambda/connectly-relay-dev-*',
        'arn:aws:logs:*:*:log-group:/aws/vendedlogs/http-api/connectly-relay-dev',
        'arn:aws:logs:*:*:log-group:/aws/vendedlogs/http-api/connectly-relay-dev:*',
      ],
    ],
  ])('is about what is called so: %s', (sid, resources) => {
    expect(aboutIn(narrowedTo(policyFor('deployer'), 'dev'), sid)).toEqual(resources);
  });

  it('goes by what CloudFormation keeps of a long name, and by the small letters of a bucket', () => {
    const short = narrowedTo(policyFor('deployer'), 'Dev');
    const long = narrowedTo(policyFor('deployer'), longestStage);

    expect(aboutIn(short, 'DeploymentBucket')).toBe(
      'arn:aws:s3:::connectly-relay-dev-serverlessdeploymentbucket-*',
    );
    expect(aboutIn(long, 'DeploymentBucket')).toBe('arn:aws:s3:::connectly-relay-abcdefgh*');
    expect(aboutIn(long, 'RolesForLambda')).toBe('arn:aws:iam::*:role/connectly-relay-abcdefgh*');
  });
});
