import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { listen } from '../../support/listen.ts';
import { monotonicMs } from './frozen-sender.ts';
import { vendorId } from './task.ts';

/**
 * What a server does with a connection that rests. `forget`: nothing that can be seen; the connection is gone for it, as
 * when the end of it was lost on the way.
 */
export type Act = 'keep' | 'end' | 'close' | 'reset' | 'unasked answer' | 'forget';

/** The connection that carried a message, seen from its server. */
export interface RestingConnection {
  /** By `monotonicMs`; infinity while it is not given up. */
  readonly givenUpAt: number;
  /** Does nothing when another message has come over it. Resolves when it is done. */
  act(act: Act): Promise<void>;
}

/** A server that takes one message after the other, and does with its connections what it is told. */
export interface RestingServer {
  readonly url: string;
  /** How many connections were ever opened. */
  readonly connections: number;
  /** How often that message has come. */
  arrivals(serial: number): number;
  /** The headers of later answers, and whether the connection ends right behind each. */
  answerWith(headers: readonly string[], endsBehind: boolean): void;
  /** Of the last message. */
  rest(): RestingConnection;
  close(): void;
}

interface Connection {
  readonly socket: Socket;
  givenUpAt: number;
  messages: number;
}

const body = JSON.stringify({ id: vendorId });
const unasked = 'HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\nConnection: close\r\n\r\n';

export async function startRestingServer(): Promise<RestingServer> {
  const sockets = new Set<Socket>();
  const arrivals = new Map<number, number>();
  let connections = 0;
  let last: Connection | undefined;
  let headers: readonly string[] = [];
  let endsBehind = false;

  const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    const connection: Connection = { socket, givenUpAt: Number.POSITIVE_INFINITY, messages: 0 };
    let unread = '';
    connections += 1;
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
    socket.on('end', () => socket.end());
    socket.on('data', (chunk: Buffer) => {
      // For a server that has given it up, there is no such connection.
      if (connection.givenUpAt <= monotonicMs() || socket.writableEnded) return socket.resetAndDestroy();
      unread += chunk.toString('latin1');
      const serial = Number(/"#(\d+)"/.exec(unread)?.[1]);
      if (Number.isNaN(serial)) return;
      unread = '';
      last = connection;
      connection.messages += 1;
      arrivals.set(serial, (arrivals.get(serial) ?? 0) + 1);
      const head = ['HTTP/1.1 201 Created', `Content-Length: ${body.length}`, ...headers];
      const answer = `${head.join('\r\n')}\r\n\r\n${body}`;
      if (endsBehind) void giveUp(connection, 'finish', () => socket.end(answer));
      else socket.write(answer);
    });
  });

  const port = await listen(server);
  return {
    url: `http://127.0.0.1:${port}`,
    get connections() {
      return connections;
    },
    arrivals: (serial) => arrivals.get(serial) ?? 0,
    answerWith(next, isLast) {
      headers = next;
      endsBehind = isLast;
    },
    rest() {
      if (last === undefined) throw new Error('No message has come.');
      return restOf(last);
    },
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

function restOf(connection: Connection): RestingConnection {
  const { socket, messages } = connection;
  return {
    get givenUpAt() {
      return connection.givenUpAt;
    },
    async act(act) {
      if (connection.messages > messages || socket.destroyed || socket.writableEnded) return;
      if (act === 'end') await giveUp(connection, 'finish', () => socket.end());
      if (act === 'unasked answer') await giveUp(connection, 'finish', () => socket.end(unasked));
      if (act === 'reset') await giveUp(connection, 'close', () => socket.resetAndDestroy());
      if (act === 'close') await giveUp(connection, 'close', () => socket.destroy());
      if (act === 'forget') connection.givenUpAt = monotonicMs();
    },
  };
}

/** When the event comes, the kernel has it: whoever looks later can see it. */
async function giveUp(connection: Connection, event: 'finish' | 'close', end: () => unknown): Promise<void> {
  const done = once(connection.socket, event);
  end();
  await done.catch(() => {});
  connection.givenUpAt = Math.min(connection.givenUpAt, monotonicMs());
}
