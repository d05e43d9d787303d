import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { listen } from '../../support/listen.ts';
import { killChild, processBehind } from './worker-process.ts';

let server: Server;
let child: ChildProcess;
let socket: Socket;

beforeEach(async () => {
  const connected = new Promise<Socket>((resolve) => {
    server = createServer(resolve);
  });
  const port = await listen(server);
  child = spawn(process.execPath, ['-e', `require('node:net').connect(${port}, '127.0.0.1')`]);
  socket = await connected;
});

afterEach(() => {
  child.kill('SIGKILL');
  socket.destroy();
  server.close();
});

it('The process behind a connection is found among several children', async () => {
  const other = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);

  const pid = await processBehind(socket);
  other.kill('SIGKILL');

  expect(pid).toBe(child.pid);
});

it('A child is killed once, and is behind no connection after that', async () => {
  const pid = child.pid ?? 0;
  const closed = once(child, 'close');

  const first = await killChild(pid);
  await closed;
  const second = await killChild(pid);

  expect([first, second]).toEqual([true, false]);
  expect(child.signalCode).toBe('SIGKILL');
  expect(await processBehind(socket)).toBeUndefined();
});

it('A process that is no child is left alone', async () => {
  const killed = await killChild(process.ppid);

  expect(killed).toBe(false);
});
