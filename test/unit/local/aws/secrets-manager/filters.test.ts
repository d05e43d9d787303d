import { describe, expect, test } from 'vitest';
import { startSecretsManager } from './service-calls.ts';

async function withThreeSecrets() {
  const { call } = startSecretsManager();
  const secrets = [
    { Name: 'prod/api-key', Description: 'Key of the vendor', Tags: [{ Key: 'Team', Value: 'orders' }] },
    { Name: 'prod/webhook', Description: 'Signs webhooks', Tags: [{ Key: 'Owner', Value: 'Ana' }] },
    { Name: 'dev/api-key', SecretString: 'x' },
  ];
  for (const secret of secrets) await call('CreateSecret', secret);
  const found = async (operation: string, member: string, input: object) => {
    const { [member]: list } = await call(operation, { ...input });
    return Array.isArray(list) ? list.map((entry: { Name?: string }) => entry.Name) : [];
  };
  return {
    call,
    list: (input: object) => found('ListSecrets', 'SecretList', { SortOrder: 'asc', ...input }),
    batch: (input: object) => found('BatchGetSecretValue', 'SecretValues', input),
  };
}

describe('Lists are filtered as AWS filters them', () => {
  test.each([
    ['a name by its beginning', [{ Key: 'name', Values: ['prod/'] }], ['prod/api-key', 'prod/webhook']],
    ['a name with its case', [{ Key: 'name', Values: ['PROD'] }], []],
    ['a name that must not match', [{ Key: 'name', Values: ['!prod/'] }], ['dev/api-key']],
    ['one of several names', [{ Key: 'name', Values: ['dev', 'prod/w'] }], ['prod/webhook', 'dev/api-key']],
    ['a description without its case', [{ Key: 'description', Values: ['key OF'] }], ['prod/api-key']],
    ['the key of a tag', [{ Key: 'tag-key', Values: ['Tea'] }], ['prod/api-key']],
    ['the value of a tag', [{ Key: 'tag-value', Values: ['Ana'] }], ['prod/webhook']],
    ['words anywhere', [{ Key: 'all', Values: ['api vendor'] }], ['prod/api-key']],
    [
      'every filter at once',
      [
        { Key: 'name', Values: ['prod'] },
        { Key: 'tag-key', Values: ['Owner'] },
      ],
      ['prod/webhook'],
    ],
  ])('%s', async (_name, filters, expected) => {
    const { list } = await withThreeSecrets();

    const names = await list({ Filters: filters });

    expect(names).toEqual(expected);
  });

  test('the newest comes first unless asked otherwise', async () => {
    const { list } = await withThreeSecrets();

    const names = await list({ SortOrder: 'desc' });

    expect(names).toEqual(['dev/api-key', 'prod/webhook', 'prod/api-key']);
  });

  test('a batch takes filters, too, and answers the secrets that have a value', async () => {
    const { batch } = await withThreeSecrets();

    const names = await batch({ Filters: [{ Key: 'name', Values: ['dev', 'prod'] }] });

    expect(names).toEqual(['dev/api-key']);
  });

  test('the versions of a secret come page by page', async () => {
    const { call } = await withThreeSecrets();
    await call('PutSecretValue', { SecretId: 'dev/api-key', SecretString: 'y' });

    const first = await call('ListSecretVersionIds', { SecretId: 'dev/api-key', MaxResults: 1 });
    const { NextToken: token } = first;
    const second = await call('ListSecretVersionIds', {
      SecretId: 'dev/api-key',
      MaxResults: 1,
      NextToken: token,
    });

    expect(first['Versions']).toMatchObject([{ VersionStages: ['AWSPREVIOUS'] }]);
    expect(second['Versions']).toMatchObject([{ VersionStages: ['AWSCURRENT'] }]);
    expect(second['NextToken']).toBeUndefined();
  });
});
