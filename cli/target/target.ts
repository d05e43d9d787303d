import { RelayError } from '../../lib/errors.ts';
import { configurationError } from '../errors.ts';
import { createNetwork, type Network } from '../network/network.ts';
import type { AwsClients } from './aws-clients.ts';
import { type OutputName, type SecretName, secretNotSet, secretOutputs } from './outputs.ts';

/** Where Connectly is unless the stack says something else. */
export const defaultConnectlyBaseUrl = 'https://api.connectly.ai';

/** Where a command acts: the running local stack or a deployed stage. The same for both, but for `kind`. */
export interface Target {
  readonly kind: 'local' | 'deployed';
  /** For people: "the local stack" or "stage dev in us-east-1". */
  readonly name: string;
  /** The options that act on the same place, for a command to paste: "--stage dev --region us-east-1". */
  readonly options: string;
  readonly stage: string;
  readonly region: string;
  readonly stackName: string;
  /** The names that AWS knows the functions by. */
  readonly functions: Readonly<Record<FunctionName, string>>;
  /** The business of commands that name none. */
  readonly businessId: string | undefined;
  /** Where alarms go; undefined where an older stack does not say it. */
  readonly alarmTopicArn: string | undefined;
  /** Undefined where the stage has none. */
  readonly dashboardUrl: string | undefined;
  /** The business number of messages that name none. */
  readonly senderNumber: string | undefined;
  readonly connectlyBaseUrl: URL;
  readonly aws: AwsClients;
  /** The way to everything else: Connectly, and the address of the webhook. */
  readonly network: Network;
  /** An output of the stack. Throws `output-missing` when an older stack does not have it. */
  readonly output: (name: OutputName) => string;
  /** The value of a secret. Rejects with `secret-not-set` when nobody has filled it. */
  readSecret(name: SecretName): Promise<string>;
  close(): void;
}

/** The functions as people know them. */
export const functionNames = ['receive-webhook', 'send-message', 'settle-send'] as const;

export type FunctionName = (typeof functionNames)[number];

export interface TargetFacts extends Pick<Target, 'kind' | 'name' | 'options' | 'stage' | 'region' | 'aws'> {
  readonly outputs: Readonly<Record<string, string>>;
  /** By default nothing goes through a proxy. */
  readonly network?: Network;
  /** What the local stack knows, and a deployed one says in its outputs. */
  readonly businessId?: string;
  readonly connectlyBaseUrl?: string;
}

export function createTarget({ outputs, network = createNetwork(), ...facts }: TargetFacts): Target {
  const { aws, stage, name: targetName } = facts;
  const stackName = stackNameOf(stage);

  function output(name: OutputName): string {
    const value = outputs[name];
    if (value === undefined || value === '') {
      throw configurationError(
        'output-missing',
        `The stack of ${targetName} has no output ${name}: it is older than this command. Deploy it again: npx serverless deploy --stage ${stage}`,
      );
    }
    return value;
  }

  return {
    ...facts,
    network,
    stackName,
    functions: {
      'receive-webhook': outputs['ReceiveWebhookFunctionName'] || `${stackName}-receive-webhook`,
      'send-message': outputs['SendMessageFunctionName'] || `${stackName}-send-message`,
      'settle-send': outputs['SettleSendFunctionName'] || `${stackName}-settle-send`,
    },
    businessId: facts.businessId ?? (outputs['BusinessId'] || undefined),
    alarmTopicArn: outputs['AlarmTopicArn'] || undefined,
    dashboardUrl: outputs['DashboardUrl'] || undefined,
    senderNumber: outputs['SenderNumber'] || undefined,
    connectlyBaseUrl: new URL(
      facts.connectlyBaseUrl ?? (outputs['ConnectlyBaseUrl'] || defaultConnectlyBaseUrl),
    ),
    output,
    async readSecret(name) {
      const { secretReader } = await import('../../lib/aws/secrets.ts');
      try {
        return await secretReader(await aws.secretsManager(), output(secretOutputs[name]))();
      } catch (error) {
        if (!(error instanceof RelayError && error.code === 'secret-not-set')) throw error;
        throw secretNotSet(name, facts.options);
      }
    },
    close: () => aws.close(),
  };
}

export function stackNameOf(stage: string): string {
  return `connectly-relay-${stage}`;
}
