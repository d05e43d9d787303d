import {
  GetSecretValueCommand,
  ResourceNotFoundException,
  type SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { RelayError } from '../errors.ts';

/** One answer of Secrets Manager must come within this time, retries included, in milliseconds. */
export const secretBudgetMs = 2_000;

/**
 * Reads the current value of a secret from Secrets Manager. Rejects with `secret-not-set` when nobody has filled it
 * yet, and with `secret-unavailable` when it cannot be read within 2 seconds.
 */
export function secretReader(client: SecretsManagerClient, secretArn: string): () => Promise<string> {
  return async () => {
    try {
      const signal = AbortSignal.timeout(secretBudgetMs);
      const answer = await client.send(new GetSecretValueCommand({ SecretId: secretArn }), {
        abortSignal: signal,
      });
      const value = answer.SecretString ?? '';
      if (value.trim() === '') throw notSet();
      return value;
    } catch (cause) {
      if (cause instanceof RelayError) throw cause;
      if (cause instanceof ResourceNotFoundException) throw notSet(cause);
      throw new RelayError('secret-unavailable', 'Secrets Manager did not give the secret.', { cause });
    }
  };
}

function notSet(cause?: unknown): RelayError {
  const message = 'The secret has no value yet. Fill it: npx relay secrets set';
  return new RelayError('secret-not-set', message, { cause });
}
