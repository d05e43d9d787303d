import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { actionsFor, neededByCommands, neededByType } from './deployer-needs.ts';
import { deployerPolicyProblems } from './deployer-policy.ts';
import { prodTemplate } from './prod-template.ts';
import type { Template } from './template.ts';

let template: Template;
let text: string;

beforeAll(async () => {
  template = await prodTemplate();
  text = await readFile(new URL('../../resources/deployer-policy.json', import.meta.url), 'utf8');
}, 120_000);

describe("The deployer's policy", () => {
  it('allows what the types in the template of prod need, and nothing else', () => {
    const problems = deployerPolicyProblems(JSON.parse(text), template);

    expect(problems).toEqual([]);
  });

  it('knows no type that the template does not have, but that of the alarm e-mail', () => {
    const types = new Set(Object.values(template.Resources).map(({ Type: type }) => type));

    const unused = Object.keys(neededByType).filter((type) => !types.has(type));

    expect(unused).toEqual(['AWS::SNS::Subscription']);
  });

  it.each([...new Set([...neededByCommands, ...Object.values(neededByType).flatMap(actionsFor)])])(
    'is missed when %s is taken out',
    (action) => {
      const without = text.replace(`"${action}"`, '"sqs:SendMessage"');

      const problems = deployerPolicyProblems(JSON.parse(without), template);

      expect(problems).toContain(`${action} is missing`);
    },
  );

  it.each([
    ['a misspelt action', '"sqs:TagQueue"', '"sqs:TagQueu"', 'AWS knows no sqs:TagQueu'],
    [
      'an action that stands twice',
      '"sqs:TagQueue"',
      '"sqs:TagQueue", "sqs:TagQueue"',
      'sqs:TagQueue stands twice',
    ],
    [
      'an action that nothing needs',
      '"sqs:TagQueue"',
      '"sqs:TagQueue", "sqs:PurgeQueue"',
      'nothing needs sqs:PurgeQueue',
    ],
    ['a wildcard', '"sqs:TagQueue"', '"sqs:*"', 'nothing needs sqs:*'],
    [
      'queues of others',
      'arn:aws:sqs:*:*:connectly-relay-*',
      'arn:aws:sqs:*:*:*',
      'sqs:CreateQueue and others may touch arn:aws:sqs:*:*:*',
    ],
    [
      'everything',
      '"arn:aws:iam::*:policy/connectly-relay-*"',
      '"*"',
      'iam:CreatePolicy and others may touch *',
    ],
    [
      'another name',
      'parameter/connectly-relay/*',
      'parameter/connectly-relay-*',
      'SendsQueueUrlParameter is outside of what the policy is about',
    ],
  ])('is refused for %s', (_, from, to, problem) => {
    const changed = text.replace(from, () => to);

    const problems = deployerPolicyProblems(JSON.parse(changed), template);

    expect(problems).toContain(problem);
  });

  it('is refused when IAM would not take it for its length', () => {
    const long = { ...JSON.parse(text), Id: 'x'.repeat(2000) };

    const problems = deployerPolicyProblems(long, template);

    expect(problems).toEqual(['it is longer than IAM takes']);
  });

  it('is refused for a template with a type that it does not know', () => {
    const { Resources: resources } = template;
    const more = {
      ...template,
      Resources: { ...resources, Bus: { Type: 'AWS::Events::EventBus', Properties: {} } },
    };

    const problems = deployerPolicyProblems(JSON.parse(text), more);

    expect(problems).toEqual(['nobody has said what AWS::Events::EventBus needs']);
  });
});
