import { randomInt, randomUUID } from 'node:crypto';
import type { Clock } from '../../clock.ts';
import type { AwsService } from '../protocols/service.ts';
import { secretsOperations } from './operations.ts';
import { SecretStore } from './store.ts';

export interface SecretsManagerOptions {
  clock: Clock;
  region: string;
  accountId: string;
  /** A number from 0 up to, but not including, 1; for ARN suffixes. */
  random?: () => number;
}

export interface SecretsManager {
  /** Served as `secretsmanager`. */
  readonly service: AwsService & { readonly operations: ReturnType<typeof secretsOperations> };
  /** The ARN of a secret; for one that does not exist yet, the ARN it will have once it is created. */
  arnOf(name: string): string;
  /** Creates a secret without a call, as CloudFormation does: without a value unless one is given. */
  createSecret(secret: { name: string; description?: string; value?: string }): { arn: string };
  /** Makes `value` the secret's AWSCURRENT value. `id` is a name or an ARN. */
  setValue(id: string, value: string): { versionId: string };
}

/** An in-memory Secrets Manager for one account and region: values, versions and labels; nothing is encrypted. */
export function createSecretsManager({
  clock,
  region,
  accountId,
  random = () => randomInt(2 ** 32) / 2 ** 32,
}: SecretsManagerOptions): SecretsManager {
  const store = new SecretStore({ clock, region, accountId, random });

  const setValue = (id: string, text: string) => {
    const value = { kind: 'string', text } as const;
    const version = store.putVersion(store.get(id), { token: randomUUID(), value });
    return { versionId: version.id };
  };

  return {
    service: {
      target: 'secretsmanager',
      contentType: 'application/x-amz-json-1.1',
      operations: secretsOperations(store),
    },
    setValue,
    arnOf: (name) => store.arnOf(name),
    createSecret({ name, description, value }) {
      const { arn } = store.create({ name, description });
      if (value !== undefined) setValue(name, value);
      return { arn };
    },
  };
}
