import type { DefaultProviderInit } from '@aws-sdk/credential-provider-node';
import type { Environment } from '../io.ts';
import type { ProxyAgent } from '../network/agent.ts';
import type { Network } from '../network/network.ts';

/** What every AWS client of a command is made with. */
export interface AwsConfiguration {
  readonly region: string;
  /**
   * Of a deployed stage: says the profile, the keys and the addresses, unless they are given. What else the SDK takes from
   * the environment (files, roles, retries), it reads from that of the process, and can read from nowhere else.
   */
  readonly env?: Environment;
  readonly profile?: string;
  /** Only of a deployed stage. */
  readonly network?: Network;
  /** Only of the local stack; otherwise the clients know, or AWS_ENDPOINT_URL says. */
  readonly endpoint?: string;
  readonly credentials?: AwsKeys;
  /** Only of the local stack, whose address is what it is; otherwise the environment and the profile say. */
  readonly useFipsEndpoint?: false;
  readonly useDualstackEndpoint?: false;
}

interface AwsKeys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  readonly accountId?: string;
}

/** Milliseconds for one attempt: a person waits, and whoever has not answered by then will not. */
const patienceMs = 15_000;

const silence = () => {};

/** The AWS clients of a command. */
export type AwsClients = ReturnType<typeof createAwsClients>;

/** Each client is loaded and made when it is first asked for: loading one takes longer than `--help`. */
export function createAwsClients(
  { env = {}, network, ...configuration }: AwsConfiguration,
  requestTimeout: number = patienceMs,
) {
  const made: { destroy(): void }[] = [];
  const shared = { ...signInFrom(env, configuration.profile), ...configuration };
  const handling = {
    connectionTimeout: 3000,
    requestTimeout,
    // Without it, the time is up and the request goes on.
    throwOnRequestTimeout: true,
    // What comes of a request is told once, in our words.
    logger: { trace: silence, debug: silence, info: silence, warn: silence, error: silence },
  };

  async function configFor(service: string) {
    const endpoint = configuration.endpoint ?? endpointFrom(env, service);
    return {
      ...shared,
      ...(endpoint !== undefined && { endpoint }),
      ...(await through(await network?.agent())),
    };
  }

  /** The SDK hands its handler on to the clients that it signs in with, but for SSO's: those are told by themselves. */
  async function through(agent: ProxyAgent | undefined) {
    if (agent === undefined) return { requestHandler: handling };
    // The agent gives up by itself, and says why.
    const requestHandler = { ...handling, connectionTimeout: 10_000, httpAgent: agent, httpsAgent: agent };
    const { defaultProvider } = await import('@aws-sdk/credential-provider-node');
    const credentialDefaultProvider = (init: DefaultProviderInit) => {
      const signIn = defaultProvider({ ...init, clientConfig: { requestHandler } });
      return (...how: Parameters<typeof signIn>) =>
        signIn(...how).catch((error: unknown) => {
          throw agent.fault ?? error;
        });
    };
    return { requestHandler, credentialDefaultProvider };
  }

  function once<Client extends { destroy(): void }>(make: () => Promise<Client>): () => Promise<Client> {
    let making: Promise<Client> | undefined;
    return () => {
      making ??= make().then((client) => {
        made.push(client);
        return client;
      });
      return making;
    };
  }

  return {
    cloudFormation: once(async () => {
      const { CloudFormationClient } = await import('@aws-sdk/client-cloudformation');
      return new CloudFormationClient(await configFor('CLOUDFORMATION'));
    }),
    cloudWatch: once(async () => {
      const { CloudWatchClient } = await import('@aws-sdk/client-cloudwatch');
      return new CloudWatchClient(await configFor('CLOUDWATCH'));
    }),
    dynamoDb: once(async () => {
      const { DynamoDBClient } = await import('@aws-sdk/client-dynamodb');
      return new DynamoDBClient(await configFor('DYNAMODB'));
    }),
    iam: once(async () => {
      const { IAMClient } = await import('@aws-sdk/client-iam');
      return new IAMClient(await configFor('IAM'));
    }),
    lambda: once(async () => {
      const { LambdaClient } = await import('@aws-sdk/client-lambda');
      return new LambdaClient(await configFor('LAMBDA'));
    }),
    logs: once(async () => {
      const { CloudWatchLogsClient } = await import('@aws-sdk/client-cloudwatch-logs');
      return new CloudWatchLogsClient(await configFor('CLOUDWATCH_LOGS'));
    }),
    secretsManager: once(async () => {
      const { SecretsManagerClient } = await import('@aws-sdk/client-secrets-manager');
      return new SecretsManagerClient(await configFor('SECRETS_MANAGER'));
    }),
    sns: once(async () => {
      const { SNSClient } = await import('@aws-sdk/client-sns');
      return new SNSClient(await configFor('SNS'));
    }),
    ssm: once(async () => {
      const { SSMClient } = await import('@aws-sdk/client-ssm');
      return new SSMClient(await configFor('SSM'));
    }),
    sqs: once(async () => {
      const { SQSClient } = await import('@aws-sdk/client-sqs');
      // A queue's URL names AWS's own host: AWS_ENDPOINT_URL is to hold for queues, too.
      return new SQSClient({ ...(await configFor('SQS')), useQueueUrlAsEndpoint: false });
    }),
    sts: once(async () => {
      const { STSClient } = await import('@aws-sdk/client-sts');
      return new STSClient(await configFor('STS'));
    }),
    /** Closes the connections of those that have been made. */
    close() {
      for (const client of made) client.destroy();
    },
  };
}

/** A profile wins over keys, as in the SDK. */
function signInFrom(
  env: Environment,
  given: string | undefined,
): Pick<AwsConfiguration, 'profile' | 'credentials'> {
  const profile = given ?? (env['AWS_PROFILE'] || undefined);
  if (profile !== undefined) return { profile };
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, AWS_ACCOUNT_ID } = env;
  if (!AWS_ACCESS_KEY_ID || !AWS_SECRET_ACCESS_KEY) return {};
  return {
    credentials: {
      accessKeyId: AWS_ACCESS_KEY_ID,
      secretAccessKey: AWS_SECRET_ACCESS_KEY,
      ...(AWS_SESSION_TOKEN && { sessionToken: AWS_SESSION_TOKEN }),
      ...(AWS_ACCOUNT_ID && { accountId: AWS_ACCOUNT_ID }),
    },
  };
}

/** The address of one service, or of all; by default AWS's own, or what the profile says. */
function endpointFrom(env: Environment, service: string): string | undefined {
  if (env['AWS_IGNORE_CONFIGURED_ENDPOINT_URLS'] === 'true') return undefined;
  return env[`AWS_ENDPOINT_URL_${service}`] || env['AWS_ENDPOINT_URL'] || undefined;
}
