import { createServer } from 'node:http';
import { connect, type Socket } from 'node:net';

/** One CONNECT as it arrived. */
export interface Tunnelled {
  /** Host and port. */
  readonly to: string;
  readonly authorization: string | undefined;
}

export interface ConnectProxy {
  readonly url: URL;
  readonly tunnels: readonly Tunnelled[];
  close(): Promise<void>;
}

export interface ConnectProxyOptions {
  /** The server on 127.0.0.1 that every host is, seen through this proxy: names resolve nowhere else. */
  readonly leadsTo: URL;
  /** Answers this instead of leading anywhere: a status, or these very bytes. 0 is no answer at all. */
  readonly refusesWith?: number | string;
}

/** A real HTTP proxy on 127.0.0.1 that knows CONNECT alone, and writes down whom it was asked for. */
export async function startConnectProxy({
  leadsTo,
  refusesWith,
}: ConnectProxyOptions): Promise<ConnectProxy> {
  const tunnels: Tunnelled[] = [];
  const sockets = new Set<Socket>();
  const kept = (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
    return socket;
  };
  const server = createServer((_, response) => void response.writeHead(405).end());
  server.on('connection', kept);
  server.on('connect', ({ url: to = '', headers }, socket: Socket) => {
    tunnels.push({ to, authorization: headers['proxy-authorization'] });
    if (refusesWith === 0) return;
    if (refusesWith !== undefined) {
      const refusal = `HTTP/1.1 ${refusesWith} No\r\nContent-Type: text/html\r\n\r\n<h1>No</h1>`;
      socket.end(typeof refusesWith === 'string' ? refusesWith : refusal);
      return;
    }
    const there = kept(
      connect(Number(leadsTo.port), leadsTo.hostname, () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        socket.pipe(there).pipe(socket);
      }),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The proxy has no port.');
  return {
    url: new URL(`http://127.0.0.1:${address.port}`),
    tunnels,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
