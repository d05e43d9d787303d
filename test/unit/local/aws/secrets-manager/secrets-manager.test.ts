import { randomUUID } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createSecretsManager } from '../../../../../local/aws/secrets-manager/secrets-manager.ts';
import { createVirtualClock } from '../../../../support/virtual-clock.ts';
import { startSecretsManager } from './service-calls.ts';

const dayMs = 24 * 60 * 60 * 1000;

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

  test('the list of secrets says whether there is a value, and never what it is', () => {
    const { secretsManager, clock } = startSecretsManager();
    secretsManager.createSecret({ name: 'empty' });
    secretsManager.createSecret({ name: 'filled', value: 'hush' });

    const secrets = secretsManager.secrets();

    expect(secrets).toMatchObject([
      { name: 'empty', hasValue: false, versions: [], createdAt: clock.now() },
      { name: 'filled', hasValue: true, versions: [{ stages: ['AWSCURRENT'] }], scheduledForDeletion: false },
    ]);
    expect(JSON.stringify(secrets)).not.toContain('hush');
  });

  test('the same random numbers make the same ARN', () => {
    const options = { clock: createVirtualClock(), region: 'eu-west-1', accountId: '000000000000' };
    const one = createSecretsManager({ ...options, random: () => 0.5 });
    const other = createSecretsManager({ ...options, random: () => 0.5 });

    const arns = [one.arnOf('a'), other.arnOf('a')];

    expect(arns[0]).toBe(arns[1]);
  });
});

describe('Time passes for secrets', () => {
  test('a secret is gone at the end of its recovery window, and not before', async () => {
    const { secretsManager, clock, call } = startSecretsManager();
    secretsManager.createSecret({ name: 'key', value: 'x' });
    await call('DeleteSecret', { SecretId: 'key', RecoveryWindowInDays: 7 });
    await clock.advance(7 * dayMs - 1);
    const before = secretsManager.secrets().length;

    await clock.advance(1);

    expect(before).toBe(1);
    expect(secretsManager.secrets()).toEqual([]);
  });

  test('more than 100 versions are kept while they are younger than a day, and then only those with labels', async () => {
    const { secretsManager, clock } = startSecretsManager();
    secretsManager.createSecret({ name: 'key', value: 'first' });
    for (let count = 0; count < 120; count += 1) secretsManager.setValue('key', `${count}`);
    const young = secretsManager.secrets()[0]?.versions.length;
    await clock.advance(dayMs);

    secretsManager.setValue('key', 'last');

    const versions = secretsManager.secrets()[0]?.versions ?? [];
    expect(young).toBe(121);
    expect(versions).toHaveLength(100);
    expect(versions.slice(-2).map(({ stages }) => stages)).toEqual([['AWSPREVIOUS'], ['AWSCURRENT']]);
  });

  test('the day of the last read is told, not its time', async () => {
    const { secretsManager, clock, call } = startSecretsManager();
    secretsManager.createSecret({ name: 'key', value: 'x' });
    await clock.advance(3 * 60 * 60 * 1000);
    await call('GetSecretValue', { SecretId: 'key' });

    const { LastAccessedDate: lastRead } = await call('DescribeSecret', { SecretId: 'key' });

    expect(lastRead).toBe(Date.UTC(2026, 0, 1) / 1000);
  });
});

