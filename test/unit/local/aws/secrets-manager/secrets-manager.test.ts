import { randomUUID } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { createSecretsManager } from '../../../../../local/aws/secrets-manager/secrets-manager.ts';
import { createVirtualClock } from '../../../../support/virtual-clock.ts';
import { startSecretsManager } from './service-calls.ts';

describe('The local stack sets secrets up without calls', () => {
  test('a secret is created empty, under the ARN that was told before', async () => {
    const { secretsManager, call } = startSecretsManager();
    const promised = secretsManager.arnOf('shop/key');

    const { arn } = secretsManager.createSecret({ name: 'shop/key', description: 'the key' });

    expect(arn).toBe(promised);
    expect(arn).toMatch(/^arn:aws:secretsmanager:eu-west-1:000000000000:secret:shop\/key-[A-Za-z0-9]{6}$/);
    await expect(call('GetSecretValue', { SecretId: arn })).rejects.toMatchObject({
      code: 'ResourceNotFoundException',
      message: "Secrets Manager can't find the specified secret value for staging label: AWSCURRENT",
    });
  });

  test('a value that is set becomes AWSCURRENT, and the one before AWSPREVIOUS', async () => {
    const { secretsManager, call } = startSecretsManager();
    secretsManager.createSecret({ name: 'key', value: 'one' });

    secretsManager.setValue('key', 'two');

    expect(await call('GetSecretValue', { SecretId: 'key' })).toMatchObject({ SecretString: 'two' });
    expect(await call('GetSecretValue', { SecretId: 'key', VersionStage: 'AWSPREVIOUS' })).toMatchObject({
      SecretString: 'one',
    });
  });

  test('the same random numbers make the same ARN', () => {
    const options = { clock: createVirtualClock(), region: 'eu-west-1', accountId: '000000000000' };
    const one = createSecretsManager({ ...options, random: () => 0.5 });
    const other = createSecretsManager({ ...options, random: () => 0.5 });

    const arns = [one.arnOf('a'), other.arnOf('a')];

    expect(arns[0]).toBe(arns[1]);
  });
});

describe('What comes from outside is checked', () => {
  test.each<[string, string, Record<string, unknown>, string]>([
    ['no secret', 'GetSecretValue', { SecretId: undefined }, 'ValidationException'],
    ['an empty secret id', 'GetSecretValue', { SecretId: '' }, 'ValidationException'],
    ['a secret id that is no text', 'GetSecretValue', { SecretId: 5 }, 'SerializationException'],
    ['a name that is too long', 'CreateSecret', { Name: 'n'.repeat(513) }, 'ValidationException'],
    ['an empty value', 'PutSecretValue', { SecretString: '' }, 'ValidationException'],
    ['a value that is no text', 'PutSecretValue', { SecretString: {} }, 'SerializationException'],
    [
      'text and bytes together',
      'PutSecretValue',
      { SecretString: 'x', SecretBinary: 'eA==' },
      'InvalidParameterException',
    ],
    ['bytes that are not base64', 'PutSecretValue', { SecretBinary: '*' }, 'SerializationException'],
    ['no bytes', 'PutSecretValue', { SecretBinary: '' }, 'ValidationException'],
    [
      'too many bytes',
      'PutSecretValue',
      { SecretBinary: Buffer.alloc(65_537).toString('base64') },
      'ValidationException',
    ],
    [
      'text of 65,536 characters that are more bytes',
      'PutSecretValue',
      { SecretString: 'é'.repeat(65_536) },
      'ValidationException',
    ],
    [
      'an empty list of labels',
      'PutSecretValue',
      { SecretString: 'x', VersionStages: [] },
      'ValidationException',
    ],
    [
      'labels that are no list',
      'PutSecretValue',
      { SecretString: 'x', VersionStages: 'a' },
      'SerializationException',
    ],
    ['a label to nowhere', 'UpdateSecretVersionStage', { VersionStage: 'mine' }, 'InvalidParameterException'],
    [
      'a label to a version that is not there',
      'UpdateSecretVersionStage',
      { VersionStage: 'mine', MoveToVersionId: randomUUID() },
      'ResourceNotFoundException',
    ],
    ['a page size of nothing', 'ListSecrets', { MaxResults: 0 }, 'ValidationException'],
    ['a page size over 100', 'ListSecrets', { MaxResults: 101 }, 'ValidationException'],
    ['a page size of a half', 'ListSecrets', { MaxResults: 0.5 }, 'SerializationException'],
    [
      'a filter by a description',
      'ListSecrets',
      { Filters: [{ Key: 'description', Values: ['a'] }] },
      'InvalidParameterException',
    ],
    ['an unknown order', 'ListSecrets', { SortOrder: 'up' }, 'ValidationException'],
    [
      'a secret with tags',
      'CreateSecret',
      { Name: 'other', Tags: [{ Key: 'a', Value: 'b' }] },
      'InvalidParameterException',
    ],
    ['a batch of nothing', 'BatchGetSecretValue', {}, 'InvalidParameterException'],
    [
      'a batch of 21',
      'BatchGetSecretValue',
      { SecretIdList: Array.from({ length: 21 }, () => 'key') },
      'ValidationException',
    ],
    [
      'a batch by filters',
      'BatchGetSecretValue',
      { Filters: [{ Key: 'name', Values: ['key'] }] },
      'InvalidParameterException',
    ],
  ])('%s is refused', async (_name, operation, input, code) => {
    const { secretsManager, call } = startSecretsManager();
    secretsManager.createSecret({ name: 'key', value: 'x' });

    const refused = call(operation, { SecretId: 'key', ...input });

    await expect(refused).rejects.toMatchObject({ code, status: 400 });
  });

  test('a value never shows in the error that refuses it', async () => {
    const { secretsManager, call } = startSecretsManager();
    secretsManager.createSecret({ name: 'key' });
    const value = 'hush'.repeat(20_000);

    const refused = await call('PutSecretValue', { SecretId: 'key', SecretString: value }).catch(
      (error: unknown) => error,
    );

    expect(refused).toMatchObject({ message: expect.not.stringContaining('hush') });
  });

  test('any JSON as any member is answered or refused as AWS refuses, and never crashes', async () => {
    const { secretsManager, call } = startSecretsManager();
    secretsManager.createSecret({ name: 'key', value: 'x' });
    const members = ['SecretId', 'Name', 'SecretString', 'SecretBinary', 'VersionId', 'VersionStage'].concat(
      ['VersionStages', 'Tags', 'Filters', 'MaxResults', 'NextToken', 'SecretIdList', '__proto__'],
      ['ClientRequestToken', 'SortOrder', 'IncludeDeprecated'],
    );
    const input = fc.dictionary(fc.constantFrom(...members), fc.oneof(fc.jsonValue(), fc.constant('key')));
    const operation = fc.constantFrom(...Object.keys(secretsManager.service.operations));

    const property = fc.asyncProperty(operation, input, async (name, given) => {
      const answer = await call(name, given).catch((error: unknown) => error);
      expect(answer instanceof Error ? answer : {}).not.toBeInstanceOf(TypeError);
      if (answer instanceof Error) expect(answer).toMatchObject({ code: expect.any(String), status: 400 });
    });

    await fc.assert(property, { numRuns: 500 });
  });
});

