import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { forThisMachineOnly } from '../loopback.ts';
import { reportUndelivered } from './delivery.ts';
import { AwsError, type AwsService } from './service.ts';

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
  readonly services: readonly AwsService[];
}

/** More than any request needs: the largest is an SQS batch of 1 MiB, escaped and in base64. */
const maximumBodyBytes = 5 * 1024 * 1024;

/**
 * Serves emulated AWS services on 127.0.0.1 over AWS's JSON protocols: POST with `x-amz-target: Service.Operation`.
 * Signatures are not checked. Rejects when the port is taken.
 */
export async function startAwsEndpoint({ port = 0, services }: AwsEndpointOptions): Promise<AwsEndpoint> {
  const server = createServer(
    forThisMachineOnly((request, response) => {
      void serve(request, response, services);
    }),
  );
  // A long poll is silent for 20 s; the clients decide how long they wait.
  server.requestTimeout = 0;
  // SDKs keep their sockets. One that is closed just as a request sets out looks to them like a broken service.
  server.keepAliveTimeout = 65_000;
  await listen(server, port);
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
  services: readonly AwsService[],
): Promise<void> {
  const controller = new AbortController();
  let answer: object | undefined;
  response.once('close', () => {
    // `close` without `finish`: the connection went away before the last byte was handed over.
    if (response.writableFinished) return;
    controller.abort();
    if (answer !== undefined) reportUndelivered(answer);
  });
  response.once('error', () => controller.abort());

  const requestId = randomUUID();
  const target = request.headers['x-amz-target'];
  const service = services.find((one) => typeof target === 'string' && target.startsWith(`${one.target}.`));
  const contentType = service?.contentType ?? 'application/x-amz-json-1.0';
  try {
    answer = await call(request, { service, signal: controller.signal });
    send(response, { status: 200, contentType, requestId, body: answer });
    // The caller left while the operation ran: `close` came before there was an answer to report.
    if (controller.signal.aborted) reportUndelivered(answer);
  } catch (error) {
    sendError(response, { error, contentType, requestId });
  }
}

async function call(
  request: IncomingMessage,
  { service, signal }: { service: AwsService | undefined; signal: AbortSignal },
): Promise<object> {
  const body = await readBody(request);
  if (request.method !== 'POST') throw new AwsError('MethodNotAllowed', 'Only POST.', { status: 405 });
  const target = request.headers['x-amz-target'];
  if (typeof target !== 'string') throw withoutTarget(request);
  const name = target.slice(target.indexOf('.') + 1);
  const operations = service?.operations;
  const operation =
    operations !== undefined && Object.hasOwn(operations, name) ? operations[name] : undefined;
  if (operation === undefined) throw unknownOperation(target);
  return operation(parse(body), { signal });
}

const unknownOperation = (target: string) =>
  new AwsError(
    'com.amazon.coral.service#UnknownOperationException',
    `The operation ${target} is not known here.`,
  );

/** Without a target it is no JSON request; forms are what older clients of SQS send. */
function withoutTarget(request: IncomingMessage): AwsError {
  if (request.headers['content-type']?.startsWith('application/x-www-form-urlencoded') === true)
    return new AwsError(
      'UnsupportedProtocol',
      'This endpoint speaks the JSON protocol only, and this client sent the older Query protocol. ' +
        'Use AWS CLI 1.29.82, 2.14.0 or newer, or an SDK from 2024 or later.',
    );
  return unknownOperation('(no x-amz-target header)');
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

function parse(body: Buffer): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    // AWS's parser refuses bytes that are not UTF-8 instead of replacing them.
    value = body.length === 0 ? {} : JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    value = undefined;
  }
  if (!isObject(value))
    throw new AwsError('com.amazon.coral.service#SerializationException', 'The body is not a JSON object.');
  return value;
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

interface Answer {
  readonly status: number;
  readonly contentType: string;
  readonly requestId: string;
  readonly body: object;
  readonly headers?: Readonly<Record<string, string>>;
}

function send(response: ServerResponse, { status, contentType, requestId, body, headers }: Answer): void {
  if (response.destroyed) return;
  const bytes = Buffer.from(JSON.stringify(body));
  response
    .writeHead(status, {
      'content-type': contentType,
      'content-length': bytes.length,
      'x-amzn-requestid': requestId,
      ...headers,
    })
    .end(bytes);
}

function sendError(
  response: ServerResponse,
  { error, contentType, requestId }: { error: unknown; contentType: string; requestId: string },
): void {
  if (error instanceof AwsError) {
    const fault = error.status >= 500 ? 'Receiver' : 'Sender';
    const headers =
      error.queryCode === undefined ? {} : { 'x-amzn-query-error': `${error.queryCode};${fault}` };
    const body = { __type: error.code, message: error.message };
    send(response, { status: error.status, contentType, requestId, body, headers });
    return;
  }
  // A defect of the emulator. Its message stays here only as a name: it may quote what a client sent.
  const name = error instanceof Error ? error.name : 'unknown';
  const body = { __type: 'InternalFailure', message: `The emulator failed (${name}).` };
  send(response, { status: 500, contentType, requestId, body });
}
