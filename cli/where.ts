import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { secretReader } from '../lib/aws/secrets.ts';
import { RelayError } from '../lib/errors.ts';
import { type LocalState, readState } from '../local/state-file.ts';
import { CommandError } from './errors.ts';
import { exitCodes } from './exit-codes.ts';
import type { CommandContext } from './main.ts';

/** Where a command acts: the running local stack, or a deployed stage. */
export interface Target {
  /** For people: "the local stack" or "stage dev in us-east-1". */
  readonly name: string;
  readonly connectlyBaseUrl: URL;
  /** The business when the command line names none. */
  readonly businessId: string | undefined;
  /** The stack's own webhook address, where it is known. */
  readonly webhookUrl: string | undefined;
  /** The value of the API key secret. */
  readApiKey(): Promise<string>;
}

/**
 * Finds out where to act: `--stage` names a deployed stage; otherwise the local stack, when one runs. Rejects when
 * there is neither.
 */
export async function findTarget({ projectRoot, globals }: CommandContext): Promise<Target> {
  const { local, stage, region } = globals();
  if (local && stage !== undefined) {
    throw new CommandError(exitCodes.usage, 'usage', 'Give --local or --stage, not both.');
  }
  if (stage !== undefined) return deployedTarget(stage, region);
  const state = await readState(projectRoot);
  if (state === undefined) {
    const hint = local ? '' : ' Or name a deployed stage: --stage dev';
    throw new CommandError(
      exitCodes.configuration,
      'no-local-stack',
      `No local stack is running. Start one with: npm start.${hint}`,
    );
  }
  return localTarget(state);
}

function localTarget(state: LocalState): Target {
  const client = new SecretsManagerClient({
    endpoint: state.awsUrl,
    region: state.region,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  return {
    name: 'the local stack',
    connectlyBaseUrl: new URL(state.connectlyUrl),
    businessId: state.businessId,
    webhookUrl: state.webhookUrl,
    readApiKey: secretReader(client, state.outputs['ApiKeySecretArn'] ?? ''),
  };
}

function deployedTarget(stage: string, givenRegion: string | undefined): Target {
  // As serverless.yml finds it, so that both act on the same stack.
  const region = givenRegion ?? process.env['AWS_REGION'] ?? process.env['AWS_DEFAULT_REGION'] ?? 'us-east-1';
  const secretId = `connectly-relay/${stage}/api-key`;
  const read = secretReader(new SecretsManagerClient({ region }), secretId);
  return {
    name: `stage ${stage} in ${region}`,
    connectlyBaseUrl: new URL('https://api.connectly.ai'),
    businessId: undefined,
    webhookUrl: undefined,
    async readApiKey() {
      try {
        return await read();
      } catch (error) {
        throw explained(error, { secretId, region });
      }
    },
  };
}

/** Names of the errors by which AWS's client says that it is about who asks. */
const credentialErrors =
  /^(CredentialsProviderError|TokenProviderError|AccessDenied|UnrecognizedClient|InvalidSignature|InvalidClientTokenId|ExpiredToken|SignatureDoesNotMatch|IncompleteSignature)/;

function explained(error: unknown, { secretId, region }: { secretId: string; region: string }): unknown {
  if (!(error instanceof RelayError) || error.code !== 'secret-unavailable') return error;
  const cause = error.cause instanceof Error ? error.cause.name : 'unknown';
  const message = `The secret ${secretId} could not be read in ${region} (${cause}).`;
  return credentialErrors.test(cause)
    ? new CommandError(
        exitCodes.credentials,
        'credentials',
        `${message} Check your AWS credentials and --region.`,
      )
    : new CommandError(
        exitCodes.configuration,
        error.code,
        `${message} Check --stage, --region and the network.`,
      );
}
