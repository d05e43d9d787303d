import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { copyProject } from '../../support/project-copy.ts';
import { hasNode24Package, installTool } from '../../support/tools.ts';
import { awsCli } from './aws-cli.ts';
import { bringProdBack } from './bring-back.ts';
import { rescueWithRelay, sendWithRelay } from './cli-send.ts';
import { watchWithRelay } from './cli-watch.ts';
import { runCommand } from './commands.ts';
import { checkSecondDeploy, deployAgain, noteData, refuseToOpen } from './deploy-again.ts';
import { type Deployment, queueUrl, readDeployedTemplate, readStack } from './deployment.ts';
import type { Emulator, StartOptions } from './emulator.ts';
import { type ExpectedStack, expectedStack } from './expected-stack.ts';
import {
  inspectFunctions,
  inspectMappings,
  inspectOutputs,
  inspectParameters,
  inspectQueues,
  inspectRoles,
  inspectTables,
} from './inspect.ts';
import { checkLimits, createStack, probeTemplate } from './limits.ts';
import { disagreements } from './not-created.ts';
import { readCalls, recordingTo } from './recorded-calls.ts';
import { relayCommand } from './relay-command.ts';
import { removeStack } from './remove-stack.ts';
import type { Report } from './report.ts';
import { runDeployed, runLimited } from './run-deployed.ts';
import { fillSecrets } from './secrets.ts';
import { serverlessCommand } from './serverless-command.ts';

/** No emulator's default, so that a region which got lost would be noticed. */
const region = 'eu-west-1';
const accountId = '123456789012';
const stage = 'test';
const stackName = `connectly-relay-${stage}`;
const businessId = 'business-1';

export interface DeployTestOptions {
  readonly emulator: Emulator;
  readonly projectRoot: string;
  readonly report: Report;
  readonly signal: AbortSignal;
  /** Leaves the stack and the emulator up until the signal comes, instead of removing the stack. */
  readonly keep: boolean;
}

/**
 * Deploys to an emulator, looks at what is there, runs the deployed code, deploys again and removes everything. What does
 * not hold is in the report; rejects when it cannot go on. Resolves to what serverless and relay asked AWS for.
 */
export async function runDeployTest(options: DeployTestOptions): Promise<readonly string[]> {
  const { emulator, projectRoot, report, signal, keep } = options;
  const cleanup: (() => Promise<unknown>)[] = [];
  try {
    report.step('Tools that others wrote');
    const install = { projectRoot, signal };
    const commands = await installTool(emulator.tool, install);
    const awsCommands = await installTool('aws-cli', install);
    report.did(`${emulator.name} and the AWS CLI are installed, each in an environment of its own`);
    const nodeBinary = await nodeOfLambda(report, install);

    const copy = await copyProject(projectRoot);
    cleanup.push(() => copy.remove());
    await copy.edit('cli/secrets/rotation.ts', ['timeToLiveMs + 2 * refreshIntervalMs', '10_000']);
    report.substituted('relay lets a webhook secret go after 10 s out of use, not after 6 minutes at least');
    await copy.edit('serverless.yml', ['terminationProtection: true', 'terminationProtection: false']);
    report.substituted('prod has no termination protection, which no emulator knows how to turn on');
    const folder = join(copy.root, '.deploy-test');
    await mkdir(folder);
    const starting = { projectRoot, commands, folder, nodeBinary, region, accountId };
    await tellLimits(options, { starting, awsCommands });
    const server = await emulator.start({ ...starting, plain: false });
    cleanup.push(() => server.close());
    report.did(`the server of ${emulator.name} is at ${server.url}`);

    const endpoint = server.url;
    const calls = join(folder, 'calls.ndjson');
    const recording = recordingTo(calls, projectRoot);
    const deployment: Deployment = {
      report,
      aws: awsCli({ commands: awsCommands, endpoint, region, signal }),
      serverless: serverlessCommand({ project: copy.root, endpoint, recording, signal }),
      endpoint,
      region,
      accountId,
      stackName,
      folder,
      projectRoot,
      relayRoot: copy.root,
      lacks: new Set(emulator.limits.flatMap(({ lacks }) => lacks ?? [])),
      recording,
    };

    report.step(`serverless deploy --stage ${stage}`);
    await deploy(deployment, emulator);
    const expected = await inspectDeployment(deployment, emulator);
    const credentials = await fillSecrets(deployment, expected);

    report.step('The deployed functions, from the zips of the deployment bucket');
    const running = { emulator, expected, credentials, nodeBinary, businessId, stage, signal };
    await runDeployed(deployment, running);

    report.step('The command line, at the deployed stage without anybody who reads its queues');
    const relay = relayCommand(deployment, { stage, signal });
    await watchWithRelay(deployment, relay);
    await sendWithRelay(deployment, relay);
    await rescueWithRelay(deployment, relay);

    report.step('serverless info');
    const info = await deployment.serverless('info', '--stage', stage, '--region', region);
    for (const { name } of expected.functions)
      report.holds(`it lists ${name}`, info.includes(name), info.trim());

    report.step('A second deploy, with other settings');
    const before = await noteData(deployment, expected);
    await deployAgain(
      deployment,
      deployArguments(emulator, 'sendsPerSecond=100', 'logLevel=debug', 'onlyTo=+15550000001'),
    );
    await checkSecondDeploy(deployment, expected, before);

    report.step('A deploy that would open the stage to everybody');
    await refuseToOpen(deployment, deployArguments(emulator));

    report.step('The functions of the second deploy');
    await runLimited(deployment, running);

    if (keep) {
      await waitForTheSignal(endpoint, report, signal);
      return [];
    }
    report.step('serverless remove');
    await removeStack(deployment, stage);
    const asked = await readCalls(calls);

    if (!deployment.lacks.has('kept-data'))
      await bringProdBack({ ...deployment, stackName: 'connectly-relay-prod' }, { awsCommands, signal });
    return asked;
  } finally {
    while (cleanup.length > 0) await cleanup.pop()?.();
  }
}

