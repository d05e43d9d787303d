import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { projectRoot } from '../../../../support/lambda-functions.ts';
import { listen } from '../../../../support/listen.ts';

const client = join(projectRoot, 'local/aws/lambda/runtime-client.mjs');
const children: ChildProcess[] = [];

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

function run(source: string, runtimeApi: string): ChildProcess {
  const child = spawn(process.execPath, ['--import', client, '--eval', source], {
    env: { AWS_LAMBDA_RUNTIME_API: runtimeApi },
    stdio: 'ignore',
  });
  children.push(child);
  return child;
}

describe('a process with the stand-in for the native client', () => {
  it('ends when its connection to the Runtime API does, although it has more to do', async () => {
    const server = createServer();
    const port = await listen(server);
    const child = run('setInterval(() => {}, 1000);', `127.0.0.1:${port}`);
    const socket = await new Promise<Socket>((resolve) => void server.once('connection', resolve));

    socket.destroy();
    server.close();
    const [exitCode] = await once(child, 'exit');

    expect(exitCode).toBe(1);
  });

  it('ends when there is no Runtime API', async () => {
    const child = run('setInterval(() => {}, 1000);', '127.0.0.1:1');

    const [exitCode] = await once(child, 'exit');

    expect(exitCode).toBe(1);
  });

  it('is not kept alive by that connection', async () => {
    const server = createServer();
    const port = await listen(server);
    const child = run('', `127.0.0.1:${port}`);

    const [exitCode] = await once(child, 'exit');
    server.close();

    expect(exitCode).toBe(0);
  });
});
