import type { StackTemplate } from '../../local/template/stack-template.ts';
import { openStageWarning } from '../../resources/recipients.ts';
import { concurrencyCheck } from '../checks/account-checks.ts';
import { type Check, type CheckResult, failed, ok, runChecks, warning } from '../checks/check.ts';
import { nodeCheck } from '../checks/machine-checks.ts';
import { report, reportSchema } from '../checks/report.ts';
import { defineCommand } from '../command.ts';
import { usageError } from '../errors.ts';
import type { Environment } from '../io.ts';
import { type DeployedPlace, deployedPlace } from '../target/deployed-stack.ts';
import { type Identity, whoAsks } from './identity.ts';
import { nameChecks } from './names.ts';
import { permissionsCheck } from './permissions.ts';
import { cloudFormationRole } from './settings.ts';
import { idsInStack, stackCheck } from './stack.ts';

/** Packaging takes the longest of it. In milliseconds. */
const deadlineMs = 60_000;

/** `relay preflight` */
export const preflight = defineCommand({
  examples: ['preflight --stage dev', 'preflight --stage prod --json'],
  result: reportSchema,
  define: () => {},
  async run({ globals: { stage, region, profile, local }, env, projectRoot, output, signal }) {
    if (stage === undefined || local === true)
      throw usageError('Name the stage that is to be deployed: --stage STAGE');
    const place = await deployedPlace({ stage, region, profile }, env);
    try {
      output.say(`Looking at what a deployment of ${place.name} would meet. Nothing is changed.`);
      report(output, await findings(place, { env, projectRoot, signal }));
    } finally {
      place.aws.close();
    }
  },
});

interface Surroundings {
  readonly env: Environment;
  readonly projectRoot: string;
  readonly signal: AbortSignal;
}

/** Where AWS does not say who asks, nothing else there is asked for; without a template there are no names to look for. */
export async function findings(
  place: DeployedPlace,
  { env, projectRoot, signal }: Surroundings,
): Promise<CheckResult[]> {
  const { aws, stage, region } = place;
  const identity = once(() => whoAsks(aws, signal));
  const template = once(async () => {
    const { packagedTemplate } = await import('../../local/template/package.ts');
    const { parseTemplate } = await import('../../local/template/stack-template.ts');
    return parseTemplate((await packagedTemplate({ projectRoot, stage, region, env })).template);
  });
  const first = await runChecks(
    [nodeCheck(), identityCheck(identity), regionCheck(place, env), packageCheck(place, template)],
    { deadlineMs, signal },
  );
  const failing = new Set(first.filter(({ verdict }) => verdict === 'failed').map(({ check }) => check));
  if (failing.has('identity')) return first;
  const who = await identity();
  const ownIds = once(() => idsInStack(place, signal));
  const names = failing.has('package')
    ? []
    : nameChecks({ place, identity: who, template: await template(), ownIds });
  const role = () => cloudFormationRole(projectRoot, stage);
  const then = await runChecks(
    [
      stackCheck(place),
      ...names,
      concurrencyCheck(aws, region),
      permissionsCheck(place, { identity: who, role }),
    ],
    { deadlineMs, signal },
  );
  return [...first, ...then];
}

function identityCheck(identity: () => Promise<Identity>): Check {
  return {
    name: 'identity',
    remedy: 'aws sts get-caller-identity',
    async run() {
      const { account, arn } = await identity();
      return ok(`Account ${account}, as ${arn}`);
    },
  };
}

/** Warns of a stage that is open by accident, as packaging does. */
export function packageCheck(
  { stage, region }: DeployedPlace,
  template: () => Promise<StackTemplate>,
): Check {
  return {
    name: 'package',
    remedy: `npx serverless package --stage ${stage} --region ${region}`,
    async run() {
      const { Resources: resources, Outputs: outputs } = await template();
      const open = openStageWarning(stage, outputs?.['OnlyTo']?.Value);
      if (open !== undefined) return warning(open.finding, { remedy: open.remedy });
      return ok(`The template has ${Object.keys(resources).length} resources`);
    },
  };
}

/** The AWS CLI 1 and `serverless` read different variables, and neither reads the region of a profile. */
export function regionCheck({ region, stage, given }: DeployedPlace, env: Environment): Check {
  const { AWS_REGION, AWS_DEFAULT_REGION } = env;
  return {
    name: 'region',
    remedy: `export AWS_REGION=${region} AWS_DEFAULT_REGION=${region}`,
    async run() {
      if (given && AWS_REGION !== region)
        return warning(`${region}, as --region says; serverless goes there only when it is told as well.`, {
          remedy: `npx serverless deploy --stage ${stage} --region ${region}`,
        });
      if (!given && !AWS_REGION && !AWS_DEFAULT_REGION)
        return warning(`Nothing names a region: serverless would deploy to ${region}.`);
      if (AWS_REGION && AWS_DEFAULT_REGION && AWS_REGION !== AWS_DEFAULT_REGION)
        return failed(
          `serverless goes to ${AWS_REGION}, as AWS_REGION says, and the AWS CLI 1 to ${AWS_DEFAULT_REGION}, as AWS_DEFAULT_REGION does.`,
        );
      return ok(region);
    },
  };
}

/** Several checks need it, and it is found out once. */
function once<Value>(find: () => Promise<Value>): () => Promise<Value> {
  let finding: Promise<Value> | undefined;
  return () => {
    finding ??= find();
    return finding;
  };
}
