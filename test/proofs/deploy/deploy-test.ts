import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { copyProject } from '../../support/project-copy.ts';
import { hasNode24Package, installTool } from '../../support/tools.ts';
import { awsCli } from './aws-cli.ts';
import { rescueWithRelay, sendWithRelay } from './cli-send.ts';
import { watchWithRelay } from './cli-watch.ts';
import { checkSecondDeploy, deployAgain, noteData, refuseToOpen } from './deploy-again.ts';
import { type Deployment, readDeployedTemplate, readStack } from './deployment.ts';
import { type ExpectedStack, expectedStack } from './expected-stack.ts';
import {
  inspectMappings,
  inspectOutputs,
  inspectParameters,
  inspectQueues,
  inspectRoles,
  inspectTables,
} from './inspect.ts';
import { startMoto } from './moto.ts';
import { coveredElsewhere, disagreements } from './not-created.ts';
import { checkRecordedCalls, recordingTo } from './recorded-calls.ts';
import { relayCommand } from './relay-command.ts';
import { removeStack } from './remove-stack.ts';
import type { Report } from './report.ts';
import { runDeployed } from './run-deployed.ts';
import { fillSecrets } from './secrets.ts';
import { serverlessCommand } from './serverless-command.ts';

/** Not moto's default, so that a region which got lost would be noticed. */
const region = 'eu-west-1';
/** The account that moto says it is. */
const accountId = '123456789012';
const stage = 'test';
const stackName = `connectly-relay-${stage}`;
const businessId = 'business-1';

export interface DeployTestOptions {
  readonly projectRoot: string;
  readonly report: Report;
  readonly signal: AbortSignal;
  /** Leaves the stack and moto up until the signal comes, instead of removing the stack. */
  readonly keep: boolean;
  /** Writes the list of what was asked for anew, instead of holding it against what was asked for. */
  readonly record: boolean;
}

/**
 * Deploys to moto, looks at what is there, runs the deployed code, deploys again and removes everything. What does not
 * hold is in the report; rejects when it cannot go on.
 */
export async function runDeployTest(options: DeployTestOptions): Promise<void> {
  const { projectRoot, report, signal, keep } = options;
  const cleanup: (() => Promise<unknown>)[] = [];
  try {
    report.step('Tools that others wrote');
    const install = { projectRoot, signal };
    const [moto, aws] = [await installTool('moto', install), await installTool('aws-cli', install)];
    report.did('moto and the AWS CLI are installed, each in an environment of its own');
    const nodeBinary = await nodeOfLambda(report, install);

    const copy = await copyProject(projectRoot);
    cleanup.push(() => copy.remove());
    await copy.edit('cli/secrets/rotation.ts', ['timeToLiveMs + 2 * refreshIntervalMs', '10_000']);
    report.substituted('relay lets a webhook secret go after 10 s out of use, not after 6 minutes at least');
    const folder = join(copy.root, '.deploy-test');
    await mkdir(folder);
    const server = await startMoto({ projectRoot, commands: moto, logFile: join(folder, 'moto.log') });
    cleanup.push(() => server.close());
    report.did(`moto's server is at ${server.url}`);
    report.substituted("moto's template validation is off: it refuses warnings that the packager causes");
    report.substituted("moto reads a stack's outputs again after a change set, which it forgets to do");
    report.substituted("moto's CloudFormation is taught to make secrets, with moto's own Secrets Manager");
    report.substituted(
      "moto's filters of log lines are taught to compare JSON fields, which it lets through",
    );
    report.substituted('moto is taught to read the version of a secret that AWSCURRENT has been moved to');
    report.substituted('moto keeps the inline policies of a template as JSON, not as Python writes them');

    const endpoint = server.url;
    const calls = join(folder, 'calls.ndjson');
    const recording = recordingTo(calls, projectRoot);
    const deployment: Deployment = {
      report,
      aws: awsCli({ commands: aws, endpoint, region, signal }),
      serverless: serverlessCommand({ project: copy.root, endpoint, recording, signal }),
      endpoint,
      region,
      accountId,
      stackName,
      folder,
      projectRoot,
      relayRoot: copy.root,
      recording,
    };

    report.step(`serverless deploy --stage ${stage}`);
    await deploy(deployment);
    const expected = await inspectDeployment(deployment);
    const credentials = await fillSecrets(deployment, expected);

    report.step('The deployed functions, from the zips of the deployment bucket');
    await runDeployed(deployment, { expected, credentials, nodeBinary, businessId, stage, signal });

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
      deployArguments('sendsPerSecond=100', 'logLevel=debug', 'onlyTo=+15550000001'),
    );
    await checkSecondDeploy(deployment, expected, before);

    report.step('A deploy that would open the stage to everybody');
    await refuseToOpen(deployment, deployArguments());

    if (keep) {
      await waitForTheSignal(endpoint, report, signal);
      return;
    }
    report.step('serverless remove');
    await removeStack(deployment, stage);

    report.step('What serverless and relay asked AWS for');
    await checkRecordedCalls(report, { calls, projectRoot, anew: options.record });
  } finally {
    while (cleanup.length > 0) await cleanup.pop()?.();
  }
}

function deployArguments(...settings: readonly string[]): string[] {
  const parameters = [`businessId=${businessId}`, 'dashboard=false', ...settings];
  return ['deploy', '--stage', stage, '--region', region, ...parameters.flatMap((each) => ['--param', each])];
}

async function deploy({ serverless, report }: Deployment): Promise<void> {
  report.substituted(
    'the stage has no dashboard, which names alarms, and moto creates none; the tests of the dashboard hold it',
  );
  const printed = await serverless(...deployArguments('onlyTo=*'));
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
async function inspectDeployment(deployment: Deployment): Promise<ExpectedStack> {
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
  const missing = new Set([...resources.values()].filter(({ created }) => !created).map(({ type }) => type));
  for (const type of [...missing].toSorted())
    report.substituted(`moto creates no ${type}; covered by ${coveredElsewhere[type] ?? 'NOTHING'}`);
  report.equal('everything else is there, by the list of what moto leaves out', disagreements(resources), []);

  inspectOutputs(report, expected, stack.outputs);
  await inspectParameters(deployment, expected, stack);
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
