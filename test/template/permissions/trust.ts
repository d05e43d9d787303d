import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { accountId } from './aws-calls.ts';
import type { Judge } from './evaluator.ts';

const issuer = 'token.actions.githubusercontent.com';
const provider = `arn:aws:iam::${accountId}:oidc-provider/${issuer}`;

/** What GitHub's token of a job says. */
interface Token {
  readonly aud: string;
  readonly sub: string;
}

/** How GitHub names a repository: with the ids that it has had since July 2026, or as older ones still are. */
const repositories = {
  'repo:acme@1001/relay@2002': ['repo:acme/relay', 'repo:acme@1001/relay@3003', 'repo:fork@4004/relay@5005'],
  'repo:acme/relay': ['repo:acme@1001/relay@2002', 'repo:acme/relay-2', 'repo:fork/relay'],
} as const;

/** Who asks for the role of dev of a repository, and whether the role is theirs. */
function scenes(
  repository: string,
  others: readonly string[],
): { who: string; token: Token; may: boolean }[] {
  const aud = 'sts.amazonaws.com';
  const own = { aud, sub: `${repository}:environment:dev` };
  const subjects = {
    'another environment': `${repository}:environment:prod`,
    'an environment whose name begins alike': `${repository}:environment:dev-2`,
    'a pull request': `${repository}:pull_request`,
    'the main branch without an environment': `${repository}:ref:refs/heads/main`,
    'a branch that is called like it': `${repository}:ref:refs/heads/environment:dev`,
    ...Object.fromEntries(others.map((other) => [other, `${other}:environment:dev`])),
  };
  return [
    { who: 'the job of the environment', token: own, may: true },
    { who: 'a token for another audience', token: { ...own, aud: 'https://github.com/acme' }, may: false },
    ...Object.entries(subjects).map(([who, sub]) => ({ who, token: { aud, sub }, may: false })),
  ];
}

const trustSchema = z.strictObject({
  Version: z.literal('2012-10-17'),
  Statement: z.tuple([
    z.strictObject({
      Sid: z.string(),
      Effect: z.literal('Allow'),
      Principal: z.strictObject({ Federated: z.literal(provider) }),
      Action: z.string(),
      Condition: z.record(z.string(), z.record(z.string(), z.string())),
    }),
  ]),
});

/** Each makes the policy trust too much, which some scene must show. */
const planted: readonly (readonly [fault: string, from: string, to: string])[] = [
  ['every environment', ':environment:STAGE"', ':environment:*"'],
  ['every job', ':environment:STAGE"', ':*"'],
  ['every audience', `"${issuer}:aud": "sts.amazonaws.com",`, ''],
  ['every repository', `"SUBJECT_PREFIX:`, '"repo:*:'],
];

/** What is wrong with whom the role of a stage trusts, when it has been filled in for dev of a repository. */
export async function trustProblems(projectRoot: string, judge: Judge): Promise<string[]> {
  const text = await readFile(join(projectRoot, 'examples/github/trust-policy.json'), 'utf8');
  const problems = await wrongScenes(text, judge);
  const unnoticed: string[] = [];
  for (const [fault, from, to] of planted) {
    if (!text.includes(from)) throw new Error(`The trust policy has no ${from}`);
    const faulty = text.replace(from, to).replace('StringEquals', 'StringLike');
    if ((await wrongScenes(faulty, judge)).length === 0)
      unnoticed.push(`nobody notices ${fault} in the trust policy`);
  }
  return [...problems, ...unnoticed];
}

async function wrongScenes(text: string, judge: Judge): Promise<string[]> {
  const problems = Object.entries(repositories).map(async ([repository, others]) => {
    const filled = text
      .replaceAll('ACCOUNT', accountId)
      .replaceAll('SUBJECT_PREFIX', repository)
      .replaceAll('STAGE', 'dev');
    const asked = scenes(repository, others);
    const verdicts = await judge(
      asked.map(({ token }) => ({
        policy: 'trust',
        need: {
          action: 'sts:AssumeRoleWithWebIdentity',
          resource: `arn:aws:iam::${accountId}:role/relay-deploy-dev`,
          context: { [`${issuer}:aud`]: token.aud, [`${issuer}:sub`]: token.sub },
        },
      })),
      { trust: asIdentityPolicy(filled) },
    );
    return asked
      .filter(({ may }, index) => verdicts[index]?.allowed !== may)
      .map(({ who, may }) => `the role of dev of ${repository} ${may ? 'refuses' : 'trusts'} ${who}`);
  });
  return (await Promise.all(problems)).flat();
}

/**
 * The same conditions on somebody's own policy: the evaluator leaves the keys of identity providers out where it judges
 * whom a role trusts. The schema holds the rest, which is a single principal.
 */
function asIdentityPolicy(text: string): object {
  const { Version: version, Statement: statements } = trustSchema.parse(JSON.parse(text));
  const [{ Principal: _, ...statement }] = statements;
  return { Version: version, Statement: [{ ...statement, Resource: '*' }] };
}
