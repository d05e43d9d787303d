import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type Clock, systemClock } from '../../clock.ts';
import type { Invocation } from '../lambda/invocation.ts';
import { type ApiIdentity, createEvent, type HttpApiEvent } from './event.ts';
import { gatewayResponse, type HttpResponse, interpretPayload } from './response.ts';
import { createRouteTable } from './route-table.ts';

/** API Gateway's limit on a request's body. */
const maximumBodyBytes = 10 * 1024 * 1024;
/** HTTP APIs allow 10,240 bytes for the request line and the headers together. */
const maximumHeaderBytes = 10_240;
/** What is still read of a body that was refused, so that its sender sees the answer instead of a reset. */
const maximumDiscardedBytes = 64 * 1024 * 1024;
/** An HTTP API waits 30 s at most for an integration. */
const maximumTimeoutMs = 30_000;

export interface HttpApiRoute {
  /** `POST /webhooks`, `ANY /items/{id}`, `GET /files/{proxy+}` or `$default`. */
  readonly routeKey: string;
  /** How long the integration may take; 30 s by default and at most. */
  readonly timeoutMs?: number;
  readonly invoke: (event: HttpApiEvent) => Promise<Invocation>;
}

/** What an access log says of a request. Neither its query string nor its body. */
export interface AccessRecord {
  readonly requestId: string;
  readonly method: string;
  readonly path: string;
  /** Undefined when no route matched or none was looked for. */
  readonly routeKey: string | undefined;
  readonly status: number;
  readonly requestBytes: number;
  readonly responseBytes: number;
  readonly durationMs: number;
  /** Why API Gateway itself answered with an error. */
  readonly problem: string | undefined;
}

export interface HttpApi {
  /** Without a slash at its end. */
  readonly url: string;
  readonly port: number;
  /** Serves an API's routes from now on. Throws on a route key that API Gateway would refuse. */
  serve(api: ServedApi): void;
  /** Takes no further requests, lets the running ones finish, and resolves when the last one has. */
  close(): Promise<void>;
}

export interface ServedApi {
  readonly apiId: string;
  readonly routes: readonly HttpApiRoute[];
}

export interface HttpApiOptions extends Omit<ApiIdentity, 'apiId'> {
  readonly port?: number;
  readonly stage: '$default';
  readonly onAccess?: (record: AccessRecord) => void;
  readonly clock?: Clock;
}

interface Outcome {
  readonly response: HttpResponse;
  readonly routeKey?: string;
  readonly problem?: string;
}

type ReadBody = { readonly kind: 'body'; readonly body: Buffer } | { readonly kind: 'too-large' | 'aborted' };

/**
 * An HTTP API with Lambda integrations in payload format 2.0 on 127.0.0.1, on a free port unless one is given. Rejects
 * when the port is taken. Until it has routes it finds nothing.
 */
export async function startHttpApi(options: HttpApiOptions): Promise<HttpApi> {
  const { clock = systemClock, onAccess } = options;
  let apiId = '';
  let findRoute = createRouteTable<HttpApiRoute>([]);
  let closing = false;

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const startedAt = performance.now();
    const requestId = newRequestId();
    const { rawPath, rawQueryString } = splitTarget(request.url ?? '/');
    const read = await readBody(request);
    if (read.kind === 'aborted') return;

    const method = request.method ?? 'GET';
    const outcome = await answer();
    // Nobody is left to answer when the client has hung up meanwhile; what it asked for has been done all the same.
    if (!response.destroyed) send(outcome.response);
    onAccess?.({
      requestId,
      method,
      path: rawPath,
      routeKey: outcome.routeKey,
      status: outcome.response.status,
      requestBytes: read.kind === 'body' ? read.body.length : 0,
      responseBytes: outcome.response.body.length,
      durationMs: performance.now() - startedAt,
      problem: outcome.problem,
    });

    async function answer(): Promise<Outcome> {
      if (headerBytes(request) > maximumHeaderBytes) {
        return gatewayError(431, 'Request Header Fields Too Large');
      }
      if (read.kind !== 'body') return gatewayError(413, 'Request Entity Too Large');
      const match = findRoute(method, rawPath);
      if (match === undefined) return gatewayError(404, 'Not Found');
      const { route, pathParameters } = match;
      const { routeKey } = route;
      const event = createEvent(
        {
          method,
          rawPath,
          rawQueryString,
          rawHeaders: request.rawHeaders,
          httpVersion: request.httpVersion,
          sourceIp: request.socket.remoteAddress ?? '127.0.0.1',
          port: request.socket.localPort ?? 0,
          body: read.body,
          requestId,
          receivedAt: clock.now(),
        },
        { routeKey, pathParameters },
        { ...options, apiId },
      );
      return { routeKey, ...(await integrate(route, event, clock)) };
    }

    function send({ status, headers, cookies, body }: HttpResponse): void {
      response.writeHead(status, {
        ...headers,
        ...(cookies.length > 0 ? { 'set-cookie': [...cookies] } : {}),
        'content-length': body.length,
        // Else the server's end would wait for this connection's idle time.
        ...(closing ? { connection: 'close' } : {}),
        'apigw-requestid': requestId,
      });
      response.end(body);
    }
  }

  // Open to any Host and Origin, as on AWS: a tunnel brings its own name, and the function checks the signature.
  const server = createServer({ maxHeaderSize: 64 * 1024 }, (request, response) => {
    handle(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the HTTP API is not listening');

  return {
    url: `http://127.0.0.1:${address.port}`,
    port: address.port,
    serve(api) {
      findRoute = createRouteTable(api.routes);
      ({ apiId } = api);
    },
    async close() {
      closing = true;
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeIdleConnections();
      });
    },
  };
}

