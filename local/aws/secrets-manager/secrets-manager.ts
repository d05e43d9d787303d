import { randomInt, randomUUID } from 'node:crypto';
import type { Clock } from '../../clock.ts';
import type { AwsService } from '../protocols/service.ts';
import { type Faults, withFaults } from './faults.ts';
import { lifecycleOperations } from './lifecycle.ts';
import { randomPasswordOperation } from './random-password.ts';
import { currentStage, versionAtStage } from './stages.ts';
import { SecretStore } from './store.ts';
import { valueOperations } from './values.ts';

export interface SecretsManagerOptions {
  clock: Clock;
  region: string;
  accountId: string;
  /** A number from 0 up to, but not including, 1; for ARN suffixes and passwords. */
  random?: () => number;
}

/** What a person may see of a secret: everything but its value. */
export interface SecretSummary {
  name: string;
  arn: string;
  description: string | undefined;
  hasValue: boolean;
  createdAt: number;
  changedAt: number;
  scheduledForDeletion: boolean;
  versions: { id: string; stages: string[]; createdAt: number }[];
}

export interface SecretsManager {
  /** Served as `secretsmanager`, with the faults in front of it. */
  readonly service: AwsService;
  readonly faults: Faults;
  /** The ARN of a secret; for one that does not exist yet, the ARN it will have once it is created. */
  arnOf(name: string): string;
  /** Creates a secret without a call, as CloudFormation does: without a value unless one is given. */
  createSecret(secret: { name: string; description?: string; value?: string }): { arn: string };
  /** Makes `value` the secret's AWSCURRENT value. `id` is a name or an ARN. */
  setValue(id: string, value: string): { versionId: string };
  secrets(): SecretSummary[];
}

/** An in-memory Secrets Manager for one account and region: values, versions, labels, deletion; nothing is encrypted. */
export function createSecretsManager({
  clock,
  region,
  accountId,
  random = () => randomInt(2 ** 32) / 2 ** 32,
}: SecretsManagerOptions): SecretsManager {
  const store = new SecretStore({ clock, region, accountId, random });
  const { service, faults } = withFaults(
    {
      target: 'secretsmanager',
      contentType: 'application/x-amz-json-1.1',
      operations: {
        ...lifecycleOperations(store),
        ...valueOperations(store),
        ...randomPasswordOperation(random),
      },
    },
    { clock },
  );

  const setValue = (id: string, value: string) => {
    const version = store.putVersion(store.usable(id), {
      token: randomUUID(),
      value: { kind: 'string', text: value },
    });
    return { versionId: version.id };
  };

  return {
    service,
    faults,
    setValue,
    arnOf: (name) => store.arnOf(name),
    createSecret({ name, description, value }) {
      const { arn } = store.create({ name, description });
      if (value !== undefined) setValue(name, value);
      return { arn };
    },
    secrets: () =>
      store.all().map((secret) => ({
        name: secret.name,
        arn: secret.arn,
        description: secret.description,
        hasValue: versionAtStage(secret.versions, currentStage) !== undefined,
        createdAt: secret.createdAt,
        changedAt: secret.changedAt,
        scheduledForDeletion: secret.deletion !== undefined,
        versions: [...secret.versions.values()].map(({ id, stages, createdAt }) => ({
          id,
          stages: [...stages],
          createdAt,
        })),
      })),
  };
}
