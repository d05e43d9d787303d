import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { callsIn, operatorCalls } from './operator-calls.ts';
import { operatorPolicyProblems } from './operator-policy.ts';
import { prodTemplate } from './prod-template.ts';
import type { Template } from './template.ts';

let template: Template;
let calls: ReadonlySet<string>;
let text: string;

beforeAll(async () => {
  [template, calls, text] = await Promise.all([
    prodTemplate(),
    operatorCalls(),
    readFile(new URL('../../resources/operator-policy.json', import.meta.url), 'utf8'),
  ]);
}, 120_000);

const problemsOf = (policy: string) => operatorPolicyProblems(JSON.parse(policy), { calls, template });

describe("The operator's policy", () => {
  it('allows what the commands call, where they call it, and nothing else', () => {
    const problems = problemsOf(text);

    expect(problems).toEqual([]);
  });

  it('is missed when any of its actions is taken out', () => {
    const found = [...calls].map((action) => problemsOf(text.replaceAll(`"${action}"`, '"sqs:TagQueue"')));

    expect(found.map((problems, index) => problems.includes(`${[...calls][index]} is missing`))).toEqual(
      found.map(() => true),
    );
    expect(found.length).toBeGreaterThan(15);
  });

  it('is missed when a command calls something new', () => {
    const more = new Set([...calls, ...callsIn("import { PurgeQueueCommand } from '@aws-sdk/client-sqs'")]);

    const problems = operatorPolicyProblems(JSON.parse(text), { calls: more, template });

    expect(problems).toEqual(['sqs:PurgeQueue is missing']);
  });

  it.each([
    ['prod', 'all'],
    ['dev', 'nothing'],
  ])('written for the stage %s alone, as docs/deploy.md says, reaches %s in prod', (stage, reached) => {
    const narrowed = text
      .replaceAll('connectly-relay-*', `connectly-relay-${stage}*`)
      .replaceAll('connectly-relay/*', `connectly-relay/${stage}`);

    const found = problemsOf(narrowed).filter((problem) => problem.includes(' reach'));

    const unreached = problemsOf(text.replaceAll('connectly-relay', 'other')).filter((problem) =>
      problem.includes('does not reach'),
    );
    expect(unreached.length).toBeGreaterThan(20);
    expect(found).toEqual(reached === 'all' ? [] : unreached);
  });

  it.each([
    ['an action that nothing calls', '"sqs:SendMessage"', '"sqs:PurgeQueue"', 'nothing calls sqs:PurgeQueue'],
    ['every action', '"sqs:GetQueueAttributes"', '"sqs:*"', 'nothing calls sqs:*'],
    ['more queues', '-*-sends-dlq', '-*', 'sqs:ReceiveMessage reaches OutcomesQueue'],
    ['another queue', '-*-sends"', '-*-outcomes"', 'sqs:SendMessage does not reach SendsQueue'],
    [
      'queues of others',
      'arn:aws:sqs:*:*:connectly-relay-*"',
      'arn:aws:sqs:*:*:*"',
      'sqs:GetQueueAttributes may touch arn:aws:sqs:*:*:*',
    ],
    [
      'everything',
      '"arn:aws:dynamodb:*:*:table/connectly-relay-*-ledger"',
      '"*"',
      'dynamodb:GetItem and dynamodb:PutItem may touch *',
    ],
    [
      'functions of others',
      'function:connectly-relay-*" } }',
      'function:*" } }',
      'lambda:GetEventSourceMapping may touch arn:aws:lambda:*:*:event-source-mapping:*',
    ],
  ])('is refused for %s', (_, from, to, problem) => {
    const problems = problemsOf(text.replace(from, () => to));

    expect(problems).toContain(problem);
  });
});