function gatewayError(status: number, message: string, problem = message): Outcome {
  return { response: gatewayResponse(status, message), problem };
}

/**
 * Invokes and maps what comes of it: a function that fails, times out or answers nonsense is a 500; one that the
 * integration's own time limit cuts off a 503, as HTTP APIs answer (REST APIs: 504).
 */
async function integrate(route: HttpApiRoute, event: HttpApiEvent, clock: Clock): Promise<Outcome> {
  const timeoutMs = Math.min(route.timeoutMs ?? maximumTimeoutMs, maximumTimeoutMs);
  const invocation = await new Promise<Invocation | 'too-slow' | Error>((resolve) => {
    const cancel = clock.after(timeoutMs, () => resolve('too-slow'));
    route.invoke(event).then(
      (result) => {
        cancel();
        resolve(result);
      },
      (problem: unknown) => {
        cancel();
        resolve(problem instanceof Error ? problem : new Error(String(problem)));
      },
    );
  });
  if (invocation === 'too-slow') {
    return gatewayError(503, 'Service Unavailable', `no answer from the function within ${timeoutMs} ms`);
  }
  if (invocation instanceof Error) return gatewayError(500, 'Internal Server Error', invocation.message);
  switch (invocation.kind) {
    case 'success': {
      const response = interpretPayload(invocation.payload);
      return response === undefined
        ? gatewayError(
            500,
            'Internal Server Error',
            'the function answered in no form that API Gateway reads',
          )
        : { response };
    }
    case 'function-error':
    case 'init-error':
      return gatewayError(
        500,
        'Internal Server Error',
        `${invocation.errorType}: ${invocation.errorMessage}`,
      );
    case 'timeout':
    case 'exit':
      return gatewayError(500, 'Internal Server Error', invocation.errorMessage);
    default:
      return invocation satisfies never;
  }
}

/** Reads a whole body. One that is too large is answered at once; the rest of it is read and thrown away. */
function readBody(request: IncomingMessage): Promise<ReadBody> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    if (Number(request.headers['content-length'] ?? 0) > maximumBodyBytes) resolve({ kind: 'too-large' });
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= maximumBodyBytes) {
        chunks.push(chunk);
        return;
      }
      chunks.length = 0;
      resolve({ kind: 'too-large' });
      if (bytes > maximumDiscardedBytes) request.destroy();
    });
    request.once('end', () => resolve({ kind: 'body', body: Buffer.concat(chunks) }));
    request.once('error', () => resolve({ kind: 'aborted' }));
    request.once('close', () => resolve({ kind: 'aborted' }));
  });
}

/** Takes a request target apart without touching either half; one in absolute form loses its origin. */
function splitTarget(target: string): { rawPath: string; rawQueryString: string } {
  const [path = '', ...query] = target.replace(/^https?:\/\/[^/?]*/i, '').split('?');
  return { rawPath: path.startsWith('/') ? path : `/${path}`, rawQueryString: query.join('?') };
}

function headerBytes(request: IncomingMessage): number {
  const requestLine = `${request.method ?? ''} ${request.url ?? ''}`;
  return request.rawHeaders.reduce(
    (bytes, text) => bytes + Buffer.byteLength(text, 'latin1'),
    requestLine.length,
  );
}

/** Sixteen characters that end in `=`, as API Gateway's own. */
function newRequestId(): string {
  return randomBytes(11).toString('base64');
}
