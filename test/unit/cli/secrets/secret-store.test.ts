import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { secretStore } from '../../../../cli/secrets/secret-store.ts';
import { type AwsEndpoint, startAwsEndpoint } from '../../../../local/aws/protocols/endpoint.ts';
import { createSecretsManager } from '../../../../local/aws/secrets-manager/secrets-manager.ts';
import { systemClock } from '../../../../local/clock.ts';
import { clientSettings } from '../../../support/client-settings.ts';

let endpoint: AwsEndpoint;
let client: SecretsManagerClient;
let arn = '';

beforeEach(async () => {
  const secrets = createSecretsManager({
    clock: systemClock,
    region: 'us-east-1',
    accountId: '000000000000',
  });
  ({ arn } = secrets.createSecret({ name: 'secret' }));
  endpoint = await startAwsEndpoint({ services: [secrets.service] });
  client = new SecretsManagerClient(clientSettings(endpoint.url, 'us-east-1'));
});

afterEach(async () => {
  client.destroy();
  await endpoint.close();
});

const storeOf = (secretArn: string) => secretStore(client, { secretArn, targetOptions: '--stage test' });

async function current(): Promise<string | undefined> {
  return (await client.send(new GetSecretValueCommand({ SecretId: arn }))).SecretString;
}

/** The labels of all versions that have one. */
async function labels(): Promise<string[]> {
  const { VersionIdsToStages: stages = {} } = await client.send(new DescribeSecretCommand({ SecretId: arn }));
  return Object.values(stages).flat().toSorted();
}

describe('secretStore', () => {
  it('reads nothing from an empty secret, and fills it', async () => {
    const store = storeOf(arn);

    const empty = await store.read();
    const versionId = await store.replace('first', empty);

    expect(empty).toBeUndefined();
    expect(await store.read()).toMatchObject({ value: 'first', versionId });
  });

  it('replaces the value it has read, keeps that as the previous one, and leaves no other label', async () => {
    const store = storeOf(arn);
    await store.replace('first', undefined);

    await store.replace('second', await store.read());

    expect(await current()).toBe('second');
    expect(await labels()).toEqual(['AWSCURRENT', 'AWSPREVIOUS']);
  });

  it('changes nothing when somebody else has been faster', async () => {
    const [mine, theirs] = [storeOf(arn), storeOf(arn)];
    await mine.replace('first', undefined);
    const read = await mine.read();
    await theirs.replace('theirs', await theirs.read());

    const replacing = mine.replace('mine', read);

    await expect(replacing).rejects.toMatchObject({
      code: 'secret-changed-meanwhile',
      message: expect.stringContaining('npx relay secrets status --stage test'),
    });
    expect(await current()).toBe('theirs');
    expect(await labels()).toEqual(['AWSCURRENT', 'AWSPREVIOUS']);
  });

  it('has replaced the value even when somebody else took the label of the new version meanwhile', async () => {
    const store = storeOf(arn);
    await store.replace('first', undefined);
    const read = await store.read();
    beforeFirst('UpdateSecretVersionStageCommand', async () => {
      const theirs = { SecretId: arn, SecretString: 'theirs', VersionStages: ['RELAYPENDING'] };
      await client.send(new PutSecretValueCommand(theirs));
    });

    const versionId = await store.replace('mine', read);

    expect(await store.read()).toMatchObject({ value: 'mine', versionId });
  });
});

/** Lets something else happen right before the first request of a kind. */
function beforeFirst(commandName: string, happen: () => Promise<void>): void {
  let done = false;
  client.middlewareStack.add(
    (next, context) => async (args) => {
      if (!done && context['commandName'] === commandName) {
        done = true;
        await happen();
      }
      return next(args);
    },
    { step: 'initialize' },
  );
}
