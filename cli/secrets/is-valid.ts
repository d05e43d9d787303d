import { parseApiKeys } from '../../lib/connectly/api-key.ts';
import { RelayError } from '../../lib/errors.ts';
import { parseWebhookSecrets } from '../../lib/webhook/secrets.ts';
import type { SecretName } from './secret-names.ts';

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
