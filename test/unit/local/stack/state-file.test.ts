import { mkdir, mkdtemp, readFile, rename, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { type AwsServices, startAwsServices } from '../../../../local/aws/services.ts';
import { systemClock } from '../../../../local/clock.ts';
import { type LocalState, readState, writeState } from '../../../../local/stack/state-file.ts';
import { startScriptedServer } from '../../../support/scripted-server.ts';

let folder: string;
let services: AwsServices;
let state: LocalState;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'relay-state-'));
  services = await startAwsServices({
    clock: systemClock,
    region: 'us-east-1',
    accountId: '000000000000',
    port: undefined,
  });
  state = {
    pid: process.pid,
    region: 'us-east-1',
    accountId: '000000000000',
    stage: 'local',
    awsUrl: services.url,
    token: services.token,
    connectlyUrl: 'http://127.0.0.1:1',
    webhookUrl: 'http://127.0.0.1:2/webhooks',
    businessId: 'business-1',
    outputs: {
      SendsQueueUrl: `${services.url}/000000000000/sends`,
      ConnectlyBaseUrl: 'https://api.connectly.ai/v1',
    },
  };
});

afterEach(async () => {
  await services.close();
  await rm(folder, { recursive: true });
});

describe('The file that says where the local stack is', () => {
  it('is believed when the stack answers as itself, and is for its owner alone', async () => {
    await writeState(folder, state);

    const found = await readState(folder);

    expect(found).toEqual(state);
    expect((await stat(join(folder, '.relay/local.json'))).mode & 0o777).toBe(0o600);
  });

  it('is not written through a link that somebody has put beside it', async () => {
    const other = join(folder, 'other');
    await writeFile(other, 'of somebody else');
    await mkdir(join(folder, '.relay'));
    await symlink(other, join(folder, `.relay/local.json.${process.pid}`));

    await writeState(folder, state);

    expect(await readFile(other, 'utf8')).toBe('of somebody else');
    expect(await readState(folder)).toEqual(state);
  });

  it('counts as none when it is a link', async () => {
    await writeState(folder, state);
    await rename(join(folder, '.relay/local.json'), join(folder, 'other'));
    await symlink(join(folder, 'other'), join(folder, '.relay/local.json'));

    const found = await readState(folder);

    expect(found).toBeUndefined();
  });

  it.each<[string, Partial<LocalState>]>([
    ['the emulated AWS', { awsUrl: 'http://0.0.0.0:45871' }],
    ['the fake Connectly', { connectlyUrl: 'https://evil.example' }],
    ['the webhook', { webhookUrl: 'http://127.0.0.1.evil.example/webhooks' }],
    ['a queue', { outputs: { SendsQueueUrl: 'http://evil.example/sends' } }],
    ['a dead-letter queue', { outputs: { SendsDlqUrl: 'nonsense' } }],
  ])('is refused when it has %s on another machine', async (_, foreign) => {
    await writeState(folder, { ...state, ...foreign });

    const reading = readState(folder);

    await expect(reading).rejects.toMatchObject({
      code: 'local-state-refused',
      message: expect.stringContaining('Remove the file, then: npm start'),
    });
  });

  it('counts as none when another stack has the port since', async () => {
    await writeState(folder, { ...state, token: 'of-the-one-before' });

    const found = await readState(folder);

    expect(found).toBeUndefined();
  });

  it('counts as none when another program has the port since, which hears nothing but the question', async () => {
    const other = await startScriptedServer();
    onTestFinished(() => other.close());
    await writeState(folder, { ...state, awsUrl: other.url.origin });

    const found = await readState(folder);

    expect(found).toBeUndefined();
    expect(other.requests.map(({ path, body }) => [path, body])).toEqual([['/', '{}']]);
  });

  it('counts as none when nothing can be read from it', async () => {
    await writeState(folder, state);
    await writeFile(join(folder, '.relay/local.json'), '{');

    const found = await readState(folder);

    expect(found).toBeUndefined();
  });
});
