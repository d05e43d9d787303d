import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { forThisMachineOnly } from '../../loopback.ts';
import { maximumPayloadBytes } from './invocation.ts';

/** What the runtime client reports when an invocation, or loading the function's code, failed. */
export interface FunctionFailure {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace: readonly string[];
}

export type RuntimeAnswer =
  | { readonly kind: 'response'; readonly payload: string }
  | { readonly kind: 'error'; readonly failure: FunctionFailure };

/** One invocation as the runtime client receives it. */
export interface HandedInvocation {
  readonly requestId: string;
  readonly payload: string;
  /** Epoch milliseconds after which the process is killed. */
  readonly deadlineAt: number;
}

export interface RuntimeApi {
  /** `host:port`, for `AWS_LAMBDA_RUNTIME_API`. */
  readonly address: string;
  /** Answers the client's waiting call for the next invocation. Only after `onReady`, once for each. */
  hand(invocation: HandedInvocation): void;
  close(): void;
}

const invocationPath = /^\/2018-06-01\/runtime\/invocation\/([^/]+)\/(response|error)$/;

/**
 * The Runtime API of one execution environment on 127.0.0.1: the official runtime client asks it for invocations and
 * posts what became of them. `onReady` says that the client waits for the next one, which it does only after its
 * earlier posts have arrived.
 */
export async function startRuntimeApi(options: {
  readonly functionArn: string;
  readonly onReady: () => void;
  readonly onAnswer: (requestId: string, answer: RuntimeAnswer) => void;
  readonly onInitError: (failure: FunctionFailure) => void;
}): Promise<RuntimeApi> {
  let waiting: ServerResponse | undefined;

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method, url = '' } = request;
    if (method === 'GET' && url === '/2018-06-01/runtime/invocation/next') {
      waiting = response;
      options.onReady();
      return;
    }
    const [, requestId, outcome] = invocationPath.exec(url) ?? [];
    const isInitError = url === '/2018-06-01/runtime/init/error';
    if (method !== 'POST' || (requestId === undefined && !isInitError)) {
      answerJson(response, 404, { errorType: 'NotFound', errorMessage: `no such call: ${method} ${url}` });
      return;
    }
    const body = await readUpTo(request, maximumPayloadBytes);
    answerJson(response, 202, { status: 'OK' });
    if (requestId === undefined) {
      options.onInitError(readFailure(body));
    } else if (outcome === 'error') {
      options.onAnswer(decodeURIComponent(requestId), { kind: 'error', failure: readFailure(body) });
    } else {
      options.onAnswer(
        decodeURIComponent(requestId),
        body === undefined
          ? { kind: 'error', failure: responseTooLarge }
          : { kind: 'response', payload: body },
      );
    }
  }

  // The client's call for the next invocation waits for as long as there is none: no limit may cut it off.
  const server = createServer(
    { requestTimeout: 0, headersTimeout: 0, keepAliveTimeout: 0 },
    forThisMachineOnly((request, response) => {
      handle(request, response).catch(() => response.destroy());
    }),
  );
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });

  return {
    address: `127.0.0.1:${portOf(server.address())}`,
    hand({ requestId, payload, deadlineAt }) {
      const response = waiting;
      waiting = undefined;
      response
        ?.writeHead(200, {
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(payload),
          'lambda-runtime-aws-request-id': requestId,
          'lambda-runtime-deadline-ms': String(deadlineAt),
          'lambda-runtime-invoked-function-arn': options.functionArn,
          'lambda-runtime-trace-id': traceId(requestId, deadlineAt),
        })
        .end(payload);
    },
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** Lambda's own words for it. */
const responseTooLarge: FunctionFailure = {
  errorType: 'Function.ResponseSizeTooLarge',
  errorMessage: `Response payload size exceeded maximum allowed payload size (${maximumPayloadBytes} bytes).`,
  trace: [],
};

/** The body as text, or undefined when it is longer than `limitBytes`; read to its end in either case. */
async function readUpTo(request: IncomingMessage, limitBytes: number): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    if (!Buffer.isBuffer(chunk)) continue;
    bytes += chunk.length;
    if (bytes <= limitBytes) chunks.push(chunk);
  }
  return bytes <= limitBytes ? Buffer.concat(chunks).toString('utf8') : undefined;
}

function readFailure(body: string | undefined): FunctionFailure {
  const failure = parseObject(body ?? '');
  const { errorType, errorMessage, trace } = failure;
  return {
    errorType: typeof errorType === 'string' ? errorType : 'Runtime.Unknown',
    errorMessage: typeof errorMessage === 'string' ? errorMessage : '',
    trace: Array.isArray(trace) ? trace.map(String) : [],
  };
}

function parseObject(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}

function answerJson(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

/** X-Ray's form: a version, the time in seconds as 8 hexadecimal digits and 24 more; not sampled. */
function traceId(requestId: string, deadlineAt: number): string {
  const seconds = Math.floor(deadlineAt / 1000)
    .toString(16)
    .padStart(8, '0');
  const unique = requestId.replaceAll('-', '');
  return `Root=1-${seconds}-${unique.slice(0, 24)};Parent=${unique.slice(-16)};Sampled=0`;
}

function portOf(address: AddressInfo | string | null): number {
  if (typeof address !== 'object' || address === null) throw new Error('the runtime API is not listening');
  return address.port;
}
