import { CommandError, configurationError } from '../errors.ts';

/** The outputs of the template that commands rely on: serverless.yml has each of them. */
export const requiredOutputs = [
  'WebhookUrl',
  'SendsQueueUrl',
  'SendsQueueArn',
  'SendsDlqUrl',
  'SendsDlqArn',
  'EventsQueueUrl',
  'EventsQueueArn',
  'EventsDlqUrl',
  'EventsDlqArn',
  'OutcomesQueueUrl',
  'OutcomesQueueArn',
  'LedgerTableName',
  'WebhookSecretArn',
  'ApiKeySecretArn',
  'OnlyTo',
] as const;

export type OutputName = (typeof requiredOutputs)[number];

/** The secrets of a stage, as they are called on the command line. */
export const secretNames = ['webhook-secrets', 'api-key'] as const;

export type SecretName = (typeof secretNames)[number];

/** The output that says where each is. */
export const secretOutputs = { 'webhook-secrets': 'WebhookSecretArn', 'api-key': 'ApiKeySecretArn' } as const;

/** What each is called in sentences. */
export const secretLabels: Readonly<Record<SecretName, string>> = {
  'webhook-secrets': 'webhook secret',
  'api-key': 'API key',
};

/** `options`: those of the target. */
export function secretNotSet(name: SecretName, options: string): CommandError {
  return configurationError(
    'secret-not-set',
    `The ${secretLabels[name]} has no value yet. Fill it: npx relay secrets set ${name} ${options}`,
  );
}
