import { Argument } from 'commander';
import { type CommandError, configurationError } from '../command-error.ts';

/** The secrets of a stage, as they are called on the command line. */
export const secretNames = ['webhook-secrets', 'api-key'] as const;

export type SecretName = (typeof secretNames)[number];

/** The output of the stack that says where each is. */
export const arnOutputs = { 'webhook-secrets': 'WebhookSecretArn', 'api-key': 'ApiKeySecretArn' } as const;

/** What each is called in sentences. */
export const labels: Readonly<Record<SecretName, string>> = {
  'webhook-secrets': 'webhook secret',
  'api-key': 'API key',
};

/** `options`: those of the target. */
export function secretNotSet(name: SecretName, options: string): CommandError {
  return configurationError(
    'secret-not-set',
    `The ${labels[name]} has no value yet. Fill it: npx relay secrets set ${name} ${options}`,
  );
}

/** For a value that the functions cannot read, where it would have to be built upon. `options`: those of the target. */
export function secretInvalid(name: SecretName, options: string): CommandError {
  return configurationError(
    'secret-invalid',
    `The ${labels[name]} has a value that makes no sense. Set it anew: npx relay secrets set ${name} ${options}`,
  );
}

export function secretArgument(): Argument {
  return new Argument('<secret>', 'which one').choices(secretNames);
}

/** What was typed for the argument, which the parser has held to its choices. */
export function secretNamed(operand: string | undefined): SecretName {
  return secretNames.find((name) => name === operand) ?? 'webhook-secrets';
}