describe('What comes from outside is checked', () => {
  test.each<[string, string, Record<string, unknown>, string]>([
    ['no secret', 'GetSecretValue', {}, 'ValidationException'],
    ['an empty secret id', 'GetSecretValue', { SecretId: '' }, 'ValidationException'],
    ['a secret id that is no text', 'GetSecretValue', { SecretId: 5 }, 'SerializationException'],
    ['a name that is too long', 'CreateSecret', { Name: 'n'.repeat(513) }, 'ValidationException'],
    ['an empty value', 'PutSecretValue', { SecretId: 'key', SecretString: '' }, 'ValidationException'],
    [
      'a value that is no text',
      'PutSecretValue',
      { SecretId: 'key', SecretString: {} },
      'SerializationException',
    ],
    [
      'text and bytes together',
      'PutSecretValue',
      { SecretId: 'key', SecretString: 'x', SecretBinary: 'eA==' },
      'InvalidParameterException',
    ],
    [
      'bytes that are not base64',
      'PutSecretValue',
      { SecretId: 'key', SecretBinary: '*' },
      'SerializationException',
    ],
    ['no bytes', 'PutSecretValue', { SecretId: 'key', SecretBinary: '' }, 'ValidationException'],
    [
      'too many bytes',
      'PutSecretValue',
      { SecretId: 'key', SecretBinary: Buffer.alloc(65_537).toString('base64') },
      'ValidationException',
    ],
    [
      'text of 65,536 characters that are more bytes',
      'PutSecretValue',
      { SecretId: 'key', SecretString: 'é'.repeat(65_536) },
      'ValidationException',
    ],
    [
      'an empty list of labels',
      'PutSecretValue',
      { SecretId: 'key', SecretString: 'x', VersionStages: [] },
      'ValidationException',
    ],
    [
      'labels that are no list',
      'PutSecretValue',
      { SecretId: 'key', SecretString: 'x', VersionStages: 'a' },
      'SerializationException',
    ],
    [
      'a label to nowhere',
      'UpdateSecretVersionStage',
      { SecretId: 'key', VersionStage: 'mine' },
      'InvalidParameterException',
    ],
    [
      'a label to a version that is not there',
      'UpdateSecretVersionStage',
      { SecretId: 'key', VersionStage: 'mine', MoveToVersionId: randomUUID() },
      'ResourceNotFoundException',
    ],
    ['a page size of nothing', 'ListSecrets', { MaxResults: 0 }, 'ValidationException'],
    ['a page size over 100', 'ListSecrets', { MaxResults: 101 }, 'ValidationException'],
    ['a page size of a half', 'ListSecrets', { MaxResults: 0.5 }, 'SerializationException'],
    [
      'an unknown filter',
      'ListSecrets',
      { Filters: [{ Key: 'colour', Values: ['a'] }] },
      'ValidationException',
    ],
    ['an unknown order', 'ListSecrets', { SortOrder: 'up' }, 'ValidationException'],
    [
      'a tag that belongs to AWS',
      'TagResource',
      { SecretId: 'key', Tags: [{ Key: 'aws:x' }] },
      'InvalidParameterException',
    ],
    ['no tags', 'TagResource', { SecretId: 'key' }, 'ValidationException'],
    ['no tag keys', 'UntagResource', { SecretId: 'key' }, 'ValidationException'],
    ['a batch of nothing', 'BatchGetSecretValue', {}, 'InvalidParameterException'],
    [
      'a batch of 21',
      'BatchGetSecretValue',
      { SecretIdList: Array.from({ length: 21 }, () => 'key') },
      'ValidationException',
    ],
    [
      'a batch with a page size but no filter',
      'BatchGetSecretValue',
      { SecretIdList: ['key'], MaxResults: 5 },
      'InvalidParameterException',
    ],
    ['a password without characters', 'GetRandomPassword', { PasswordLength: 0 }, 'ValidationException'],
    [
      'a password too short for every kind',
      'GetRandomPassword',
      { PasswordLength: 3 },
      'InvalidParameterException',
    ],
    [
      'a password of nothing',
      'GetRandomPassword',
      { ExcludeLowercase: true, ExcludeUppercase: true, ExcludeNumbers: true, ExcludePunctuation: true },
      'InvalidParameterException',
    ],
  ])('%s is refused', async (_name, operation, input, code) => {
    const { secretsManager, call } = startSecretsManager();
    secretsManager.createSecret({ name: 'key', value: 'x' });

    const refused = call(operation, input);

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

  test('51 tags are one too many, in one call or in two', async () => {
    const { secretsManager, call } = startSecretsManager();
    secretsManager.createSecret({ name: 'key' });
    const Tags = Array.from({ length: 50 }, (_, index) => ({ Key: `${index}`, Value: '' }));
    await call('TagResource', { SecretId: 'key', Tags });

    const refused = call('TagResource', { SecretId: 'key', Tags: [{ Key: 'more', Value: '' }] });

    await expect(refused).rejects.toMatchObject({ code: 'InvalidParameterException' });
  });

  test('any JSON as any member is answered or refused as AWS refuses, and never crashes', async () => {
    const { secretsManager, call } = startSecretsManager();
    secretsManager.createSecret({ name: 'key', value: 'x' });
    const members = ['SecretId', 'Name', 'SecretString', 'SecretBinary', 'VersionId', 'VersionStage'].concat(
      ['VersionStages', 'Tags', 'TagKeys', 'Filters', 'MaxResults', 'NextToken', 'SecretIdList', '__proto__'],
      ['ClientRequestToken', 'RecoveryWindowInDays', 'PasswordLength', 'ExcludeCharacters', 'SortOrder'],
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

describe('Labels', () => {
  test('whatever is put and moved, each label is on one version and AWSCURRENT on exactly one', async () => {
    const label = fc.constantFrom('AWSCURRENT', 'AWSPENDING', 'AWSPREVIOUS', 'mine');
    const step = fc.record({ put: fc.boolean(), label, to: fc.nat(5), from: fc.nat(5) });

    const property = fc.asyncProperty(fc.array(step, { maxLength: 20 }), async (steps) => {
      const { secretsManager, call } = startSecretsManager();
      secretsManager.createSecret({ name: 'key', value: 'first' });
      for (const { put, label: moved, to, from } of steps) {
        const versions = secretsManager.secrets()[0]?.versions ?? [];
        const input = put
          ? { SecretString: 'x', VersionStages: [moved] }
          : {
              VersionStage: moved,
              MoveToVersionId: versions[to]?.id,
              RemoveFromVersionId: versions[from]?.id,
            };
        const operation = put ? 'PutSecretValue' : 'UpdateSecretVersionStage';
        await call(operation, { SecretId: 'key', ...input }).catch(() => undefined);
        const labels = (secretsManager.secrets()[0]?.versions ?? []).flatMap(({ stages }) => stages);
        expect(new Set(labels).size).toBe(labels.length);
        expect(labels).toContain('AWSCURRENT');
      }
    });

    await fc.assert(property, { numRuns: 200 });
  });
});
