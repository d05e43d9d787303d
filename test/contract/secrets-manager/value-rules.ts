import { strict as assert } from 'node:assert';
import { randomUUID } from 'node:crypto';
import {
  BatchGetSecretValueCommand,
  CreateSecretCommand,
  GetSecretValueCommand,
  ListSecretVersionIdsCommand,
  PutSecretValueCommand,
} from '@aws-sdk/client-secrets-manager';
import { create, freshName, labels, type Rule, read, refused, rulesOf } from './rule.ts';

const largestValue = 65_536;

/** Rules about reading and adding values. */
export const valueRules: readonly Rule[] = [
  ...rulesOf('GetSecretValue', {
    async 'a value is read back by name'(context) {
      const { name, arn, versionId } = await create(context, 'open sesame');
      const answer = await read(context, name);
      assert.equal(answer.SecretString, 'open sesame');
      assert.equal(answer.ARN, arn);
      assert.equal(answer.Name, name);
      assert.equal(answer.VersionId, versionId);
      assert.deepEqual(answer.VersionStages, ['AWSCURRENT']);
      assert.ok(answer.CreatedDate instanceof Date);
    },
    async 'a value is read back by its full ARN'(context) {
      const { arn } = await create(context, 'open sesame');
      assert.equal((await read(context, arn)).SecretString, 'open sesame');
    },
    async 'a value is read back by its ARN without the random suffix'(context) {
      const { arn } = await create(context, 'open sesame');
      assert.equal((await read(context, arn.slice(0, -7))).SecretString, 'open sesame');
    },
    async 'text of every plane survives'(context) {
      const text = 'Ünïcode 秘密 \u{1F511} "quoted" \\ \n\t end';
      const { name } = await create(context, text);
      assert.equal((await read(context, name)).SecretString, text);
    },
    'a secret that does not exist is not found': (context) =>
      refused(
        read(context, freshName()),
        'ResourceNotFoundException',
        /^Secrets Manager can't find the specified secret\.$/,
      ),
    async 'a secret without a value has no AWSCURRENT to read'(context) {
      const { name } = await create(context);
      await refused(
        read(context, name),
        'ResourceNotFoundException',
        /^Secrets Manager can't find the specified secret value for staging label: AWSCURRENT$/,
      );
    },
    async 'a label that no version has is not found'(context) {
      const { name } = await create(context, 'open sesame');
      await refused(
        read(context, name, 'AWSPENDING'),
        'ResourceNotFoundException',
        /specified secret value for staging label: AWSPENDING$/,
      );
    },
    async 'a version that does not exist is not found'(context) {
      const { name } = await create(context, 'open sesame');
      const id = randomUUID();
      await refused(
        context.client.send(new GetSecretValueCommand({ SecretId: name, VersionId: id })),
        'ResourceNotFoundException',
        new RegExp(`specified secret value for VersionId: ${id}$`),
      );
    },
    async 'a version and a label that are not together are refused'(context) {
      const { name, versionId } = await create(context, 'open sesame');
      await refused(
        context.client.send(
          new GetSecretValueCommand({ SecretId: name, VersionId: versionId, VersionStage: 'AWSPREVIOUS' }),
        ),
        'InvalidRequestException',
        /VersionStage that is not associated to the provided VersionId/,
      );
    },
  }),
  ...rulesOf('PutSecretValue', {
    async 'bytes survive, and come back as bytes'(context) {
      const { name } = await create(context);
      const bytes = Uint8Array.from({ length: 256 }, (_, index) => index);
      await context.client.send(new PutSecretValueCommand({ SecretId: name, SecretBinary: bytes }));
      const answer = await read(context, name);
      assert.deepEqual(Buffer.from(answer.SecretBinary ?? []), Buffer.from(bytes));
      assert.equal(answer.SecretString, undefined);
    },
    async 'a new value becomes AWSCURRENT and the old one AWSPREVIOUS'(context) {
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
    async 'a third value leaves the first without a label, but readable by its id'(context) {
      const { name, versionId } = await create(context, 'first');
      await context.client.send(new PutSecretValueCommand({ SecretId: name, SecretString: 'second' }));
      await context.client.send(new PutSecretValueCommand({ SecretId: name, SecretString: 'third' }));
      assert.equal((await labels(context, name))[versionId], undefined);
      const answer = await context.client.send(
        new GetSecretValueCommand({ SecretId: name, VersionId: versionId }),
      );
      assert.equal(answer.SecretString, 'first');
    },
    async 'a value put as AWSPENDING leaves AWSCURRENT where it is'(context) {
      const { name } = await create(context, 'first');
      const put = await context.client.send(
        new PutSecretValueCommand({ SecretId: name, SecretString: 'next', VersionStages: ['AWSPENDING'] }),
      );
      assert.deepEqual(put.VersionStages, ['AWSPENDING']);
      assert.equal((await read(context, name)).SecretString, 'first');
      assert.equal((await read(context, name, 'AWSPENDING')).SecretString, 'next');
    },
    async 'the first value is AWSCURRENT whatever label it was put with'(context) {
      const { name } = await create(context);
      await context.client.send(
        new PutSecretValueCommand({ SecretId: name, SecretString: 'first', VersionStages: ['AWSPENDING'] }),
      );
      assert.equal((await read(context, name)).SecretString, 'first');
    },
    async 'a label of the caller moves to the newest version that is put with it'(context) {
      const { name } = await create(context, 'first');
      for (const value of ['blue', 'green'])
        await context.client.send(
          new PutSecretValueCommand({ SecretId: name, SecretString: value, VersionStages: ['mine'] }),
        );
      assert.equal((await read(context, name, 'mine')).SecretString, 'green');
      const holders = Object.values(await labels(context, name)).filter((list) => list.includes('mine'));
      assert.equal(holders.length, 1);
    },
    async 'the token of the call is the id of the version'(context) {
      const { name } = await create(context, 'first');
      const token = randomUUID();
      const put = await context.client.send(
        new PutSecretValueCommand({ SecretId: name, SecretString: 'second', ClientRequestToken: token }),
      );
      assert.equal(put.VersionId, token);
    },
    async 'the same value put again with the same token changes nothing'(context) {
      const { name } = await create(context, 'first');
      const again = { SecretId: name, SecretString: 'second', ClientRequestToken: randomUUID() };
      await context.client.send(new PutSecretValueCommand(again));
      const before = await labels(context, name);
      const put = await context.client.send(new PutSecretValueCommand(again));
      assert.equal(put.VersionId, again.ClientRequestToken);
      assert.deepEqual(await labels(context, name), before);
    },
    async 'another value with the same token is refused'(context) {
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
    async 'a value of 65,536 bytes is taken and a longer one refused'(context) {
      const { name } = await create(context, 'x'.repeat(largestValue));
      assert.equal((await read(context, name)).SecretString?.length, largestValue);
      await refused(
        context.client.send(
          new PutSecretValueCommand({ SecretId: name, SecretString: 'x'.repeat(largestValue + 1) }),
        ),
        'ValidationException',
      );
    },
    async 'a put without any value is refused'(context) {
      const { name } = await create(context, 'first');
      await refused(
        context.client.send(new PutSecretValueCommand({ SecretId: name })),
        'InvalidRequestException',
        /You must provide either SecretString or SecretBinary/,
      );
    },
    async 'a token of fewer than 32 characters is refused'(context) {
      const { name } = await create(context, 'first');
      await refused(
        context.client.send(
          new PutSecretValueCommand({ SecretId: name, SecretString: 'second', ClientRequestToken: 'short' }),
        ),
        'ValidationException',
      );
    },
    async 'a request without a token is refused: SDKs add one, plain HTTP has to bring it'(context) {
      const { name } = await create(context, 'first');
      const { status, body } = await context.raw('PutSecretValue', {
        SecretId: name,
        SecretString: 'second',
      });
      assert.equal(status, 400);
      assert.match(String(body['__type']), /InvalidRequestException$/);
    },
    'a put to a secret that does not exist is not found': (context) =>
      refused(
        context.client.send(new PutSecretValueCommand({ SecretId: freshName(), SecretString: 'x' })),
        'ResourceNotFoundException',
      ),
  }),
  ...rulesOf('ListSecretVersionIds', {
    async 'versions without a label are listed only when they are asked for'(context) {
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
  }),
  ...rulesOf('BatchGetSecretValue', {
    async 'a batch answers what it can and lists an error for the rest'(context) {
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
  }),
  ...rulesOf('CreateSecret', {
    async 'a create that is repeated with its token and value answers the same secret'(context) {
      const again = { Name: freshName(), SecretString: 'first', ClientRequestToken: randomUUID() };
      const one = await context.client.send(new CreateSecretCommand(again));
      const other = await context.client.send(new CreateSecretCommand(again));
      assert.equal(other.ARN, one.ARN);
      assert.equal(other.VersionId, one.VersionId);
    },
  }),
];
