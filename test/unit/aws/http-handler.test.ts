import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { afterEach, expect, it, onTestFinished, vi } from 'vitest';
import { awsHttpHandler } from '../../../lib/aws/http-handler.ts';
import { secretReader } from '../../../lib/aws/secrets.ts';
import { answer, type Reaction, startScriptedServer } from '../../support/scripted-server.ts';

afterEach(() => void vi.useRealTimers());

const secret = answer(200, '{"SecretString":"value"}', { 'content-type': 'application/x-amz-json-1.1' });

/** Later than an attempt may take. */
const slow: Reaction = (response, socket) => void setTimeout(() => secret(response, socket), 800);

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

it('gives an attempt up that takes too long, and makes another one', async () => {
  const { server, read } = await stand(2, slow, secret);

  expect(await read()).toBe('value');
  expect(server.requests.map(({ connection }) => connection)).toEqual([1, 2]);
});

it('gives the last attempt all the time that is left: a slow service is waited for', async () => {
  const { server, read } = await stand(1, slow);

  expect(await read()).toBe('value');
  expect(server.requests).toHaveLength(1);
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
