import type { AwsOperation } from '../protocols/service.ts';
import { AwsError } from '../protocols/service.ts';
import { describedFilters, matchesFilters } from './filters.ts';
import {
  type Input,
  invalidParameter,
  invalidRequest,
  notFound,
  optionalInteger,
  optionalList,
  optionalText,
  requiredText,
  textEntry,
} from './input.ts';
import {
  clientRequestToken,
  optionalValue,
  requiredValue,
  secretId,
  stage,
  stages,
  versionId,
} from './members.ts';
import { nextPage } from './pages.ts';
import { attachStage, currentStage, type SecretVersion, versionAtStage } from './stages.ts';
import type { Secret, SecretStore } from './store.ts';

/** The operations that read, add and relabel the values of a secret. */
export function valueOperations(store: SecretStore): Record<string, AwsOperation> {
  return {
    GetSecretValue: async (input) => {
      const secret = store.usable(secretId(input));
      return readValue(store, secret, selectVersion(secret, input));
    },

    BatchGetSecretValue: async (input) => batchGet(store, input),

    PutSecretValue: async (input) => {
      const token = clientRequestToken(input);
      const value = requiredValue(input);
      const labels = stages(input);
      const secret = store.usable(secretId(input));
      const version = store.putVersion(secret, { token, value, ...(labels && { stages: labels }) });
      return { ...nameOf(secret), VersionId: version.id, VersionStages: [...version.stages] };
    },

    UpdateSecret: async (input) => {
      const token = clientRequestToken(input);
      const value = optionalValue(input);
      const description = optionalText(input, 'Description', { max: 2048 });
      const kmsKeyId = optionalText(input, 'KmsKeyId', { max: 2048 });
      const secret = store.usable(secretId(input));
      const version = value && store.putVersion(secret, { token, value });
      if (description !== undefined) secret.description = description;
      if (kmsKeyId !== undefined) secret.kmsKeyId = kmsKeyId;
      secret.changedAt = store.now();
      return { ...nameOf(secret), ...(version && { VersionId: version.id }) };
    },

    UpdateSecretVersionStage: async (input) => {
      const label = requiredText(input, 'VersionStage', { min: 1, max: 256 });
      const moveTo = versionId(input, 'MoveToVersionId');
      const removeFrom = versionId(input, 'RemoveFromVersionId');
      const secret = store.usable(secretId(input));
      moveStage(secret, { label, moveTo, removeFrom });
      secret.changedAt = store.now();
      return nameOf(secret);
    },

    ListSecretVersionIds: async (input) => {
      const secret = store.get(secretId(input));
      const limit = optionalInteger(input, 'MaxResults', { min: 1, max: 100 }) ?? 100;
      const all = [...secret.versions.values()].filter(
        (version) => input['IncludeDeprecated'] === true || version.stages.size > 0,
      );
      const { entries, nextToken } = nextPage(all, { limit, token: optionalText(input, 'NextToken') });
      return {
        ...nameOf(secret),
        Versions: entries.map(describeVersion),
        ...(nextToken !== undefined && { NextToken: nextToken }),
      };
    },
  };
}

export function nameOf(secret: Secret): { ARN: string; Name: string } {
  return { ARN: secret.arn, Name: secret.name };
}

const dayMs = 24 * 60 * 60 * 1000;

/** Secrets Manager tells the day of the last access, not the time. */
export function startOfDay(time: number): number {
  return time - (time % dayMs);
}

function readValue(store: SecretStore, secret: Secret, version: SecretVersion): object {
  const { value } = version;
  version.accessedAt = store.now();
  secret.accessedAt = version.accessedAt;
  return {
    ...nameOf(secret),
    VersionId: version.id,
    ...(value.kind === 'string'
      ? { SecretString: value.text }
      : { SecretBinary: value.bytes.toString('base64') }),
    VersionStages: [...version.stages],
    CreatedDate: version.createdAt / 1000,
  };
}

