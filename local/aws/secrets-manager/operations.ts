import { AwsError, type AwsOperation } from '../protocols/service.ts';
import {
  type Input,
  invalidParameter,
  invalidRequest,
  notFound,
  optionalFlag,
  optionalInteger,
  optionalList,
  optionalText,
  refuseMembers,
  requiredText,
  structureEntry,
  textEntry,
  validationError,
} from './input.ts';
import {
  clientRequestToken,
  optionalValue,
  requiredValue,
  secretId,
  secretName,
  stage,
  stages,
  versionId,
} from './members.ts';
import { currentStage, moveStage, type SecretVersion, versionAtStage } from './stages.ts';
import type { Secret, SecretStore } from './store.ts';

/** What the relay, its command line and people's clients use. Secrets are not deleted: they go with the stack. */
export function secretsOperations(store: SecretStore) {
  return {
    CreateSecret: async (input) => {
      refuseMembers(input, ['Tags', 'AddReplicaRegions']);
      const name = secretName(input);
      const token = clientRequestToken(input);
      const value = optionalValue(input);
      const description = optionalText(input, 'Description', { max: 2048 });
      const existing = store.find(name);
      // A retry of the call that created the secret: the same token, the same value.
      const isRetry = existing?.versions.has(token) === true && value !== undefined;
      const secret = isRetry ? existing : store.create({ name, description });
      const version = value && store.putVersion(secret, { token, value });
      return { ...nameOf(secret), ...(version && { VersionId: version.id }) };
    },

    GetSecretValue: async (input) => {
      const secret = store.get(secretId(input));
      return readValue(secret, selectVersion(secret, input));
    },

    BatchGetSecretValue: async (input) => {
      refuseMembers(input, ['Filters', 'MaxResults', 'NextToken']);
      const read = textEntry('SecretIdList', { min: 1, max: 2048 });
      const ids = optionalList(input, 'SecretIdList', { min: 1, max: 20, read });
      if (ids === undefined) throw invalidParameter("'SecretIdList' must be provided.");
      const values: object[] = [];
      const errors: object[] = [];
      for (const id of ids) {
        try {
          const secret = store.get(id);
          values.push(readValue(secret, selectVersion(secret, {})));
        } catch (error) {
          if (!(error instanceof AwsError)) throw error;
          errors.push({ SecretId: id, ErrorCode: error.code, Message: error.message });
        }
      }
      return { SecretValues: values, Errors: errors };
    },

    PutSecretValue: async (input) => {
      const token = clientRequestToken(input);
      const value = requiredValue(input);
      const labels = stages(input);
      const secret = store.get(secretId(input));
      const version = store.putVersion(secret, { token, value, ...(labels && { stages: labels }) });
      return { ...nameOf(secret), VersionId: version.id, VersionStages: [...version.stages] };
    },

    UpdateSecretVersionStage: async (input) => {
      const label = requiredText(input, 'VersionStage', { min: 1, max: 256 });
      const moveTo = versionId(input, 'MoveToVersionId');
      const removeFrom = versionId(input, 'RemoveFromVersionId');
      const secret = store.get(secretId(input));
      moveStage(secret.versions, { label, moveTo, removeFrom });
      secret.changedAt = store.now();
      return nameOf(secret);
    },

    DescribeSecret: async (input) => describe(store.get(secretId(input)), 'VersionIdsToStages'),

    ListSecrets: async (input) => {
      const matches = optionalList(input, 'Filters', { max: 10, read: nameFilter }) ?? [];
      const order = optionalText(input, 'SortOrder') ?? 'desc';
      if (order !== 'asc' && order !== 'desc')
        throw validationError(`'${order}'`, 'SortOrder', 'satisfy enum value set: [asc, desc]');
      const found = store.all().filter(({ name }) => matches.every((match) => match(name)));
      if (order === 'desc') found.reverse();
      const { entries, ...token } = pageOf(found, input);
      return { SecretList: entries.map((secret) => describe(secret, 'SecretVersionsToStages')), ...token };
    },

    ListSecretVersionIds: async (input) => {
      const secret = store.get(secretId(input));
      const withDeprecated = optionalFlag(input, 'IncludeDeprecated') ?? false;
      const versions = [...secret.versions.values()].filter(
        (version) => withDeprecated || version.stages.size > 0,
      );
      const { entries, ...token } = pageOf(versions, input);
      const Versions = entries.map(({ id, stages: labels, createdAt }) => ({
        VersionId: id,
        VersionStages: [...labels],
        CreatedDate: createdAt / 1000,
      }));
      return { ...nameOf(secret), Versions, ...token };
    },
  } satisfies Record<string, AwsOperation>;
}

function nameOf(secret: Secret): { ARN: string; Name: string } {
  return { ARN: secret.arn, Name: secret.name };
}

/** The two operations that describe a secret name its versions' labels differently. */
function describe(secret: Secret, labelsMember: 'VersionIdsToStages' | 'SecretVersionsToStages'): object {
  const labels = [...secret.versions.values()]
    .filter((version) => version.stages.size > 0)
    .map((version) => [version.id, [...version.stages]]);
  return {
    ...nameOf(secret),
    ...(secret.description !== undefined && { Description: secret.description }),
    CreatedDate: secret.createdAt / 1000,
    LastChangedDate: secret.changedAt / 1000,
    ...(labels.length > 0 && { [labelsMember]: Object.fromEntries(labels) }),
  };
}

function readValue(secret: Secret, { id, value, stages: labels, createdAt }: SecretVersion): object {
  return {
    ...nameOf(secret),
    VersionId: id,
    ...(value.kind === 'string'
      ? { SecretString: value.text }
      : { SecretBinary: value.bytes.toString('base64') }),
    VersionStages: [...labels],
    CreatedDate: createdAt / 1000,
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

/** What a name must look like for a filter: the beginning of one of its values; one after `!` must not match. */
function nameFilter(entry: unknown): (name: string) => boolean {
  const filter = structureEntry(entry);
  const key = requiredText(filter, 'Key');
  if (key !== 'name') throw invalidParameter(`Here secrets are filtered by name alone, and not by ${key}.`);
  const read = textEntry('Values', { max: 512 });
  const values = optionalList(filter, 'Values', { min: 1, max: 10, read }) ?? [];
  return (name) =>
    values.some((value) =>
      value.startsWith('!') ? !name.startsWith(value.slice(1)) : name.startsWith(value),
    );
}

/** One page of a list; the token is opaque to the caller and says where the next page starts. */
function pageOf<T>(all: readonly T[], input: Input): { entries: T[]; NextToken?: string } {
  const limit = optionalInteger(input, 'MaxResults', { min: 1, max: 100 }) ?? 100;
  const token = Buffer.from(optionalText(input, 'NextToken') ?? firstPage, 'base64url').toString();
  const start = /^page:(\d{1,9})$/.exec(token)?.[1];
  if (start === undefined) throw new AwsError('InvalidNextTokenException', 'The NextToken value is invalid.');
  const end = Number(start) + limit;
  const entries = all.slice(Number(start), end);
  return end < all.length ? { entries, NextToken: tokenOf(end) } : { entries };
}

const tokenOf = (start: number): string => Buffer.from(`page:${start}`).toString('base64url');
const firstPage = tokenOf(0);
