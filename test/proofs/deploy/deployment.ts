import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DeployedMapping } from './answers.ts';
import {
  functionsSchema,
  mappingsSchema,
  stackResourcesSchema,
  stacksSchema,
  templateSchema,
} from './answers.ts';
import type { AwsCli } from './aws-cli.ts';
import type { Ability } from './limits.ts';
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
  /** What its emulator cannot do, and what claims therefore leave out. */
  readonly lacks: ReadonlySet<Ability>;
  /** Has a command of Node write down what it asks AWS for, as variables of its environment. */
  readonly recording: Readonly<Record<string, string>>;
}

/** Where the endpoint has a queue. */
export function queueUrl(
  { endpoint, accountId }: Pick<Deployment, 'endpoint' | 'accountId'>,
  name: string,
): string {
  return `${endpoint}/${accountId}/${name}`;
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

/** Has every queue be read by its function, or by none. */
export async function switchMappings(
  deployment: Deployment,
  to: '--enabled' | '--no-enabled',
): Promise<void> {
  for (const { UUID } of await readMappings(deployment))
    await deployment.aws(['lambda', 'update-event-source-mapping', '--uuid', UUID, to]);
}

/** Takes the zip of a function out of the deployment bucket. */
export async function readZip(deployment: Deployment, logicalId: string): Promise<Buffer> {
  const { aws, folder } = deployment;
  const { physicalIds } = await readStack(deployment);
  const { Resources: resources } = await readDeployedTemplate(deployment);
  const key = String(Object(Object(resources)[logicalId]).Properties.Code.S3Key);
  const file = join(folder, `${logicalId}.zip`);
  const bucket = physicalIds.get('ServerlessDeploymentBucket') ?? '';
  await aws(['s3api', 'get-object', '--bucket', bucket, '--key', key, file]);
  return readFile(file);
}
