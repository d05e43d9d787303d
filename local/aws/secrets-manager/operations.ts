import * as z from 'zod/mini';
import { AwsError, type AwsOperation } from '../protocols/service.ts';
import { invalidParameter, invalidRequest, noSuchVersion, notFound } from './errors.ts';
import { notKnownHere, optional, readInput, text, tokenIn, valueIn, versionMembers } from './input.ts';
import { currentStage, moveStage, type SecretVersion, versionAtStage } from './stages.ts';
import type { Secret, SecretStore } from './store.ts';

const ofSecret = z.object({ SecretId: text(1, 2048) });
const stage = text(1, 256);
const versionId = optional(text(32, 64));
const page = { MaxResults: optional(z.int().check(z.gte(1), z.lte(100))), NextToken: optional(z.string()) };
const nameFilter = z.object({
  Key: z
    .string()
    .check(z.refine((key) => key === 'name', 'must be name: here secrets have no other filter.')),
  Values: z.array(text(0, 512)).check(z.minLength(1), z.maxLength(10)),
});

const inputs = {
  create: z.object({
    Tags: notKnownHere,
    AddReplicaRegions: notKnownHere,
    Name: text(1, 512),
    Description: optional(text(0, 2048)),
    ...versionMembers,
  }),
  get: z.extend(ofSecret, { VersionId: versionId, VersionStage: optional(stage) }),
  batchGet: z.object({
    Filters: notKnownHere,
    SecretIdList: optional(z.array(text(1, 2048)).check(z.minLength(1), z.maxLength(20))),
  }),
  put: z.extend(ofSecret, {
    ...versionMembers,
    VersionStages: optional(z.array(stage).check(z.minLength(1), z.maxLength(20))),
  }),
  moveStage: z.extend(ofSecret, {
    VersionStage: stage,
    MoveToVersionId: versionId,
    RemoveFromVersionId: versionId,
  }),
  list: z.object({
    Filters: optional(z.array(nameFilter).check(z.maxLength(10))),
    SortOrder: optional(z.enum(['asc', 'desc'])),
    ...page,
  }),
  listVersions: z.extend(ofSecret, { IncludeDeprecated: optional(z.boolean()), ...page }),
};

/** What the relay, its command line and people's clients use. Secrets are not deleted: they go with the stack. */
export function secretsOperations(store: SecretStore) {
  return {
    CreateSecret: async (json) => {
      const input = readInput(inputs.create, json);
      const { Name: name, Description: description } = input;
      if (!/^[A-Za-z0-9/_+=.@!-]+$/.test(name)) throw invalidName();
      const token = tokenIn(input);
      const value = valueIn(input);
      const existing = store.find(name);
      // A retry of the call that created the secret: the same token, the same value.
      const isRetry = existing?.versions.has(token) === true && value !== undefined;
      const secret = isRetry ? existing : store.create({ name, description: description ?? undefined });
      const version = value && store.putVersion(secret, { token, value });
      return { ...nameOf(secret), ...(version && { VersionId: version.id }) };
    },

    GetSecretValue: async (json) => {
      const { SecretId, VersionId, VersionStage } = readInput(inputs.get, json);
      const secret = store.get(SecretId);
      return readValue(secret, selectVersion(secret, VersionId, VersionStage));
    },

    BatchGetSecretValue: async (json) => {
      const { SecretIdList } = readInput(inputs.batchGet, json);
      if (!SecretIdList) throw invalidParameter("'SecretIdList' must be provided.");
      const values: object[] = [];
      const errors: object[] = [];
      for (const SecretId of SecretIdList) {
        try {
          const secret = store.get(SecretId);
          values.push(readValue(secret, selectVersion(secret)));
        } catch (error) {
          if (!(error instanceof AwsError)) throw error;
          errors.push({ SecretId, ErrorCode: error.code, Message: error.message });
        }
      }
      return { SecretValues: values, Errors: errors };
    },

    PutSecretValue: async (json) => {
      const input = readInput(inputs.put, json);
      const token = tokenIn(input);
      const value = valueIn(input);
      if (!value) throw invalidRequest('You must provide either SecretString or SecretBinary.');
      const secret = store.get(input.SecretId);
      const stages = input.VersionStages ?? undefined;
      const version = store.putVersion(secret, { token, value, ...(stages && { stages }) });
      return { ...nameOf(secret), VersionId: version.id, VersionStages: [...version.stages] };
    },

    UpdateSecretVersionStage: async (json) => {
      const input = readInput(inputs.moveStage, json);
      const secret = store.get(input.SecretId);
      moveStage(secret.versions, {
        label: input.VersionStage,
        moveTo: input.MoveToVersionId ?? undefined,
        removeFrom: input.RemoveFromVersionId ?? undefined,
      });
      secret.changedAt = store.now();
      return nameOf(secret);
    },

    DescribeSecret: async (json) => {
      const { SecretId } = readInput(ofSecret, json);
      return describe(store.get(SecretId), 'VersionIdsToStages');
    },

    ListSecrets: async (json) => {
      const input = readInput(inputs.list, json);
      const filters = input.Filters ?? [];
      const found = store.all().filter(({ name }) => filters.every(({ Values }) => fits(name, Values)));
      if (input.SortOrder !== 'asc') found.reverse();
      const { entries, ...token } = pageOf(found, input);
      return { SecretList: entries.map((secret) => describe(secret, 'SecretVersionsToStages')), ...token };
    },

    ListSecretVersionIds: async (json) => {
      const input = readInput(inputs.listVersions, json);
      const secret = store.get(input.SecretId);
      const versions = [...secret.versions.values()].filter(
        ({ stages }) => input.IncludeDeprecated === true || stages.size > 0,
      );
      const { entries, ...token } = pageOf(versions, input);
      return { ...nameOf(secret), Versions: entries.map(versionView), ...token };
    },
  } satisfies Record<string, AwsOperation>;
}

