import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { awsHttpHandler } from '../../../lib/aws/http-handler.ts';
import { secretReader } from '../../../lib/aws/secrets.ts';
import { answer, hang, type Reaction, reset, startScriptedServer } from '../../support/scripted-server.ts';
import { eventually } from '../../support/waiting.ts';

afterEach(() => void vi.useRealTimers());

const secret = answer(200, '{"SecretString":"value"}', { 'content-type': 'application/x-amz-json-1.1' });

/** Later than a second request waits. */
const slow: Reaction = (response, socket) => void setTimeout(() => secret(response, socket), 800);
const resetLate: Reaction = (response, socket) => void setTimeout(() => reset(response, socket), 800);

/** Reads a secret from a server whose answers are these, with so many attempts. */
async function stand(maxAttempts: number, ...reactions: readonly Reaction[]) {
  const server = await startScriptedServer();
  onTestFinished(() => server.close());
  server.script(...reactions);
  const client = new SecretsManagerClient({
    endpoint: server.url.href,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts,
    requestHandler: awsHttpHandler(),
  });
  onTestFinished(() => client.destroy());
  return { server, read: secretReader(client, 'arn') };
}

it.each([
  ['makes a second request, over another connection, beside one that is never answered', [hang, secret]],
  ['waits on for a service that is slow, and takes its first answer', [slow, hang]],
  ['takes the second answer when the first connection ends without one', [resetLate, slow]],
])('%s', async (_, reactions) => {
  const { server, read } = await stand(1, ...reactions);

  expect(await read()).toBe('value');
  expect(server.requests.map(({ connection }) => connection)).toEqual([1, 2]);
});

it('reads an answer that comes too late, so that its connection serves again', async () => {
  const { server, read } = await stand(1, slow, secret);
  await read();

  const served = await eventually('a request over the first connection', async () => {
    await Promise.all([read(), read(), read()]);
    return server.requests.slice(2).some(({ connection }) => connection === 1);
  });

  expect(served).toBe(true);
  expect(server.requests.slice(0, 2).map(({ connection }) => connection)).toEqual([1, 2]);
});

it('waits for every call of a slow service, also for more than the SDK would try again', async () => {
  const { server, read } = await stand(3, slow);

  const values = await Promise.all(Array.from({ length: 60 }, read));

  expect(values).toEqual(Array.from({ length: 60 }, () => 'value'));
  expect(server.requests.length).toBeLessThanOrEqual(120);
});

describe('when a freeze has killed its connections', () => {
  it('meets one of the dead, and makes its neighbours anew', async () => {
    const { server, read } = await stand(1, slow);
    await Promise.all([read(), read(), read()]);
    const dead = server.connections();
    let metDead = 0;
    server.script((response, socket) => {
      const isDead = (server.requests.at(-1)?.connection ?? 0) <= dead;
      if (isDead) metDead += 1;
      (isDead ? hang : secret)(response, socket);
    });

    await read();
    await read();

    expect(metDead).toBe(1);
  });
});

it('fails as the first request did when neither is answered', async () => {
  const { server, read } = await stand(1, resetLate, reset);

  await expect(read()).rejects.toMatchObject({ cause: { code: 'ECONNRESET' } });
  expect(server.requests).toHaveLength(2);
});

it.each([
  ['keeps its connection for ten seconds', 10_000, 1],
  ['makes another connection after more than ten seconds without a call', 10_001, 2],
])('%s', async (_, passedMs, connections) => {
  const { server, read } = await stand(1, secret);
  vi.useFakeTimers({ toFake: ['Date'] });
  await read();
  vi.setSystemTime(Date.now() + passedMs);

  await read();

  expect(server.connections()).toBe(connections);
});
