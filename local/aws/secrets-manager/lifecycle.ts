import type { AwsOperation } from '../protocols/service.ts';
import { describedFilters, matchesFilters } from './filters.ts';
import {
  type Input,
  invalidParameter,
  optionalFlag,
  optionalInteger,
  optionalList,
  optionalText,
  textEntry,
  validationError,
} from './input.ts';
import { addTags, clientRequestToken, optionalValue, secretId, secretName, tags } from './members.ts';
import { nextPage } from './pages.ts';
import type { Secret, SecretStore } from './store.ts';
import { nameOf, startOfDay } from './values.ts';

/** A deleted secret can be restored for 7 to 30 days; 30 when nothing is said. */
const recoveryDays = { min: 7, max: 30, default: 30 };
const dayMs = 24 * 60 * 60 * 1000;

/** The operations on secrets as such: create, describe, list, tag, delete and restore. */
export function lifecycleOperations(store: SecretStore): Record<string, AwsOperation> {
  return {
    CreateSecret: async (input) => {
      const name = secretName(input);
      const token = clientRequestToken(input);
      const value = optionalValue(input);
      const description = optionalText(input, 'Description', { max: 2048 });
      const kmsKeyId = optionalText(input, 'KmsKeyId', { max: 2048 });
      const added = tags(input) ?? [];
      const existing = store.find(name);
      // A retry of the call that created the secret: the same token, the same value.
      const secret =
        value && existing && !existing.deletion && existing.versions.has(token)
          ? existing
          : store.create({ name, description, kmsKeyId });
      if (secret !== existing) addTags(secret.tags, added);
      const version = value && store.putVersion(secret, { token, value });
      return { ...nameOf(secret), ...(version && { VersionId: version.id }) };
    },

    DescribeSecret: async (input) => describe(store.get(secretId(input)), 'VersionIdsToStages'),

    ListSecrets: async (input) => list(store, input),

    DeleteSecret: async (input) => remove(store, input),

    RestoreSecret: async (input) => {
      const secret = store.get(secretId(input));
      secret.deletion = undefined;
      return nameOf(secret);
    },

    TagResource: async (input) => {
      const added = tags(input);
      if (!added) throw validationError('null', 'Tags', 'not be null');
      addTags(store.usable(secretId(input)).tags, added);
      return {};
    },

    UntagResource: async (input) => {
      const keys = optionalList(input, 'TagKeys', {
        max: 50,
        read: textEntry('TagKeys', { min: 1, max: 128 }),
      });
      if (!keys) throw validationError('null', 'TagKeys', 'not be null');
      const secret = store.usable(secretId(input));
      for (const key of keys) secret.tags.delete(key);
      return {};
    },
  };
}

/** The two operations that describe a secret name its versions' labels differently. */
function describe(secret: Secret, labelsMember: 'VersionIdsToStages' | 'SecretVersionsToStages'): object {
  const labels = [...secret.versions.values()]
    .filter((version) => version.stages.size > 0)
    .map((version) => [version.id, [...version.stages]]);
  return { ...summary(secret), ...(labels.length > 0 && { [labelsMember]: Object.fromEntries(labels) }) };
}

function summary(secret: Secret): object {
  const { description, kmsKeyId, accessedAt, deletion } = secret;
  return {
    ...nameOf(secret),
    ...(description !== undefined && { Description: description }),
    ...(kmsKeyId !== undefined && { KmsKeyId: kmsKeyId }),
    CreatedDate: secret.createdAt / 1000,
    LastChangedDate: secret.changedAt / 1000,
    ...(accessedAt !== undefined && { LastAccessedDate: startOfDay(accessedAt) / 1000 }),
    ...(deletion && { DeletedDate: deletion.requestedAt / 1000 }),
    ...(secret.tags.size > 0 && { Tags: [...secret.tags].map(([Key, Value]) => ({ Key, Value })) }),
  };
}

function list(store: SecretStore, input: Input): object {
  const limit = optionalInteger(input, 'MaxResults', { min: 1, max: 100 }) ?? 100;
  const filters = describedFilters(input) ?? [];
  const withDeleted = optionalFlag(input, 'IncludePlannedDeletion') ?? false;
  const order = optionalText(input, 'SortOrder') ?? 'desc';
  if (order !== 'asc' && order !== 'desc')
    throw validationError(`'${order}'`, 'SortOrder', 'satisfy enum value set: [asc, desc]');
  const found = store
    .all()
    .filter((secret) => (withDeleted || !secret.deletion) && matchesFilters(secret, filters));
  if (order === 'desc') found.reverse();
  const { entries, nextToken } = nextPage(found, { limit, token: optionalText(input, 'NextToken') });
  return {
    SecretList: entries.map((secret) => describe(secret, 'SecretVersionsToStages')),
    ...(nextToken !== undefined && { NextToken: nextToken }),
  };
}

function remove(store: SecretStore, input: Input): object {
  const id = secretId(input);
  const force = optionalFlag(input, 'ForceDeleteWithoutRecovery') ?? false;
  const days = optionalInteger(input, 'RecoveryWindowInDays', {
    min: -Number.MAX_SAFE_INTEGER,
    max: Number.MAX_SAFE_INTEGER,
  });
  if (force && days !== undefined)
    throw invalidParameter(
      "You can't use ForceDeleteWithoutRecovery in conjunction with RecoveryWindowInDays.",
    );
  if (days !== undefined && (days < recoveryDays.min || days > recoveryDays.max))
    throw invalidParameter('The RecoveryWindowInDays value must be between 7 and 30 days (inclusive).');
  const now = store.now();
  if (force) {
    // Forced deletion also takes a secret that is already scheduled, and is content when there is none.
    const secret = store.find(id);
    if (!secret)
      return { ARN: id.startsWith('arn:') ? id : store.arnOf(id), Name: id, DeletionDate: now / 1000 };
    store.remove(secret);
    return { ...nameOf(secret), DeletionDate: now / 1000 };
  }
  const secret = store.usable(id);
  const dueAt = now + (days ?? recoveryDays.default) * dayMs;
  secret.deletion = { requestedAt: now, dueAt };
  return { ...nameOf(secret), DeletionDate: dueAt / 1000 };
}
