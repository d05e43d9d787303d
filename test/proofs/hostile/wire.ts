import { createServer, type Socket } from 'node:net';
import { listen } from '../../support/listen.ts';

/** One connection, seen from a server that keeps to no protocol. Nothing here rejects when the client has gone. */
export interface Wire {
  /** Resolves when one more request has been read whole: false when the client leaves before that. */
  request(): Promise<boolean>;
  /** Resolves to whether the client is still there to read it. */
  write(bytes: string | Buffer): Promise<boolean>;
  /** A piece every few milliseconds until the client leaves. */
  drip(piece: string, everyMs?: number): Promise<void>;
  /** As much as the client takes, until it leaves or `atMostBytes` are written. */
  pour(piece: string | Buffer, atMostBytes?: number): Promise<void>;
  /** Closes in good order. */
  end(): void;
  /** Closes with a reset. */
  reset(): void;
  /** Reads no more. */
  stopReading(): void;
  /** Resolves when the client has left. */
  readonly gone: Promise<void>;
}

/** What a server does with one connection; the first one has the number 1. */
export type Play = (wire: Wire, connection: number) => Promise<unknown>;

export interface HostileServer {
  readonly port: number;
  readonly connections: number;
  /** Requests that have come whole. */
  readonly requests: number;
  /** Every byte that has come, as Latin-1. */
  readonly received: string;
  readonly writtenBytes: number;
  close(): Promise<void>;
}

const oneGibibyte = 2 ** 30;

export async function startHostileServer(play: Play): Promise<HostileServer> {
  const sockets = new Set<Socket>();
  const chunks: Buffer[] = [];
  let connections = 0;
  let requests = 0;
  let writtenBytes = 0;

  function wireOf(socket: Socket): Wire {
    let unread = Buffer.alloc(0);
    let wake: (() => void) | undefined;
    const gone = new Promise<void>((resolve) => socket.once('close', () => resolve()));
    void gone.then(() => wake?.());
    socket.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      unread = Buffer.concat([unread, chunk]);
      wake?.();
    });

    async function write(bytes: string | Buffer): Promise<boolean> {
      if (socket.destroyed || !socket.writable) return false;
      writtenBytes += bytes.length;
      const written = new Promise<boolean>((resolve) => {
        socket.write(bytes, (error) => resolve(error === undefined || error === null));
      });
      return Promise.race([written, gone.then(() => false)]);
    }

    return {
      gone,
      write,
      async request() {
        for (;;) {
          const length = requestLength(unread);
          if (length !== undefined && unread.length >= length) {
            unread = unread.subarray(length);
            requests += 1;
            return true;
          }
          if (socket.destroyed) return false;
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        }
      },
      async drip(piece, everyMs = 10) {
        while (await write(piece)) await new Promise((resolve) => setTimeout(resolve, everyMs));
      },
      async pour(piece, atMostBytes = oneGibibyte) {
        for (let bytes = 0; bytes < atMostBytes; bytes += piece.length) if (!(await write(piece))) return;
      },
      end: () => void socket.end(),
      reset: () => void socket.resetAndDestroy(),
      stopReading: () => void socket.pause(),
    };
  }

  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
    connections += 1;
    void play(wireOf(socket), connections);
  });
  const port = await listen(server);

  return {
    port,
    get connections() {
      return connections;
    },
    get requests() {
      return requests;
    },
    get received() {
      return Buffer.concat(chunks).toString('latin1');
    },
    get writtenBytes() {
      return writtenBytes;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

/** How long the request is that begins here, head and body; undefined while its head is not whole. */
function requestLength(bytes: Buffer): number | undefined {
  const headEnd = bytes.indexOf('\r\n\r\n');
  if (headEnd < 0) return undefined;
  const head = bytes.toString('latin1', 0, headEnd);
  return headEnd + 4 + Number(/\r\ncontent-length: *(\d+)/i.exec(head)?.[1] ?? 0);
}