function describeVersion({ id, stages: labels, createdAt, accessedAt }: SecretVersion): object {
  return {
    VersionId: id,
    VersionStages: [...labels],
    CreatedDate: createdAt / 1000,
    ...(accessedAt !== undefined && { LastAccessedDate: startOfDay(accessedAt) / 1000 }),
  };
}

function selectVersion(secret: Secret, input: Input): SecretVersion {
  const id = versionId(input, 'VersionId');
  const label = stage(input);
  if (id === undefined) {
    const wanted = label ?? currentStage;
    const version = versionAtStage(secret.versions, wanted);
    if (version) return version;
    throw notFound(`Secrets Manager can't find the specified secret value for staging label: ${wanted}`);
  }
  const version = secret.versions.get(id);
  if (!version) throw notFound(`Secrets Manager can't find the specified secret value for VersionId: ${id}`);
  if (label !== undefined && !version.stages.has(label))
    throw invalidRequest('You provided a VersionStage that is not associated to the provided VersionId.');
  return version;
}

function batchGet(store: SecretStore, input: Input): object {
  const ids = optionalList(input, 'SecretIdList', {
    min: 1,
    max: 20,
    read: textEntry('SecretIdList', { min: 1, max: 2048 }),
  });
  const filters = describedFilters(input);
  if ((ids === undefined) === (filters === undefined))
    throw invalidParameter("Either 'SecretIdList' or 'Filters' must be provided, but not both.");
  const maxResults = optionalInteger(input, 'MaxResults', { min: 1, max: 20 });
  if (maxResults !== undefined && filters === undefined)
    throw invalidParameter("'Filters' must also be specified when 'MaxResults' is provided.");
  const wanted =
    ids ??
    store
      .all()
      .filter((secret) => !secret.deletion && matchesFilters(secret, filters ?? []))
      .map(({ arn }) => arn);
  const { entries, nextToken } = nextPage(wanted, {
    limit: maxResults ?? 20,
    token: optionalText(input, 'NextToken'),
  });
  const values: object[] = [];
  const errors: object[] = [];
  for (const id of entries) {
    try {
      const secret = store.usable(id);
      values.push(readValue(store, secret, selectVersion(secret, {})));
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      errors.push({ SecretId: id, ErrorCode: error.code, Message: error.message });
    }
  }
  return { SecretValues: values, Errors: errors, ...(nextToken !== undefined && { NextToken: nextToken }) };
}

/**
 * Moves or takes away a label, with AWS's two safeguards: whoever moves a label names the version that loses it, and
 * AWSCURRENT is never left without a version.
 */
function moveStage(
  { versions }: Secret,
  {
    label,
    moveTo,
    removeFrom,
  }: { label: string; moveTo: string | undefined; removeFrom: string | undefined },
): void {
  const holder = versionAtStage(versions, label);
  for (const id of [moveTo, removeFrom]) {
    if (id !== undefined && !versions.has(id))
      throw notFound(`Secrets Manager can't find the specified secret value for VersionId: ${id}`);
  }
  const target = moveTo === undefined ? undefined : versions.get(moveTo);
  if (removeFrom !== undefined && holder?.id !== removeFrom)
    throw invalidParameter(
      `When you move staging label ${label}, if you specify RemoveFromVersionId, it must be set to the version that currently has the staging label ${label}.`,
    );
  if (target) {
    if (holder && holder !== target && removeFrom === undefined)
      throw invalidParameter(
        `The parameter RemoveFromVersionId can't be empty. Staging label ${label} is currently attached to version ${holder.id}, so you must explicitly reference that version in RemoveFromVersionId.`,
      );
    attachStage(versions, target, label);
  } else if (removeFrom === undefined) {
    throw invalidParameter('You must provide MoveToVersionId, RemoveFromVersionId, or both.');
  } else if (label === currentStage) {
    throw invalidParameter(
      `You can only move staging label ${currentStage} to a different secret version. It can’t be completely removed.`,
    );
  } else {
    holder?.stages.delete(label);
  }
}
