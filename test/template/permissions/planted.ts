import type { Holder } from '../../../cli/policy/stage-policy.ts';
import type { Policies } from './judgements.ts';

/** One thing wrong with a policy, as text for text in its file, and what the check must say of it. */
export interface PlantedFault {
  readonly fault: string;
  readonly holder: Holder;
  readonly change: readonly [from: string, to: string];
  readonly noticed: RegExp;
}

/** Beside these, each action of each policy is taken away, which must be missed. */
export const plantedFaults: readonly PlantedFault[] = [
  {
    fault: 'queues of other services',
    holder: 'deployer',
    change: ['arn:aws:sqs:*:*:connectly-relay-*', 'arn:aws:sqs:*:*:*'],
    noticed: /^the deployer may sqs:CreateQueue arn:aws:sqs:.*another-service/,
  },
  {
    fault: 'a slash that is missing',
    holder: 'deployer',
    change: ['secret:connectly-relay/*', 'secret:connectly-relay-*'],
    noticed: /^the deployer may not create WebhookSecret .*: secretsmanager:CreateSecret/,
  },
  {
    fault: 'the values of secrets',
    holder: 'deployer',
    change: ['secretsmanager:DescribeSecret', 'secretsmanager:*Secret*'],
    noticed: /^the deployer may secretsmanager:GetSecretValue/,
  },
  {
    fault: 'a wildcard that nobody has looked at',
    holder: 'operator',
    change: ['sqs:GetQueueAttributes', 'sqs:Get*'],
    noticed: /^the operator has the wildcard sqs:Get\*/,
  },
  {
    fault: 'an action that nobody needs',
    holder: 'operator',
    change: [
      '"lambda:UpdateEventSourceMapping"',
      '["lambda:UpdateEventSourceMapping", "lambda:InvokeFunction"]',
    ],
    noticed: /^nobody misses lambda:InvokeFunction in the policy of the operator/,
  },
  {
    fault: 'one statement of the documented table too few',
    holder: 'operator',
    change: ['"Sid":"Pause"', '"Sid":"Stop"'],
    noticed: /^Watch\* and Pause are not enough for relay pause/,
  },
];

/** The policies with a fault in them. Throws when there is no place for it. */
export function plant({ holder, change: [from, to] }: PlantedFault, policies: Policies): Policies {
  const text = JSON.stringify(policies[holder]);
  if (!text.includes(from)) throw new Error(`The policy of the ${holder} has no ${from}.`);
  return { ...policies, [holder]: JSON.parse(text.replace(from, () => to)) };
}
