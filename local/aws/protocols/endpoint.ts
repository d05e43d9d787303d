import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { forThisMachineOnly } from '../../loopback.ts';
import type { AwsAnswer } from './call.ts';
import { reportUndelivered } from './delivery.ts';
import { jsonCall } from './json-protocol.ts';
import { queryCall } from './query-protocol.ts';
import { restCall } from './rest-protocol.ts';
import { AwsError, type AwsService, type QueryService, type RestService } from './service.ts';

export interface AwsEndpoint {
  /** `http://127.0.0.1:PORT`, without a slash at its end. */
  readonly url: string;
  readonly port: number;
  /** Ends every connection, idle or waiting, and resolves when the port is free. Safe to call twice. */
  close(): Promise<void>;
}

export interface AwsEndpointOptions {
  /** A free one when absent. */
  readonly port?: number;
  /** Those that speak AWS's JSON protocols. */
  readonly services: readonly AwsService[];
  readonly queryServices?: readonly QueryService[];
  readonly restServices?: readonly RestService[];
}

/** More than any request needs: the largest is an SQS batch of 1 MiB, escaped and in base64. */
const maximumBodyBytes = 5 * 1024 * 1024;

/**
 * Serves emulated AWS services on 127.0.0.1, each over the protocol that AWS's SDKs speak with it. Signatures are not
 * checked. Rejects when the port is taken.
 */
export async function startAwsEndpoint(options: AwsEndpointOptions): Promise<AwsEndpoint> {
  const server = createServer(
    forThisMachineOnly((request, response) => {
      void serve(request, response, options);
    }),
  );
  // A long poll is silent for 20 s; the clients decide how long they wait.
  server.requestTimeout = 0;
  // SDKs keep their sockets. One that is closed just as a request sets out looks to them like a broken service.
  server.keepAliveTimeout = 65_000;
  await listen(server, options.port ?? 0);
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  return {
    url: `http://127.0.0.1:${address.port}`,
    port: address.port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve();
    });
  });
}

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  { services, queryServices = [], restServices = [] }: AwsEndpointOptions,
): Promise<void> {
  const controller = new AbortController();
  let result: object | undefined;
  response.once('close', () => {
    // `close` without `finish`: the connection went away before the last byte was handed over.
    if (response.writableFinished) return;
    controller.abort();
    if (result !== undefined) reportUndelivered(result);
  });
  response.once('error', () => controller.abort());

  const requestId = randomUUID();
  const [path = '', query] = (request.url ?? '').split('?', 2);
  const head = {
    method: request.method ?? '',
    path,
    query: new URLSearchParams(query),
    headers: request.headers,
  };
  let call = jsonCall({ ...head, body: Buffer.alloc(0) }, services);
  try {
    const whole = { ...head, body: await readBody(request) };
    call = restCall(whole, restServices) ?? queryCall(whole, queryServices) ?? jsonCall(whole, services);
    result = await call.run(controller.signal);
    send(response, call.answer(result, requestId));
    // The caller left while the operation ran: `close` came before there was a result to report.
    if (controller.signal.aborted) reportUndelivered(result);
  } catch (error) {
    send(response, call.refusal(error instanceof AwsError ? error : defect(error), requestId));
  }
}

/** A defect of the emulator. Its message stays here, only its name goes out: it may quote what a client sent. */
function defect(error: unknown): AwsError {
  const name = error instanceof Error ? error.name : 'unknown';
  return new AwsError('InternalFailure', `The emulator failed (${name}).`, { status: 500 });
}

function send(response: ServerResponse, { status, headers, body }: AwsAnswer): void {
  if (response.destroyed) return;
  const bytes = Buffer.from(body);
  response.writeHead(status, { ...headers, 'content-length': bytes.length }).end(bytes);
}

function readBody(request: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= maximumBodyBytes) chunks.push(chunk);
      // Keeps reading without keeping anything: a client that is still sending would not see the answer.
      else chunks.length = 0;
    });
    request.on('end', () => {
      if (size <= maximumBodyBytes) resolve(Buffer.concat(chunks));
      else
        reject(
          new AwsError('RequestEntityTooLargeException', `Requests are at most ${maximumBodyBytes} bytes.`, {
            status: 413,
          }),
        );
    });
    request.on('error', reject);
  });
}
