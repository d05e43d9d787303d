import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import type { Holder } from '../../../cli/policy/stage-policy.ts';
import type { Template } from '../template.ts';
import { accountId, mappingArn, recordedFile, region } from './aws-calls.ts';
import { type Handlers, type Need, templateNeeds } from './template-needs.ts';
import { type TypedCommand, typedNeeds } from './typed-commands.ts';

/** Everything that the holder of a policy does at one stage. */
export interface Suite {
  readonly holder: Holder;
  readonly stage: string;
  readonly needs: readonly Need[];
}

/** The stage that the deploy test deploys. */
const recordedStage = 'test';

/** What the deploy test does not get to see, with the reason. */
const notRecorded: readonly Need[] = [
  // Its events queue is so full of others' events that the search for the test event ends before it.
  needAt(
    'relay webhook test',
    `sqs:DeleteMessage arn:aws:sqs:${region}:${accountId}:connectly-relay-test-events`,
  ),
  // No send is of unknown outcome there, which a person's redrive takes back in the ledger.
  needAt(
    'relay dlq redrive',
    `dynamodb:PutItem arn:aws:dynamodb:${region}:${accountId}:table/connectly-relay-test-ledger`,
  ),
];

/** What is asked for and may be refused, with the reason. */
export const mayBeRefused: ReadonlySet<string> = new Set([
  // osls looks for a container registry when it removes a stack, and goes on without (docs/deploy.md).
  'serverless remove ecr:DescribeRepositories',
  // It says that it was not let, and goes on.
  'relay preflight iam:SimulatePrincipalPolicy',
]);

export interface SuiteSources {
  readonly projectRoot: string;
  /** By the stages that they are packaged for. */
  readonly templates: ReadonlyMap<string, Template>;
  readonly handlers: ReadonlyMap<string, Handlers>;
  readonly typed: readonly TypedCommand[];
}

/** What everybody does, and the permissions that schemas list and nobody needs. */
export async function suitesOf({ projectRoot, templates, handlers, typed }: SuiteSources) {
  const recorded = await recordedNeeds(projectRoot);
  const ofTemplates = Array.from(templates, ([stage, template]) => {
    const found = templateNeeds(template, { stack: `connectly-relay-${stage}`, handlers });
    return { stage, ...found };
  });
  const suites: readonly Suite[] = [
    ...ofTemplates.map(({ stage, needs }): Suite => ({ holder: 'deployer', stage, needs })),
    {
      holder: 'deployer',
      stage: recordedStage,
      needs: [
        ...recorded.filter(({ what }) => isOfDeployer(what)),
        ...typedNeeds(typed, 'deployer', recordedStage),
      ],
    },
    {
      holder: 'operator',
      stage: recordedStage,
      needs: [
        ...recorded.filter(({ what }) => !isOfDeployer(what)),
        ...notRecorded,
        ...typedNeeds(typed, 'operator', recordedStage),
      ],
    },
  ];
  return { suites, excepted: ofTemplates.flatMap(({ excepted }) => excepted) };
}

/** Every other command of `relay` is an operator's. */
function isOfDeployer(what: string): boolean {
  return what.startsWith('serverless ') || what === 'relay preflight';
}

const recordedSchema = z.record(z.string(), z.array(z.string()));

async function recordedNeeds(projectRoot: string): Promise<Need[]> {
  const text = await readFile(join(projectRoot, recordedFile), 'utf8');
  return Object.entries(recordedSchema.parse(JSON.parse(text)))
    .flatMap(([command, permissions]) => permissions.map((permission) => needAt(command, permission)))
    .filter(({ what, action }) => !mayBeRefused.has(`${what} ${action}`));
}

/** A need as the recording has it: `action resource`. */
function needAt(what: string, permission: string): Need {
  const [action = '', resource = ''] = permission.split(' ');
  const lambda = `arn:aws:lambda:${region}:${accountId}:function:connectly-relay-${recordedStage}-send-message`;
  return {
    what,
    action,
    resource,
    context: resource === mappingArn ? { 'lambda:FunctionArn': lambda } : {},
  };
}

/** The same at another stage, or of another service too: what is called so there. */
export function renamed(
  { resource, context, ...need }: Need,
  from: string,
  to: string,
  service = 'connectly-relay',
): Need {
  const there = (text: string) =>
    text
      .replaceAll(`connectly-relay-${from}`, `${service}-${to}`)
      .replaceAll(`connectly-relay/${from}`, `${service}/${to}`);
  return {
    ...need,
    resource: there(resource),
    context: Object.fromEntries(Object.entries(context).map(([key, value]) => [key, there(value)])),
  };
}