const versionList = z.array(z.object({ VersionId: z.string(), VersionStages: z.array(z.string()) }));

describe('Labels', () => {
  test('whatever is put and moved, each label is on one version and AWSCURRENT on exactly one', async () => {
    const label = fc.constantFrom('AWSCURRENT', 'AWSPENDING', 'AWSPREVIOUS', 'mine');
    const step = fc.record({ put: fc.boolean(), label, to: fc.nat(5), from: fc.nat(5) });

    const property = fc.asyncProperty(fc.array(step, { maxLength: 20 }), async (steps) => {
      const { secretsManager, call } = startSecretsManager();
      secretsManager.createSecret({ name: 'key', value: 'first' });
      const versionsNow = async () => {
        const listed = await call('ListSecretVersionIds', { SecretId: 'key', IncludeDeprecated: true });
        return versionList.parse(listed['Versions']);
      };
      for (const { put, label: moved, to, from } of steps) {
        const versions = await versionsNow();
        const input = put
          ? { SecretString: 'x', VersionStages: [moved] }
          : {
              VersionStage: moved,
              MoveToVersionId: versions[to]?.VersionId,
              RemoveFromVersionId: versions[from]?.VersionId,
            };
        const operation = put ? 'PutSecretValue' : 'UpdateSecretVersionStage';
        await call(operation, { SecretId: 'key', ...input }).catch(() => undefined);
        const labels = (await versionsNow()).flatMap(({ VersionStages }) => VersionStages);
        expect(new Set(labels).size).toBe(labels.length);
        expect(labels).toContain('AWSCURRENT');
      }
    });

    await fc.assert(property, { numRuns: 200 });
  });
});

function withThreeSecrets() {
  const { secretsManager, call } = startSecretsManager();
  for (const name of ['prod/api-key', 'prod/webhook', 'dev/api-key']) secretsManager.createSecret({ name });
  secretsManager.setValue('dev/api-key', 'x');
  return { secretsManager, call };
}

describe('Lists', () => {
  test.each([
    ['by its beginning', ['prod/'], ['prod/api-key', 'prod/webhook']],
    ['with its case', ['PROD'], []],
    ['that must not match', ['!prod/'], ['dev/api-key']],
    ['that is one of several', ['dev', 'prod/w'], ['prod/webhook', 'dev/api-key']],
  ])('are filtered by a name %s', async (_, Values, expected) => {
    const { call } = withThreeSecrets();

    const listed = await call('ListSecrets', { SortOrder: 'asc', Filters: [{ Key: 'name', Values }] });

    expect(listed['SecretList']).toMatchObject(expected.map((Name) => ({ Name })));
  });

  test('have the newest first unless asked otherwise', async () => {
    const { call } = withThreeSecrets();

    const listed = await call('ListSecrets', {});

    const names = ['dev/api-key', 'prod/webhook', 'prod/api-key'];
    expect(listed['SecretList']).toMatchObject(names.map((Name) => ({ Name })));
  });

  test('of versions come page by page', async () => {
    const { secretsManager, call } = withThreeSecrets();
    secretsManager.setValue('dev/api-key', 'y');
    const page = { SecretId: 'dev/api-key', MaxResults: 1 };

    const first = await call('ListSecretVersionIds', page);
    const second = await call('ListSecretVersionIds', { ...page, NextToken: first['NextToken'] });

    expect(first['Versions']).toMatchObject([{ VersionStages: ['AWSPREVIOUS'] }]);
    expect(second['Versions']).toMatchObject([{ VersionStages: ['AWSCURRENT'] }]);
    expect(second['NextToken']).toBeUndefined();
  });
});
