import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { CommandError, configurationError, exitCodes, usageError } from '../errors.ts';
import type { Environment } from '../io.ts';
import { createNetwork } from '../network/network.ts';
import { present } from '../present.ts';
import { quoted } from '../terminal/typed.ts';
import { createAwsClients } from './aws-clients.ts';
import { expectStageName } from './stage-name.ts';
import { createTarget, stackNameOf, type Target } from './target.ts';

export interface DeployedStage {
  readonly stage: string;
  readonly region: string | undefined;
  readonly profile: string | undefined;
}

/** Where a stage is, or is going to be. */
export interface DeployedPlace
  extends Pick<Target, 'name' | 'options' | 'stage' | 'region' | 'aws' | 'network'> {
  /** Whether --region has said where. */
  readonly given: boolean;
}

/** Rejects with `usage` and the like where what was typed or set names no place. */
export async function deployedPlace(deployed: DeployedStage, env: Environment): Promise<DeployedPlace> {
  const { stage, profile } = deployed;
  // As serverless.yml finds it, so that both act on the same stack.
  const { AWS_REGION, AWS_DEFAULT_REGION, AWS_ENDPOINT_URL } = env;
  const region = deployed.region ?? (AWS_REGION || AWS_DEFAULT_REGION || 'us-east-1');
  expectStageName(stage);
  if (!/^[a-z]{2}(-[a-z]+)+-\d{1,2}$/.test(region)) {
    throw usageError(`"${region}" is no AWS region; one is like eu-west-1. Correct --region, or AWS_REGION.`);
  }
  if (AWS_ENDPOINT_URL && !URL.canParse(AWS_ENDPOINT_URL)) {
    throw configurationError(
      'endpoint-invalid',
      'AWS_ENDPOINT_URL is no address; one is like http://127.0.0.1:4566. Correct it, or leave it out for AWS itself.',
    );
  }
  if (profile !== undefined) await expectProfile(profile, env);
  const network = createNetwork(env);
  return {
    name: `stage ${stage} in ${region}`,
    options: `--stage ${stage} --region ${region}${profile === undefined ? '' : ` --profile ${quoted(profile)}`}`,
    stage,
    region,
    given: deployed.region !== undefined,
    aws: createAwsClients(present({ region, env, profile, network })),
    network,
  };
}

/** A stage that `serverless deploy` has made. Its outputs come from CloudFormation. */
export async function deployedTarget(
  deployed: DeployedStage,
  { env, signal }: { readonly env: Environment; readonly signal: AbortSignal },
): Promise<Target> {
  const { given: _, ...place } = await deployedPlace(deployed, env);
  try {
    return createTarget({ kind: 'deployed', ...place, outputs: await readOutputs(place, signal) });
  } catch (error) {
    place.aws.close();
    throw error;
  }
}

async function readOutputs(
  { aws, stage, region }: Pick<DeployedPlace, 'aws' | 'stage' | 'region'>,
  signal: AbortSignal,
): Promise<Record<string, string>> {
  const stackName = stackNameOf(stage);
  const client = await aws.cloudFormation();
  try {
    const command = new DescribeStacksCommand({ StackName: stackName });
    const { Stacks = [] } = await client.send(command, { abortSignal: signal });
    const outputs = Stacks[0]?.Outputs ?? [];
    return Object.fromEntries(
      outputs.map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue]),
    );
  } catch (error) {
    if (!isNoSuchStack(error)) throw error;
    throw configurationError(
      'no-such-stack',
      `There is no stack ${stackName} in ${region}. If it is in another region or account, add --region or --profile. To deploy it: npx serverless deploy --stage ${stage} --region ${region}`,
      { cause: error },
    );
  }
}

/** CloudFormation has no error of its own for it. */
export function isNoSuchStack(error: unknown): boolean {
  return error instanceof Error && error.name === 'ValidationError' && /does not exist/.test(error.message);
}

/** Rejects with `no-such-profile` when AWS's files have none of this name: the SDK would say that nothing signs in. */
async function expectProfile(name: string, env: Environment): Promise<void> {
  const { AWS_CONFIG_FILE, AWS_SHARED_CREDENTIALS_FILE, HOME } = env;
  const folder = join(HOME || homedir(), '.aws');
  const known = [
    ...(await profilesIn(AWS_CONFIG_FILE || join(folder, 'config'))),
    ...(await profilesIn(AWS_SHARED_CREDENTIALS_FILE || join(folder, 'credentials'))),
  ];
  if (known.includes(name)) return;
  const others = known.length === 0 ? 'There is none at all' : `There are ${[...new Set(known)].join(', ')}`;
  throw new CommandError(
    exitCodes.credentials,
    'no-such-profile',
    `There is no AWS profile "${name}". ${others}. To make it: aws configure --profile ${quoted(name)}`,
  );
}

/** The names of the sections; none of a file that cannot be read. */
async function profilesIn(file: string): Promise<string[]> {
  const text = await readFile(file, 'utf8').catch(() => '');
  const sections = text.matchAll(/^[ \t]*\[[ \t]*(?:profile[ \t]+)?["']?([^\]"']+?)["']?[ \t]*\]/gm);
  return [...sections].map(([, name = '']) => name).filter((name) => !/^(sso-session|services)\s/.test(name));
}
