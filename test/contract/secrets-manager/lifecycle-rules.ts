import { strict as assert } from 'node:assert';
import { randomUUID } from 'node:crypto';
import {
  CreateSecretCommand,
  DeleteSecretCommand,
  DescribeSecretCommand,
  GetRandomPasswordCommand,
  ListSecretsCommand,
  PutSecretValueCommand,
  RestoreSecretCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import { create, freshName, labels, page, type Rule, type RuleContext, read, refused } from './rule.ts';

const dayMs = 24 * 60 * 60 * 1000;

/** Puts a second version as AWSPENDING, as a rotation does. */
async function pendingVersion({ client }: RuleContext, name: string): Promise<string> {
  const put = await client.send(
    new PutSecretValueCommand({ SecretId: name, SecretString: 'next', VersionStages: ['AWSPENDING'] }),
  );
  return put.VersionId ?? '';
}

/** Rules about labels, names, lists, tags, deletion and passwords. */
export const lifecycleRules: readonly Rule[] = [
  {
    name: 'a rotation ends by moving AWSCURRENT, and the old version becomes AWSPREVIOUS',
    source: page('UpdateSecretVersionStage'),
    async run(context) {
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
  },
  {
    name: 'a label that sits elsewhere is not moved without naming the version that loses it',
    source: page('UpdateSecretVersionStage'),
    async run(context) {
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
  },
  {
    name: 'naming a version that does not have the label is refused',
    source: page('UpdateSecretVersionStage'),
    async run(context) {
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
  },
  {
    name: 'AWSCURRENT cannot be taken away, only moved',
    source: page('UpdateSecretVersionStage'),
    async run(context) {
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
  },
  {
    name: 'AWSPENDING can be taken away',
    source: page('UpdateSecretVersionStage'),
    async run(context) {
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
  },
  {
    name: 'an ARN is the name with six random characters',
    source: page('CreateSecret'),
    async run(context) {
      const { name, arn } = await create(context);
      assert.match(
        arn,
        new RegExp(`^arn:aws:secretsmanager:us-east-1:\\d{12}:secret:${name}-[A-Za-z0-9]{6}$`),
      );
    },
  },
  {
    name: 'a secret created without a value has no version',
    source: page('CreateSecret'),
    async run(context) {
      const created = await context.client.send(new CreateSecretCommand({ Name: freshName() }));
      assert.equal(created.VersionId, undefined);
      assert.deepEqual(await labels(context, created.ARN ?? ''), {});
    },
  },
  {
    name: 'a name that is taken is refused',
    source: page('CreateSecret'),
    async run(context) {
      const { name } = await create(context, 'first');
      await refused(
        context.client.send(new CreateSecretCommand({ Name: name, SecretString: 'second' })),
        'ResourceExistsException',
        /the secret .+ already exists/,
      );
    },
  },
  {
    name: 'a name with other characters than letters, digits and /_+=.@- is refused',
    source: page('CreateSecret'),
    run: (context) =>
      refused(
        context.client.send(new CreateSecretCommand({ Name: `not a name ${randomUUID()}` })),
        'ValidationException',
        /Invalid name/,
      ),
  },
  {
    name: 'a described secret shows its tags and dates but no value',
    source: page('DescribeSecret'),
    async run(context) {
      const name = freshName();
      await context.client.send(
        new CreateSecretCommand({
          Name: name,
          SecretString: 'hush',
          Tags: [{ Key: 'team', Value: 'orders' }],
        }),
      );
      const described = await context.client.send(new DescribeSecretCommand({ SecretId: name }));
      assert.deepEqual(described.Tags, [{ Key: 'team', Value: 'orders' }]);
      assert.ok(described.CreatedDate instanceof Date);
      assert.ok(!JSON.stringify(described).includes('hush'));
    },
  },
  {
    name: 'tags are added, replaced and removed',
    source: page('TagResource'),
    async run(context) {
      const { name } = await create(context);
      for (const Value of ['1', '2'])
        await context.client.send(
          new TagResourceCommand({
            SecretId: name,
            Tags: [
              { Key: 'a', Value },
              { Key: `b${Value}`, Value },
            ],
          }),
        );
      await context.client.send(new UntagResourceCommand({ SecretId: name, TagKeys: ['b1'] }));
      const { Tags: tags = [] } = await context.client.send(new DescribeSecretCommand({ SecretId: name }));
      assert.deepEqual(tags.map(({ Key, Value }) => `${Key}=${Value}`).toSorted(), ['a=2', 'b2=2']);
    },
  },
  {
    name: 'a list filtered by name finds what begins with it, page by page',
    source: page('ListSecrets'),
    async run(context) {
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
  },
  {
    name: 'a page token that nobody gave out is refused',
    source: page('ListSecrets'),
    run: (context) =>
      refused(
        context.client.send(new ListSecretsCommand({ NextToken: 'no-such-page' })),
        'InvalidNextTokenException',
      ),
  },
  {
    name: 'a secret that waits for its deletion cannot be read or changed',
    source: page('DeleteSecret'),
    async run(context) {
      const { name } = await create(context, 'first');
      await context.client.send(new DeleteSecretCommand({ SecretId: name, RecoveryWindowInDays: 7 }));
      await refused(read(context, name), 'InvalidRequestException', /marked for deletion|marked deleted/);
      await refused(
        context.client.send(new PutSecretValueCommand({ SecretId: name, SecretString: 'second' })),
        'InvalidRequestException',
      );
    },
  },
  {
    name: 'a secret that waits for its deletion can be described and is left out of lists',
    source: page('ListSecrets'),
    async run(context) {
      const { name } = await create(context, 'first');
      await context.client.send(new DeleteSecretCommand({ SecretId: name }));
      const described = await context.client.send(new DescribeSecretCommand({ SecretId: name }));
      assert.ok(described.DeletedDate instanceof Date);
      const filters = { Filters: [{ Key: 'name' as const, Values: [name] }] };
      const listed = await context.client.send(new ListSecretsCommand(filters));
      const all = await context.client.send(
        new ListSecretsCommand({ ...filters, IncludePlannedDeletion: true }),
      );
      assert.equal(listed.SecretList?.length, 0);
      assert.equal(all.SecretList?.length, 1);
    },
  },
  {
    name: 'a secret is deleted in 30 days unless told otherwise',
    source: page('DeleteSecret'),
    async run(context) {
      const { name } = await create(context, 'first');
      const created = await context.client.send(new DescribeSecretCommand({ SecretId: name }));
      const deleted = await context.client.send(new DeleteSecretCommand({ SecretId: name }));
      const days = ((deleted.DeletionDate?.getTime() ?? 0) - (created.CreatedDate?.getTime() ?? 0)) / dayMs;
      assert.ok(Math.abs(days - 30) < 0.1, `${days} days`);
    },
  },
  {
    name: 'a restored secret has its value again',
    source: page('RestoreSecret'),
    async run(context) {
      const { name } = await create(context, 'first');
      await context.client.send(new DeleteSecretCommand({ SecretId: name }));
      await context.client.send(new RestoreSecretCommand({ SecretId: name }));
      assert.equal((await read(context, name)).SecretString, 'first');
    },
  },
  {
    name: 'a secret is gone, and its name free, when its recovery window has passed',
    source: page('DeleteSecret'),
    async run(context) {
      const { name } = await create(context, 'first');
      await context.client.send(new DeleteSecretCommand({ SecretId: name, RecoveryWindowInDays: 7 }));
      await context.advance(7 * dayMs);
      await refused(read(context, name), 'ResourceNotFoundException');
      await context.client.send(new CreateSecretCommand({ Name: name }));
    },
  },
  {
    name: 'the name of a secret that waits for its deletion is not free',
    source: page('CreateSecret'),
    async run(context) {
      const { name } = await create(context, 'first');
      await context.client.send(new DeleteSecretCommand({ SecretId: name }));
      await refused(
        context.client.send(new CreateSecretCommand({ Name: name })),
        'InvalidRequestException',
        /already scheduled for deletion/,
      );
    },
  },
  {
    name: 'a forced deletion takes the secret at once, with its name and its ARN',
    source: page('DeleteSecret'),
    async run(context) {
      const { name, arn } = await create(context, 'first');
      await context.client.send(
        new DeleteSecretCommand({ SecretId: name, ForceDeleteWithoutRecovery: true }),
      );
      await refused(read(context, arn), 'ResourceNotFoundException');
      const again = await context.client.send(new CreateSecretCommand({ Name: name }));
      assert.notEqual(again.ARN, arn);
    },
  },
  {
    name: 'a forced deletion of nothing succeeds',
    source: page('DeleteSecret'),
    async run(context) {
      const name = freshName();
      await context.client.send(
        new DeleteSecretCommand({ SecretId: name, ForceDeleteWithoutRecovery: true }),
      );
    },
  },
  {
    name: 'a recovery window outside 7 to 30 days is refused',
    source: page('DeleteSecret'),
    async run(context) {
      const { name } = await create(context, 'first');
      for (const days of [6, 31])
        await refused(
          context.client.send(new DeleteSecretCommand({ SecretId: name, RecoveryWindowInDays: days })),
          'InvalidParameterException',
          /between 7 and 30 days/,
        );
    },
  },
  {
    name: 'a forced deletion with a recovery window is refused',
    source: page('DeleteSecret'),
    async run(context) {
      const { name } = await create(context, 'first');
      await refused(
        context.client.send(
          new DeleteSecretCommand({
            SecretId: name,
            RecoveryWindowInDays: 7,
            ForceDeleteWithoutRecovery: true,
          }),
        ),
        'InvalidParameterException',
      );
    },
  },
  {
    name: 'a random password has 32 characters and every kind among them',
    source: page('GetRandomPassword'),
    async run(context) {
      const { RandomPassword: password = '' } = await context.client.send(new GetRandomPasswordCommand({}));
      assert.equal(password.length, 32);
      for (const kind of [/[a-z]/, /[A-Z]/, /[0-9]/, /[^a-zA-Z0-9]/]) assert.match(password, kind);
    },
  },
  {
    name: 'a random password keeps to its length and to what is excluded',
    source: page('GetRandomPassword'),
    async run(context) {
      const { RandomPassword: password = '' } = await context.client.send(
        new GetRandomPasswordCommand({
          PasswordLength: 200,
          ExcludePunctuation: true,
          ExcludeCharacters: 'aeiou',
        }),
      );
      assert.match(password, /^[b-df-hj-np-tv-zA-Z0-9]{200}$/);
    },
  },
];
