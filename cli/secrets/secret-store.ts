import {
  GetSecretValueCommand,
  InvalidParameterException,
  PutSecretValueCommand,
  ResourceNotFoundException,
  type SecretsManagerClient,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import { configurationError } from '../errors.ts';
import { type SecretName, secretOutputs } from '../target/outputs.ts';
import type { Target } from '../target/target.ts';

/** The label that a new version has until it is the current one. */
const pendingStage = 'RELAYPENDING';

/** A secret's current value. */
export interface StoredSecret {
  readonly value: string;
  readonly versionId: string;
  /** Epoch milliseconds. */
  readonly changedAt: number;
}

export interface SecretStore {
  /** Undefined when it has no value. One that was stored as bytes is the empty text, which is what the functions read. */
  read(): Promise<StoredSecret | undefined>;
  /**
   * Makes a value the current one, if `replaced` still is. Resolves to the new version's id. Rejects with
   * `secret-changed-meanwhile`, and changes nothing, when somebody else has been faster.
   */
  replace(value: string, replaced: StoredSecret | undefined): Promise<string>;
}

/** The value of one of a target's secrets. */
export async function openSecret({ aws, output, options }: Target, name: SecretName): Promise<SecretStore> {
  const secretArn = output(secretOutputs[name]);
  return secretStore(await aws.secretsManager(), { secretArn, targetOptions: options });
}

export interface SecretPlace {
  readonly secretArn: string;
  /** Options that name the target, for the command that an error tells to type. */
  readonly targetOptions: string;
}

export function secretStore(
  client: SecretsManagerClient,
  { secretArn, targetOptions }: SecretPlace,
): SecretStore {
  return {
    async read() {
      try {
        const answer = await client.send(new GetSecretValueCommand({ SecretId: secretArn }));
        const { SecretString: value = '', VersionId: versionId = '', CreatedDate: createdAt } = answer;
        if (value.trim() === '' && answer.SecretBinary === undefined) return undefined;
        return { value, versionId, changedAt: createdAt?.getTime() ?? 0 };
      } catch (error) {
        if (error instanceof ResourceNotFoundException) return undefined;
        throw error;
      }
    },
    async replace(value, replaced) {
      // The first version becomes the current one by itself: there is nothing that could be lost.
      if (replaced === undefined) return put({ SecretString: value });
      // PutSecretValue knows no condition. Moving AWSCURRENT does: it fails unless the named version has it.
      const versionId = await put({ SecretString: value, VersionStages: [pendingStage] });
      try {
        await moveCurrent({ from: replaced.versionId, to: versionId });
      } finally {
        const command = new UpdateSecretVersionStageCommand({
          SecretId: secretArn,
          VersionStage: pendingStage,
          RemoveFromVersionId: versionId,
        });
        // Somebody else's new version may have it by now; and left behind it does no harm, the next one takes it over.
        await client.send(command).catch(() => undefined);
      }
      return versionId;
    },
  };

  async function put(input: { SecretString: string; VersionStages?: string[] }): Promise<string> {
    const answer = await client.send(new PutSecretValueCommand({ SecretId: secretArn, ...input }));
    return answer.VersionId ?? '';
  }

  async function moveCurrent({ from, to }: { from: string; to: string }): Promise<void> {
    try {
      await client.send(
        new UpdateSecretVersionStageCommand({
          SecretId: secretArn,
          VersionStage: 'AWSCURRENT',
          RemoveFromVersionId: from,
          MoveToVersionId: to,
        }),
      );
    } catch (cause) {
      if (!(cause instanceof InvalidParameterException)) throw cause;
      throw configurationError(
        'secret-changed-meanwhile',
        `Somebody else changed this secret in the same moment. Nothing was changed here. Look at it, and try again: npx relay secrets status ${targetOptions}`,
        { cause },
      );
    }
  }
}
