import type { DeployedMapping } from './answers.ts';
import {
  functionsSchema,
  mappingsSchema,
  stackResourcesSchema,
  stacksSchema,
  templateSchema,
} from './answers.ts';
import type { AwsCli } from './aws-cli.ts';
import type { Report } from './report.ts';
import type { Serverless } from './serverless-command.ts';

/** What every step of the run works with. */
export interface Deployment {
  readonly report: Report;
  readonly aws: AwsCli;
  readonly serverless: Serverless;
  /** Where the stack is: not the real AWS. */
  readonly endpoint: string;
  readonly region: string;
  readonly accountId: string;
  readonly stackName: string;
  /** A folder for whatever the run writes; it goes with the run. */
  readonly folder: string;
  readonly projectRoot: string;
  /** The project whose `relay` is typed: a copy, which does not wait as long. */
  readonly relayRoot: string;
  /** Has a command of Node write down what it asks AWS for, as variables of its environment. */
  readonly recording: Readonly<Record<string, string>>;
}

/** The stack's status, its outputs by name, and the physical id of each resource by logical id. */
export async function readStack({ aws, stackName }: Deployment) {
  const {
    Stacks: [{ StackStatus: status, Outputs: outputs }],
  } = stacksSchema.parse(await aws(['cloudformation', 'describe-stacks', '--stack-name', stackName]));
  const { StackResourceSummaries: resources } = stackResourcesSchema.parse(
    await aws(['cloudformation', 'list-stack-resources', '--stack-name', stackName]),
  );
  const ids = resources.map(
    ({ LogicalResourceId: logical = '', PhysicalResourceId: physical = '' }) => [logical, physical] as const,
  );
  return {
    status,
    outputs: new Map(outputs.map(({ OutputKey: name, OutputValue: value }) => [name, value])),
    // A resource that moto left out is an entry without anything in it.
    physicalIds: new Map(ids.filter(([logical]) => logical !== '')),
  };
}

/** The template that the stack was made from, as CloudFormation gives it back. */
export async function readDeployedTemplate({ aws, stackName }: Deployment) {
  const answer = await aws(['cloudformation', 'get-template', '--stack-name', stackName]);
  return templateSchema.parse(answer).TemplateBody;
}

export async function readFunctions({ aws }: Deployment) {
  return functionsSchema.parse(await aws(['lambda', 'list-functions'])).Functions;
}

export async function readMappings({ aws }: Deployment): Promise<readonly DeployedMapping[]> {
  return mappingsSchema.parse(await aws(['lambda', 'list-event-source-mappings'])).EventSourceMappings;
}
