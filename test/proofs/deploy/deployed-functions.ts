import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createLambdaFunction, type LambdaFunction } from '../../../local/aws/lambda/lambda-function.ts';
import { zipEntries } from '../../support/zip-entries.ts';
import { type DeployedFunction, functionSchema } from './answers.ts';
import type { Deployment } from './deployment.ts';
import type { ExpectedStack } from './expected-stack.ts';

export interface FunctionPlace {
  readonly bucket: string;
  /** The zip of each function by its logical id. */
  readonly keys: ReadonlyMap<string, string>;
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
  const { aws, report, region, accountId } = deployment;
  const started = new Map<string, LambdaFunction>();
  for (const described of expected.functions) {
    const deployed = functionSchema.parse(
      await aws(['lambda', 'get-function-configuration', '--function-name', described.name]),
    );
    const { logicalId } = described;
    report.equal(
      `${logicalId} has its handler, runtime, timeout and memory`,
      [deployed.Handler, deployed.Runtime, deployed.Timeout, deployed.MemorySize],
      [described.handler, described.runtime, described.timeoutSeconds, described.memoryMb],
    );
    const codeDirectory = await unpackDeployed(deployment, { logicalId, deployed, place });
    const environment = completeEnvironment(deployment, { logicalId, deployed, expected, place });
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

async function unpackDeployed(
  { aws, report, folder }: Deployment,
  { logicalId, deployed, place }: One,
): Promise<string> {
  const key = place.keys.get(logicalId) ?? '';
  const file = join(folder, `${logicalId}.zip`);
  await aws(['s3api', 'get-object', '--bucket', place.bucket, '--key', key, file]);
  const zip = await readFile(file);
  report.equal(
    `the zip of ${logicalId} in the deployment bucket is the function's code`,
    createHash('sha256').update(zip).digest('base64'),
    deployed.CodeSha256,
  );
  const codeDirectory = join(folder, logicalId);
  for (const [name, content] of zipEntries(zip)) {
    await mkdir(dirname(join(codeDirectory, name)), { recursive: true });
    await writeFile(join(codeDirectory, name), content);
  }
  return codeDirectory;
}

/** The environment that the function was deployed with, made to reach nothing but this machine. */
function completeEnvironment(
  { report, endpoint, region }: Deployment,
  { logicalId, deployed, expected, place }: One & { readonly expected: ExpectedStack },
): Record<string, string> {
  const awsQueues = `https://sqs.${region}.amazonaws.com`;
  const variables = { ...deployed.Environment.Variables };
  const wanted = expected.functions.find((each) => each.logicalId === logicalId)?.environment ?? {};
  report.equal(`${logicalId} has the variables of the template`, variables, wanted);

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
