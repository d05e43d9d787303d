import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { listen } from '../../support/listen.ts';

/** A worker's call to AWS on its way. */
export interface AwsCall {
  /** Such as `PutItem`. */
  readonly operation: string;
  readonly input: Readonly<Record<string, unknown>>;
  /** The worker's connection. */
  readonly socket: Socket;
}

/** Resolves to whether the call, or the answer to it, is passed on. Otherwise its sender waits for ever. */
export interface Gates {
  before(call: AwsCall): Promise<boolean>;
  after(call: AwsCall, status: number): Promise<boolean>;
}

export interface AwsProxy {
  readonly port: number;
  /** Where calls go from now on, and who sees them. */
  connect(target: { readonly awsUrl: string; readonly gates: Gates }): void;
  close(): Promise<void>;
}

/** Stands between workers and the emulated AWS on 127.0.0.1, and shows every call before it is made and once it is done. */
export async function startAwsProxy(): Promise<AwsProxy> {
  const agent = new Agent({ keepAlive: true });
  let target: { readonly awsUrl: string; readonly gates: Gates } | undefined;

  async function pass(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await read(incoming);
    if (target === undefined) throw new Error('The proxy is not connected.');
    const { awsUrl, gates } = target;
    const operation = String(incoming.headers['x-amz-target'] ?? '').replace(/^.*\./, '');
    const call = { operation, input: parse(body), socket: incoming.socket };
    if (!(await gates.before(call))) return;
    const answer = await forward(awsUrl, incoming, body);
    if (!(await gates.after(call, answer.status))) return;
    response.writeHead(answer.status, answer.headers).end(answer.body);
  }

  function forward(awsUrl: string, incoming: IncomingMessage, body: Buffer) {
    return new Promise<{ status: number; headers: IncomingMessage['headers']; body: Buffer }>(
      (resolve, reject) => {
        const { method, url, headers } = incoming;
        const outgoing = request(new URL(url ?? '/', awsUrl), { method, headers, agent }, (answer) => {
          const { statusCode: status = 502, headers: answered } = answer;
          read(answer).then((bytes) => resolve({ status, headers: answered, body: bytes }), reject);
        });
        outgoing.on('error', reject).end(body);
      },
    );
  }

  const server = createServer({ keepAliveTimeout: 65_000, requestTimeout: 0 }, (incoming, response) => {
    pass(incoming, response).catch(() => response.destroy());
  });
  return {
    port: await listen(server),
    connect(next) {
      target = next;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
        agent.destroy();
      }),
  };
}

async function read(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) if (Buffer.isBuffer(chunk)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function parse(body: Buffer): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}
