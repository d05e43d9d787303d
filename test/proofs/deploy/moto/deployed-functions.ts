import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createLambdaFunction, type LambdaFunction } from '../../../../local/aws/lambda/lambda-function.ts';
import { zipEntries } from '../../../support/zip-entries.ts';
import { type DeployedFunction, functionSchema } from '../answers.ts';
import { type Deployment, readZip } from '../deployment.ts';
import type { ExpectedStack } from '../expected-stack.ts';

export interface FunctionPlace {
  readonly connectlyUrl: string;
  readonly nodeBinary: string;
  readonly onLine: (functionName: string, line: string) => void;
}

/** The functions as they were deployed, by logical id: the zips of the deployment bucket under the official runtime client. */
export async function startDeployedFunctions(
  deployment: Deployment,
  expected: ExpectedStack,
  place: FunctionPlace,
): Promise<ReadonlyMap<string, LambdaFunction>> {
  const { aws, region, accountId } = deployment;
  const started = new Map<string, LambdaFunction>();
  for (const described of expected.functions) {
    const deployed = functionSchema.parse(
      await aws(['lambda', 'get-function-configuration', '--function-name', described.name]),
    );
    const { logicalId } = described;
    const codeDirectory = await unpackDeployed(deployment, logicalId);
    const environment = completeEnvironment(deployment, { logicalId, deployed, place });
    started.set(
      logicalId,
      createLambdaFunction({
        name: described.name,
        projectRoot: deployment.projectRoot,
        codeDirectory,
        handler: deployed.Handler,
        timeoutSeconds: deployed.Timeout,
        memoryMb: deployed.MemorySize,
        environment,
        region,
        accountId,
        runtime: deployed.Runtime,
        logFormat: described.logFormat === 'JSON' ? 'JSON' : 'Text',
        maximumConcurrency: 2,
        nodeBinary: place.nodeBinary,
        onLog: (log) => {
          if (log.stream !== 'platform') place.onLine(log.functionName, log.line);
        },
      }),
    );
  }
  return started;
}

interface One {
  readonly logicalId: string;
  readonly deployed: DeployedFunction;
  readonly place: FunctionPlace;
}

async function unpackDeployed(deployment: Deployment, logicalId: string): Promise<string> {
  const codeDirectory = join(deployment.folder, logicalId);
  for (const [name, content] of zipEntries(await readZip(deployment, logicalId))) {
    await mkdir(dirname(join(codeDirectory, name)), { recursive: true });
    await writeFile(join(codeDirectory, name), content);
  }
  return codeDirectory;
}

/** The environment that the function was deployed with, made to reach nothing but this machine. */
function completeEnvironment(
  { report, endpoint, region }: Deployment,
  { logicalId, deployed, place }: One,
): Record<string, string> {
  const awsQueues = `https://sqs.${region}.amazonaws.com`;
  const variables = { ...deployed.Environment.Variables };

  const rewritten = Object.entries(variables).filter(([, value]) => value.startsWith(awsQueues));
  for (const [name, value] of rewritten) variables[name] = value.replace(awsQueues, endpoint);
  if (rewritten.length > 0)
    report.substituted(
      `${rewritten.map(([name]) => name).join(', ')} of ${logicalId}: moto's address in the place of ${awsQueues}`,
    );
  if (variables['CONNECTLY_BASE_URL'] !== undefined) {
    report.substituted(
      `CONNECTLY_BASE_URL of ${logicalId}: the fake Connectly in the place of ${variables['CONNECTLY_BASE_URL']}`,
    );
    variables['CONNECTLY_BASE_URL'] = place.connectlyUrl;
  }
  report.substituted(`AWS_ENDPOINT_URL of ${logicalId}: moto's address, for every call to AWS`);
  return { ...variables, AWS_ENDPOINT_URL: endpoint };
}
