import { once } from 'node:events';
import { createServer, type Server } from 'node:net';

/** Has a server listen on a free port of this machine, and resolves to its number. */
export async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  return address.port;
}

/** A port of this machine that nobody has at the moment: for a program that wants to be told, or as an address that is gone. */
export async function freePort(): Promise<number> {
  const server = createServer();
  const port = await listen(server);
  server.close();
  await once(server, 'close');
  return port;
}