const invalidName = () =>
  new AwsError(
    'ValidationException',
    'Invalid name. Must be a valid name containing alphanumeric characters, or any of the following: -/_+=.@!',
  );

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

function readValue(secret: Secret, version: SecretVersion): object {
  const { value } = version;
  return {
    ...nameOf(secret),
    ...versionView(version),
    ...(value.kind === 'string'
      ? { SecretString: value.text }
      : { SecretBinary: value.bytes.toString('base64') }),
  };
}

function versionView({ id, stages, createdAt }: SecretVersion): object {
  return { VersionId: id, VersionStages: [...stages], CreatedDate: createdAt / 1000 };
}

function selectVersion(secret: Secret, id?: string | null, label?: string | null): SecretVersion {
  if (typeof id !== 'string') {
    const wanted = label ?? currentStage;
    const current = versionAtStage(secret.versions, wanted);
    if (current) return current;
    throw notFound(`Secrets Manager can't find the specified secret value for staging label: ${wanted}`);
  }
  const version = secret.versions.get(id);
  if (!version) throw noSuchVersion(id);
  if (typeof label === 'string' && !version.stages.has(label))
    throw invalidRequest('You provided a VersionStage that is not associated to the provided VersionId.');
  return version;
}

/** Whether a name begins with one of the values of a filter, or does not where that follows a `!`. */
function fits(name: string, values: readonly string[]): boolean {
  return values.some((value) =>
    value.startsWith('!') ? !name.startsWith(value.slice(1)) : name.startsWith(value),
  );
}

/** One page of a list; the token is opaque to the caller and says where the next page starts. */
function pageOf<T>(
  all: readonly T[],
  { MaxResults, NextToken }: z.infer<z.ZodMiniObject<typeof page>>,
): { entries: T[]; NextToken?: string } {
  const token = Buffer.from(NextToken ?? tokenOf(0), 'base64url').toString();
  const start = /^page:(\d{1,9})$/.exec(token)?.[1];
  if (start === undefined) throw new AwsError('InvalidNextTokenException', 'The NextToken value is invalid.');
  const end = Number(start) + (MaxResults ?? 100);
  const entries = all.slice(Number(start), end);
  return end < all.length ? { entries, NextToken: tokenOf(end) } : { entries };
}

const tokenOf = (start: number): string => Buffer.from(`page:${start}`).toString('base64url');
