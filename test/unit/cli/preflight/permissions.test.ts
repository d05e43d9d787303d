import { describe, expect, it } from 'vitest';
import { concurrencyCheck } from '../../../../cli/checks/account-checks.ts';
import { type Check, runChecks } from '../../../../cli/checks/check.ts';
import { policyFor } from '../../../../cli/policy/stage-policy.ts';
import { whoAsks } from '../../../../cli/preflight/identity.ts';
import { permissionsCheck, questionsOf } from '../../../../cli/preflight/permissions.ts';
import { AwsError } from '../../../../local/aws/protocols/service.ts';
import { type AccountFacts, accountUnderCheck } from './account-under-check.ts';

const { signal } = new AbortController();

async function resultOf(check: Check) {
  const [result] = await runChecks([check], { deadlineMs: 60_000, signal });
  return result;
}

async function asked(different: Partial<AccountFacts> = {}, role?: string) {
  const { place, simulated } = await accountUnderCheck(different);
  const result = await resultOf(
    permissionsCheck(place, { identity: await whoAsks(place.aws, signal), role: async () => role }),
  );
  return { result, simulated };
}

const denied = async (): Promise<never> => {
  throw new AwsError('AccessDenied', 'You are not authorized to perform this.', { status: 403 });
};

describe('The permissions', () => {
  it('are asked for by whole names, about what this stage will have', async () => {
    const { result, simulated } = await asked();

    expect(result).toMatchObject({
      verdict: 'ok',
      finding: expect.stringMatching(/^\d+ actions .*user\/relay$/),
    });
    const queues = simulated.find((form) => Object.values(form).includes('sqs:CreateQueue'));
    expect(queues).toMatchObject({
      PolicySourceArn: 'arn:aws:iam::123456789012:user/relay',
      'ResourceArns.member.1': 'arn:aws:sqs:eu-west-1:123456789012:connectly-relay-dev-x',
    });
    expect(
      simulated.flatMap((form) => Object.values(form)).filter((value) => String(value).includes('*')),
    ).toEqual(['*']);
  });

  it('that are missing are named, the first five of them', async () => {
    const { result } = await asked({ allows: (action) => !action.startsWith('sqs:') });

    expect(result).toMatchObject({
      verdict: 'failed',
      finding:
        'Not allowed to arn:aws:iam::123456789012:user/relay: sqs:CreateQueue, sqs:DeleteQueue, sqs:ListQueueTags, sqs:SetQueueAttributes, sqs:TagQueue and 1 more.',
      remedy: 'npx relay policy deployer --stage dev',
    });
  });

  it('of a session are those of its role', async () => {
    const { simulated } = await asked({
      arn: 'arn:aws:sts::123456789012:assumed-role/Deployer/me@example.com',
    });

    expect(new Set(simulated.map((form) => form['PolicySourceArn']))).toEqual(
      new Set(['arn:aws:iam::123456789012:role/Deployer']),
    );
  });

  it('are those of the role that CloudFormation acts as, where it has one', async () => {
    const role = 'arn:aws:iam::123456789012:role/platform/cloudformation';

    const { simulated } = await asked({}, role);

    expect(new Set(simulated.map((form) => form['PolicySourceArn']))).toEqual(new Set([role]));
  });

  it.each([
    ['of the root user are all', { arn: 'arn:aws:iam::123456789012:root' }, 'ok', /may do everything/],
    [
      'of somebody federated are not known',
      { arn: 'arn:aws:sts::123456789012:federated-user/me' },
      'warning',
      /^Not known: .* is neither a user nor a role/,
    ],
    [
      'are not known where IAM does not let one ask',
      { operations: { SimulatePrincipalPolicy: denied } },
      'warning',
      /^Not known: IAM does not let you ask \(iam:SimulatePrincipalPolicy\)/,
    ],
    [
      'are not known of a role in a path',
      {
        operations: {
          SimulatePrincipalPolicy: async () => {
            throw new AwsError('NoSuchEntity', 'There is none.');
          },
        },
      },
      'warning',
      /^Not known: IAM does not find/,
    ],
  ] as const)('%s', async (_, different, verdict, finding) => {
    const { result } = await asked(different);

    expect(result).toMatchObject({ verdict, finding: expect.stringMatching(finding) });
  });
});

it('What IAM is asked has the conditions of the policy', () => {
  const place = { account: '123456789012', partition: 'aws', region: 'eu-west-1' };

  const questions = questionsOf(policyFor('deployer').Statement, place);

  expect(questions.flatMap(({ ContextEntries: entries }) => entries)).toContainEqual({
    ContextKeyName: 'iam:PassedToService',
    ContextKeyType: 'string',
    ContextKeyValues: ['lambda.amazonaws.com'],
  });
});

describe('How many functions may run at once', () => {
  it.each([
    [10, 'warning', /^10 functions may run at once .* At least 20 are wanted/],
    [19, 'warning', /^19 /],
    [20, 'ok', /^20 functions may run at once in this account$/],
  ])('is %i: %s', async (concurrency, verdict, finding) => {
    const { place } = await accountUnderCheck({ concurrency });

    const result = await resultOf(concurrencyCheck(place.aws, place.region));

    expect(result).toMatchObject({ verdict, finding: expect.stringMatching(finding) });
  });

  it('is not known to whoever may not ask', async () => {
    const { place } = await accountUnderCheck({ operations: { GetAccountSettings: denied } });

    const result = await resultOf(concurrencyCheck(place.aws, place.region));

    expect(result).toMatchObject({
      verdict: 'warning',
      finding: expect.stringMatching(/^Not known: AWS refuses/),
    });
  });
});
