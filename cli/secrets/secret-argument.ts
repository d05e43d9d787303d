import { Argument } from 'commander';
import { parseApiKeys } from '../../lib/connectly/api-key.ts';
import { RelayError } from '../../lib/errors.ts';
import { parseWebhookSecrets } from '../../lib/webhook/secrets.ts';
import { usageError } from '../errors.ts';
import { type SecretName, secretNames } from '../target/outputs.ts';

/** Which secret a command is about. */
export function secretArgument(): Argument {
  return new Argument('<secret>', 'which one').choices(secretNames);
}

/** What was typed for the argument, which the parser has held to its choices. */
export function secretNamed(operand: string | undefined): SecretName {
  return secretNames.find((name) => name === operand) ?? 'webhook-secrets';
}

/** Throws `usage` where a business is named and none can be meant. */
export function refuseBusiness(name: SecretName, businessId: string | undefined): void {
  if (name === 'webhook-secrets' && businessId !== undefined)
    throw usageError('--business is about API keys: the webhook secret is the same for all businesses.');
}

/** Whether the functions understand this value of a secret. One that they do not is as good as none. */
export function isValidSecret(name: SecretName, value: string): boolean {
  try {
    if (name === 'api-key') parseApiKeys(value);
    else parseWebhookSecrets(value);
    return true;
  } catch (error) {
    if (error instanceof RelayError) return false;
    throw error;
  }
}
