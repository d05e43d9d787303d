import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { Socket } from 'node:net';
import type { TlsOptions } from 'node:tls';
import { listen } from './listen.ts';
import { tlsIdentity } from './tls-identity.ts';

/** One request as it arrived. */
export interface RecordedRequest {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  /** Names in lower case. */
  readonly headers: IncomingMessage['headers'];
  /** Names and values in turn, as they stood on the wire. */
  readonly rawHeaders: readonly string[];
  readonly body: string;
  /** Which connection it came over, counted from 1. */
  readonly connection: number;
}

/** What the server does with a request that it has read to its end. */
export type Reaction = (response: ServerResponse, socket: Socket) => void;

export interface ScriptedServer {
  readonly url: URL;
  readonly requests: readonly RecordedRequest[];
  /** How many connections were ever opened. */
  connections(): number;
  /** The reactions to the next requests, in turn; the last one goes on for all that follow. */
  script(...reactions: readonly Reaction[]): void;
  close(): Promise<void>;
}

/**
 * A real HTTP server on 127.0.0.1 that records every request and reacts as scripted; with 200 and `{}` before that. Over
 * TLS its certificate is one that nobody trusts.
 */
export async function startScriptedServer({
  isSecure = false,
  tls = {},
}: {
  readonly isSecure?: boolean;
  readonly tls?: TlsOptions;
} = {}): Promise<ScriptedServer> {
  const requests: RecordedRequest[] = [];
  const sockets = new Map<Socket, number>();
  let opened = 0;
  let reactions: readonly Reaction[] = [answer(200, '{}')];
  const listener = (request: IncomingMessage, response: ServerResponse) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      requests.push({
        method: request.method ?? '',
        path: request.url ?? '',
        headers: request.headers,
        rawHeaders: request.rawHeaders,
        body: Buffer.concat(chunks).toString('utf8'),
        connection: sockets.get(request.socket) ?? 0,
      });
      const [reaction, ...rest] = reactions;
      if (rest.length > 0) reactions = rest;
      reaction?.(response, request.socket);
    });
    // A client that hangs up is part of many scripts.
    request.on('error', () => {});
    response.on('error', () => {});
  };
  const server = isSecure ? createTlsServer({ ...tlsIdentity, ...tls }, listener) : createServer(listener);
  server.on(isSecure ? 'secureConnection' : 'connection', (socket: Socket) => {
    sockets.set(socket, ++opened);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
  });
  const port = await listen(server);
  return {
    url: new URL(`${isSecure ? 'https' : 'http'}://127.0.0.1:${port}`),
    requests,
    connections: () => opened,
    script(...next) {
      reactions = next;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets.keys()) socket.destroy();
      }),
  };
}

/** A whole answer. */
export function answer(status: number, body = '', headers: Readonly<Record<string, string>> = {}): Reaction {
  return (response) => void response.writeHead(status, headers).end(body);
}

/** Never answers. */
export const hang: Reaction = () => {};

/** Resets the connection without a byte of an answer. */
export const reset: Reaction = (_, socket) => void socket.resetAndDestroy();

/** Closes the connection in good order without a byte of an answer. */
export const hangUp: Reaction = (_, socket) => void socket.end();

/** Writes these bytes as they are, then resets the connection. */
export function resetAfter(bytes: string): Reaction {
  return (_, socket) => void socket.write(bytes, () => setImmediate(() => socket.resetAndDestroy()));
}

/** Writes these bytes as they are, and nothing more. */
export function write(bytes: string | Buffer): Reaction {
  return (_, socket) => void socket.write(bytes);
}

/** Sends a status line, then a byte now and then, for ever. */
export function drip(status: number): Reaction {
  return (response) => {
    response.writeHead(status);
    const timer = setInterval(() => response.write(' '), 5);
    response.on('close', () => clearInterval(timer));
  };
}

/** Sends a status line, then as much body as the client will take, for ever. */
export function endless(status: number): Reaction {
  return (response) => {
    response.writeHead(status);
    const chunk = Buffer.alloc(16 * 1024, 'x');
    const pour = () => {
      while (!response.destroyed && response.write(chunk));
    };
    response.on('drain', pour);
    pour();
  };
}
