import { strict as assert } from 'node:assert';
import { randomUUID } from 'node:crypto';
import {
  BatchGetSecretValueCommand,
  CreateSecretCommand,
  GetSecretValueCommand,
  ListSecretVersionIdsCommand,
  PutSecretValueCommand,
} from '@aws-sdk/client-secrets-manager';
import { create, freshName, labels, page, type Rule, read, refused } from './rule.ts';

const largestValue = 65_536;

/** Rules about reading and adding values. */
export const valueRules: readonly Rule[] = [
  {
    name: 'a value is read back by name',
    source: page('GetSecretValue'),
    async run(context) {
      const { name, arn, versionId } = await create(context, 'open sesame');
      const answer = await read(context, name);
      assert.equal(answer.SecretString, 'open sesame');
      assert.equal(answer.ARN, arn);
      assert.equal(answer.Name, name);
      assert.equal(answer.VersionId, versionId);
      assert.deepEqual(answer.VersionStages, ['AWSCURRENT']);
      assert.ok(answer.CreatedDate instanceof Date);
    },
  },
  {
    name: 'a value is read back by its full ARN',
    source: page('GetSecretValue'),
    async run(context) {
      const { arn } = await create(context, 'open sesame');
      assert.equal((await read(context, arn)).SecretString, 'open sesame');
    },
  },
  {
    name: 'a value is read back by its ARN without the random suffix',
    source: page('GetSecretValue'),
    async run(context) {
      const { arn } = await create(context, 'open sesame');
      assert.equal((await read(context, arn.slice(0, -7))).SecretString, 'open sesame');
    },
  },
  {
    name: 'text of every plane survives',
    source: page('GetSecretValue'),
    async run(context) {
      const text = 'Ünïcode 秘密 \u{1F511} "quoted" \\ \n\t end';
      const { name } = await create(context, text);
      assert.equal((await read(context, name)).SecretString, text);
    },
  },
  {
    name: 'bytes survive, and come back as bytes',
    source: page('PutSecretValue'),
    async run(context) {
      const { name } = await create(context);
      const bytes = Uint8Array.from({ length: 256 }, (_, index) => index);
      await context.client.send(new PutSecretValueCommand({ SecretId: name, SecretBinary: bytes }));
      const answer = await read(context, name);
      assert.deepEqual(Buffer.from(answer.SecretBinary ?? []), Buffer.from(bytes));
      assert.equal(answer.SecretString, undefined);
    },
  },
  {
    name: 'a secret that does not exist is not found',
    source: page('GetSecretValue'),
    run: (context) =>
      refused(
        read(context, freshName()),
        'ResourceNotFoundException',
        /^Secrets Manager can't find the specified secret\.$/,
      ),
  },
  {
    name: 'a secret without a value has no AWSCURRENT to read',
    source: page('GetSecretValue'),
    async run(context) {
      const { name } = await create(context);
      await refused(
        read(context, name),
        'ResourceNotFoundException',
        /^Secrets Manager can't find the specified secret value for staging label: AWSCURRENT$/,
      );
    },
  },
  {
    name: 'a label that no version has is not found',
    source: page('GetSecretValue'),
    async run(context) {
      const { name } = await create(context, 'open sesame');
      await refused(
        read(context, name, 'AWSPENDING'),
        'ResourceNotFoundException',
        /specified secret value for staging label: AWSPENDING$/,
      );
    },
  },
  {
    name: 'a version that does not exist is not found',
    source: page('GetSecretValue'),
    async run(context) {
      const { name } = await create(context, 'open sesame');
      const id = randomUUID();
      await refused(
        context.client.send(new GetSecretValueCommand({ SecretId: name, VersionId: id })),
        'ResourceNotFoundException',
        new RegExp(`specified secret value for VersionId: ${id}$`),
      );
    },
  },
  {
    name: 'a version and a label that are not together are refused',
    source: page('GetSecretValue'),
    async run(context) {
      const { name, versionId } = await create(context, 'open sesame');
      await refused(
        context.client.send(
          new GetSecretValueCommand({ SecretId: name, VersionId: versionId, VersionStage: 'AWSPREVIOUS' }),
        ),
        'InvalidRequestException',
        /VersionStage that is not associated to the provided VersionId/,
      );
    },
  },
  {
    name: 'a new value becomes AWSCURRENT and the old one AWSPREVIOUS',
    source: page('PutSecretValue'),
    async run(context) {
      const { name, versionId } = await create(context, 'first');
      const put = await context.client.send(
        new PutSecretValueCommand({ SecretId: name, SecretString: 'second' }),
      );
      assert.equal((await read(context, name)).SecretString, 'second');
      assert.equal((await read(context, name, 'AWSPREVIOUS')).SecretString, 'first');
      assert.deepEqual(await labels(context, name), {
        [versionId]: ['AWSPREVIOUS'],
        [put.VersionId ?? '']: ['AWSCURRENT'],
      });
    },
  },
  {
    name: 'a third value leaves the first without a label, but readable by its id',
    source: page('PutSecretValue'),
    async run(context) {
      const { name, versionId } = await create(context, 'first');
      await context.client.send(new PutSecretValueCommand({ SecretId: name, SecretString: 'second' }));
      await context.client.send(new PutSecretValueCommand({ SecretId: name, SecretString: 'third' }));
      assert.equal((await labels(context, name))[versionId], undefined);
      const answer = await context.client.send(
        new GetSecretValueCommand({ SecretId: name, VersionId: versionId }),
      );
      assert.equal(answer.SecretString, 'first');
    },
  },
  {
    name: 'a value put as AWSPENDING leaves AWSCURRENT where it is',
    source: page('PutSecretValue'),
    async run(context) {
      const { name } = await create(context, 'first');
      const put = await context.client.send(
        new PutSecretValueCommand({ SecretId: name, SecretString: 'next', VersionStages: ['AWSPENDING'] }),
      );
      assert.deepEqual(put.VersionStages, ['AWSPENDING']);
      assert.equal((await read(context, name)).SecretString, 'first');
      assert.equal((await read(context, name, 'AWSPENDING')).SecretString, 'next');
    },
  },
  {
    name: 'the first value is AWSCURRENT whatever label it was put with',
    source: page('PutSecretValue'),
    async run(context) {
      const { name } = await create(context);
      await context.client.send(
        new PutSecretValueCommand({ SecretId: name, SecretString: 'first', VersionStages: ['AWSPENDING'] }),
      );
      assert.equal((await read(context, name)).SecretString, 'first');
    },
  },
  {
    name: 'a label of the caller moves to the newest version that is put with it',
    source: page('PutSecretValue'),
    async run(context) {
      const { name } = await create(context, 'first');
      for (const value of ['blue', 'green'])
        await context.client.send(
          new PutSecretValueCommand({ SecretId: name, SecretString: value, VersionStages: ['mine'] }),
        );
      assert.equal((await read(context, name, 'mine')).SecretString, 'green');
      const holders = Object.values(await labels(context, name)).filter((list) => list.includes('mine'));
      assert.equal(holders.length, 1);
    },
  },
  {
    name: 'the token of the call is the id of the version',
    source: page('PutSecretValue'),
    async run(context) {
      const { name } = await create(context, 'first');
      const token = randomUUID();
      const put = await context.client.send(
        new PutSecretValueCommand({ SecretId: name, SecretString: 'second', ClientRequestToken: token }),
      );
      assert.equal(put.VersionId, token);
    },
  },
  {
    name: 'the same value put again with the same token changes nothing',
    source: page('PutSecretValue'),
    async run(context) {
      const { name } = await create(context, 'first');
      const again = { SecretId: name, SecretString: 'second', ClientRequestToken: randomUUID() };
      await context.client.send(new PutSecretValueCommand(again));
      const before = await labels(context, name);
      const put = await context.client.send(new PutSecretValueCommand(again));
      assert.equal(put.VersionId, again.ClientRequestToken);
      assert.deepEqual(await labels(context, name), before);
    },
  },
  {
    name: 'another value with the same token is refused',
    source: page('PutSecretValue'),
    async run(context) {
      const { name } = await create(context, 'first');
      const token = randomUUID();
      await context.client.send(
        new PutSecretValueCommand({ SecretId: name, SecretString: 'second', ClientRequestToken: token }),
      );
      await refused(
        context.client.send(
          new PutSecretValueCommand({ SecretId: name, SecretString: 'other', ClientRequestToken: token }),
        ),
        'ResourceExistsException',
      );
      assert.equal((await read(context, name)).SecretString, 'second');
    },
  },
  {
    name: 'a value of 65,536 bytes is taken and a longer one refused',
    source: page('PutSecretValue'),
    async run(context) {
      const { name } = await create(context, 'x'.repeat(largestValue));
      assert.equal((await read(context, name)).SecretString?.length, largestValue);
      await refused(
        context.client.send(
          new PutSecretValueCommand({ SecretId: name, SecretString: 'x'.repeat(largestValue + 1) }),
        ),
        'ValidationException',
      );
    },
  },
  {
    name: 'a put without any value is refused',
    source: page('PutSecretValue'),
    async run(context) {
      const { name } = await create(context, 'first');
      await refused(
        context.client.send(new PutSecretValueCommand({ SecretId: name })),
        'InvalidRequestException',
        /You must provide either SecretString or SecretBinary/,
      );
    },
  },
  {
    name: 'a token of fewer than 32 characters is refused',
    source: page('PutSecretValue'),
    async run(context) {
      const { name } = await create(context, 'first');
      await refused(
        context.client.send(
          new PutSecretValueCommand({ SecretId: name, SecretString: 'second', ClientRequestToken: 'short' }),
        ),
        'ValidationException',
      );
    },
  },
  {
    name: 'a request without a token is refused: SDKs add one, plain HTTP has to bring it',
    source: page('PutSecretValue'),
    async run(context) {
      const { name } = await create(context, 'first');
      const { status, body } = await context.raw('PutSecretValue', {
        SecretId: name,
        SecretString: 'second',
      });
      assert.equal(status, 400);
      assert.match(String(body['__type']), /InvalidRequestException$/);
    },
  },
  {
    name: 'a put to a secret that does not exist is not found',
    source: page('PutSecretValue'),
    run: (context) =>
      refused(
        context.client.send(new PutSecretValueCommand({ SecretId: freshName(), SecretString: 'x' })),
        'ResourceNotFoundException',
      ),
  },
  {
    name: 'versions without a label are listed only when they are asked for',
    source: page('ListSecretVersionIds'),
    async run(context) {
      const { name, versionId } = await create(context, 'first');
      for (const value of ['second', 'third'])
        await context.client.send(new PutSecretValueCommand({ SecretId: name, SecretString: value }));
      const listed = await context.client.send(new ListSecretVersionIdsCommand({ SecretId: name }));
      const all = await context.client.send(
        new ListSecretVersionIdsCommand({ SecretId: name, IncludeDeprecated: true }),
      );
      assert.equal(listed.Versions?.length, 2);
      assert.ok(all.Versions?.some((version) => version.VersionId === versionId));
    },
  },
  {
    name: 'a batch answers what it can and lists an error for the rest',
    source: page('BatchGetSecretValue'),
    async run(context) {
      const { name } = await create(context, 'first');
      const missing = freshName();
      const answer = await context.client.send(
        new BatchGetSecretValueCommand({ SecretIdList: [name, missing] }),
      );
      assert.deepEqual(
        answer.SecretValues?.map((entry) => entry.SecretString),
        ['first'],
      );
      assert.deepEqual(
        answer.Errors?.map((entry) => [entry.SecretId, entry.ErrorCode]),
        [[missing, 'ResourceNotFoundException']],
      );
    },
  },
  {
    name: 'a create that is repeated with its token and value answers the same secret',
    source: page('CreateSecret'),
    async run(context) {
      const again = { Name: freshName(), SecretString: 'first', ClientRequestToken: randomUUID() };
      const one = await context.client.send(new CreateSecretCommand(again));
      const other = await context.client.send(new CreateSecretCommand(again));
      assert.equal(other.ARN, one.ARN);
      assert.equal(other.VersionId, one.VersionId);
    },
  },
];