/** Tells what the emulator does otherwise than AWS, as it is shipped, and whether that is still so. */
async function tellLimits(
  { emulator, report, signal }: DeployTestOptions,
  { starting, awsCommands }: { starting: Omit<StartOptions, 'plain'>; awsCommands: string },
): Promise<void> {
  report.step(`What ${emulator.name} does otherwise than AWS, asked of it as it is shipped`);
  const server = await emulator.start({ ...starting, plain: true });
  try {
    const aws = awsCli({ commands: awsCommands, endpoint: server.url, region, signal });
    await createStack(aws, 'probe', probeTemplate);
    await checkLimits(report, emulator.limits, {
      aws,
      queueUrl: (name) => queueUrl({ endpoint: server.url, accountId }, name),
      zip: async (fileName) => {
        const [file, zip] = [join(starting.folder, fileName), join(starting.folder, `${fileName}.zip`)];
        await writeFile(file, 'exports.handler = async () => 1;\n');
        await runCommand({
          file: join(starting.commands, 'python'),
          arguments: ['-m', 'zipfile', '-c', zip, file],
          environment: { PATH: process.env['PATH'] },
          signal,
        });
        return zip;
      },
    });
  } finally {
    await server.close();
  }
  for (const [type, covered] of Object.entries(emulator.leavesOut))
    report.substituted(`it creates no ${type}: ${covered}`);
}

function deployArguments(emulator: Emulator, ...settings: readonly string[]): string[] {
  // Delivery statuses are gathered for a minute by default: longer than anything here waits.
  const own = [`businessId=${businessId}`, 'settleWindowSeconds=1'];
  const parameters = [...own, ...emulator.settings, ...settings];
  return ['deploy', '--stage', stage, '--region', region, ...parameters.flatMap((each) => ['--param', each])];
}

async function deploy({ serverless, report }: Deployment, emulator: Emulator): Promise<void> {
  const printed = await serverless(...deployArguments(emulator, 'onlyTo=*'));
  report.holds('it ends well and names the stack', printed.includes(stackName), printed);
}

async function nodeOfLambda(
  report: Report,
  install: { readonly projectRoot: string; readonly signal: AbortSignal },
): Promise<string> {
  if (hasNode24Package()) {
    report.did('Node 24, which Lambda runs, is installed');
    return join(await installTool('node-24', install), 'node');
  }
  report.substituted(
    `!!! NOT NODE 24: its npm package is for Linux on x86_64; the functions run on Node ${process.versions.node}`,
  );
  return process.execPath;
}

/** Looks at everything that was created, through the AWS CLI. */
async function inspectDeployment(deployment: Deployment, emulator: Emulator): Promise<ExpectedStack> {
  const { report } = deployment;
  report.step('What was created, seen through the AWS CLI');
  const stack = await readStack(deployment);
  const expected = expectedStack(await readDeployedTemplate(deployment), {
    region,
    accountId,
    stackName,
    physicalIds: stack.physicalIds,
  });
  report.equal('the stack is complete', stack.status, 'UPDATE_COMPLETE');
  const resources = new Map(
    [...expected.types].map(([id, type]) => [id, { type, created: stack.physicalIds.has(id) }]),
  );
  report.equal(
    'everything is there, but for what the list of the emulator leaves out',
    disagreements(emulator.leavesOut, resources),
    [],
  );

  inspectOutputs(report, expected, stack);
  await inspectParameters(deployment, expected, stack);
  await inspectFunctions(deployment, expected);
  await inspectQueues(deployment, expected);
  await inspectTables(deployment, expected);
  await inspectMappings(deployment, expected);
  await inspectRoles(deployment, expected, stack.physicalIds);
  return expected;
}

async function waitForTheSignal(endpoint: string, report: Report, signal: AbortSignal): Promise<void> {
  report.step('Left as it is, because of --keep; Ctrl-C ends it');
  report.did(`aws sqs list-queues --endpoint-url ${endpoint} --region ${region}`);
  while (!signal.aborted) await sleep(60_000, undefined, { signal }).catch(() => {});
}
