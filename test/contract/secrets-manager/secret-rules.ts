import { strict as assert } from 'node:assert';
import { randomUUID } from 'node:crypto';
import {
  CreateSecretCommand,
  DescribeSecretCommand,
  ListSecretsCommand,
  PutSecretValueCommand,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import { create, freshName, labels, type Rule, type RuleContext, read, refused, rulesOf } from './rule.ts';

/** Puts a second version as AWSPENDING, as a rotation does. */
async function pendingVersion({ client }: RuleContext, name: string): Promise<string> {
  const put = await client.send(
    new PutSecretValueCommand({ SecretId: name, SecretString: 'next', VersionStages: ['AWSPENDING'] }),
  );
  return put.VersionId ?? '';
}

/** Rules about labels, names and lists. */
export const secretRules: readonly Rule[] = [
  ...rulesOf('UpdateSecretVersionStage', {
    async 'a rotation ends by moving AWSCURRENT, and the old version becomes AWSPREVIOUS'(context) {
      const { name, versionId } = await create(context, 'first');
      const pending = await pendingVersion(context, name);
      await context.client.send(
        new UpdateSecretVersionStageCommand({
          SecretId: name,
          VersionStage: 'AWSCURRENT',
          MoveToVersionId: pending,
          RemoveFromVersionId: versionId,
        }),
      );
      assert.deepEqual(await labels(context, name), {
        [versionId]: ['AWSPREVIOUS'],
        [pending]: ['AWSCURRENT', 'AWSPENDING'],
      });
      assert.equal((await read(context, name)).SecretString, 'next');
    },
    async 'a label that sits elsewhere is not moved without naming the version that loses it'(context) {
      const { name } = await create(context, 'first');
      const pending = await pendingVersion(context, name);
      await refused(
        context.client.send(
          new UpdateSecretVersionStageCommand({
            SecretId: name,
            VersionStage: 'AWSCURRENT',
            MoveToVersionId: pending,
          }),
        ),
        'InvalidParameterException',
        /RemoveFromVersionId/,
      );
    },
    async 'naming a version that does not have the label is refused'(context) {
      const { name } = await create(context, 'first');
      const pending = await pendingVersion(context, name);
      await refused(
        context.client.send(
          new UpdateSecretVersionStageCommand({
            SecretId: name,
            VersionStage: 'AWSCURRENT',
            MoveToVersionId: pending,
            RemoveFromVersionId: pending,
          }),
        ),
        'InvalidParameterException',
      );
    },
    async 'AWSCURRENT cannot be taken away, only moved'(context) {
      const { name, versionId } = await create(context, 'first');
      await refused(
        context.client.send(
          new UpdateSecretVersionStageCommand({
            SecretId: name,
            VersionStage: 'AWSCURRENT',
            RemoveFromVersionId: versionId,
          }),
        ),
        'InvalidParameterException',
      );
    },
    async 'AWSPENDING can be taken away'(context) {
      const { name } = await create(context, 'first');
      const pending = await pendingVersion(context, name);
      await context.client.send(
        new UpdateSecretVersionStageCommand({
          SecretId: name,
          VersionStage: 'AWSPENDING',
          RemoveFromVersionId: pending,
        }),
      );
      assert.equal((await labels(context, name))[pending], undefined);
    },
  }),
  ...rulesOf('CreateSecret', {
    async 'an ARN is the name with six random characters'(context) {
      const { name, arn } = await create(context);
      assert.match(
        arn,
        new RegExp(`^arn:aws:secretsmanager:us-east-1:\\d{12}:secret:${name}-[A-Za-z0-9]{6}$`),
      );
    },
    async 'a secret created without a value has no version'(context) {
      const created = await context.client.send(new CreateSecretCommand({ Name: freshName() }));
      assert.equal(created.VersionId, undefined);
      assert.deepEqual(await labels(context, created.ARN ?? ''), {});
    },
    async 'a name that is taken is refused'(context) {
      const { name } = await create(context, 'first');
      await refused(
        context.client.send(new CreateSecretCommand({ Name: name, SecretString: 'second' })),
        'ResourceExistsException',
        /the secret .+ already exists/,
      );
    },
    'a name with other characters than letters, digits and /_+=.@- is refused': (context) =>
      refused(
        context.client.send(new CreateSecretCommand({ Name: `not a name ${randomUUID()}` })),
        'ValidationException',
        /Invalid name/,
      ),
  }),
  ...rulesOf('DescribeSecret', {
    async 'a described secret shows its description and dates but no value'(context) {
      const name = freshName();
      await context.client.send(
        new CreateSecretCommand({ Name: name, SecretString: 'hush', Description: 'a key' }),
      );
      const described = await context.client.send(new DescribeSecretCommand({ SecretId: name }));
      assert.equal(described.Description, 'a key');
      assert.ok(described.CreatedDate instanceof Date);
      assert.ok(!JSON.stringify(described).includes('hush'));
    },
  }),
  ...rulesOf('ListSecrets', {
    async 'a list filtered by name finds what begins with it, page by page'(context) {
      const prefix = freshName();
      for (const end of ['-1', '-2', '-3'])
        await context.client.send(new CreateSecretCommand({ Name: `${prefix}${end}` }));
      const found: (string | undefined)[] = [];
      let token: string | undefined;
      do {
        const answer: {
          SecretList?: { Name?: string | undefined }[] | undefined;
          NextToken?: string | undefined;
        } = await context.client.send(
          new ListSecretsCommand({
            Filters: [{ Key: 'name', Values: [prefix] }],
            MaxResults: 2,
            NextToken: token,
          }),
        );
        assert.ok((answer.SecretList?.length ?? 0) <= 2);
        found.push(...(answer.SecretList ?? []).map((secret) => secret.Name));
        token = answer.NextToken;
      } while (token !== undefined);
      assert.deepEqual(new Set(found), new Set(['-1', '-2', '-3'].map((end) => `${prefix}${end}`)));
    },
    'a page token that nobody gave out is refused': (context) =>
      refused(
        context.client.send(new ListSecretsCommand({ NextToken: 'no-such-page' })),
        'InvalidNextTokenException',
      ),
  }),
];
