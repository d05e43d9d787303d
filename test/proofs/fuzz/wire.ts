import { connect } from 'node:net';
import { createRandom, type Random } from '../harness/random.ts';
import { makeRequest } from './requests.ts';

/** An HTTP request as it is written to a socket. Header values are one character per byte. */
export interface WireRequest {
  readonly mutation: string;
  readonly method: string;
  readonly path: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Buffer;
  readonly chunked: boolean;
}

/** API Gateway's own limit is 10,240 bytes for all of them; what it answers then is not what is tested here. */
const maximumValueBytes = 4000;

/** They would change where the request ends, and with it the requests that follow. */
const framing = new Set(['connection', 'content-length', 'expect', 'host', 'transfer-encoding', 'upgrade']);

const contentTypes = [
  'text/plain; charset=utf-8',
  'text/plain',
  'Text/HTML; charset=latin1',
  'application/json',
  'APPLICATION/JSON; charset=utf-16',
  'application/xml',
  'application/javascript',
  'application/octet-stream',
  'application/json-patch+json',
  'image/png',
  '',
  ';',
];

/** The request with this number, brought into a form that HTTP can carry, and changed as only HTTP can. */
export function makeWireRequest(options: {
  readonly seed: number;
  readonly index: number;
  readonly path: string;
  readonly secrets: readonly string[];
}): WireRequest {
  const { seed, index, path, secrets } = options;
  const { mutation, request } = makeRequest(seed, index, [secrets]);
  const random = createRandom(seed, 0x8000_0000 + index);
  const wire: WireRequest = {
    mutation,
    method: 'POST',
    path: random.chance(0.1) ? `${path}?x-connectly-hmac-sha256=1&a=%ff` : path,
    headers: [...headersOf(request.headers), ...contentType(random)],
    body: bodyOf(request.body, request.isBase64Encoded),
    chunked: random.chance(0.2),
  };
  return random.chance(0.9) ? wire : random.pick(wireMutations)(wire, random);
}

const wireMutations: readonly ((wire: WireRequest, random: Random) => WireRequest)[] = [
  (wire) => ({
    ...wire,
    mutation: `${wire.mutation}, headers twice`,
    headers: wire.headers.flatMap((line) => [line, line]),
  }),
  (wire) => ({
    ...wire,
    mutation: `${wire.mutation}, blanks around values`,
    headers: wire.headers.map(([name, value]) => [name, `\t  ${value} \t`]),
  }),
  (wire, random) => ({
    ...wire,
    mutation: `${wire.mutation}, a second signature`,
    headers: [...wire.headers, ['X-CONNECTLY-HMAC-SHA256', random.bytes(32).toString('base64')]],
  }),
  (wire, random) => ({
    ...wire,
    mutation: `${wire.mutation}, method`,
    method: random.pick(['PUT', 'DELETE', 'PATCH', 'GET']),
  }),
  (wire, random) => ({
    ...wire,
    mutation: `${wire.mutation}, path`,
    path: random.pick(['/', '/webhook', `${wire.path.split('?', 1).join('')}x`, '/admin', '/%00']),
  }),
];

function headersOf(headers: unknown): (readonly [string, string])[] {
  if (typeof headers !== 'object' || headers === null) return [];
  return Object.entries(headers)
    .flatMap(([name, value]) =>
      (Array.isArray(value) ? value : [value]).map((one: unknown) => [name, one] as const),
    )
    .flatMap(([name, value]) =>
      typeof value === 'string' && isToken(name) ? [[name, toBytes(value)] as const] : [],
    );
}

function isToken(name: string): boolean {
  return /^[\w!#$%&'*+.^`|~-]+$/.test(name) && !framing.has(name.toLowerCase());
}

/** A value that a parser of HTTP lets through: without controls, other characters as their bytes in UTF-8. */
function toBytes(value: string): string {
  const printable = Array.from(value).filter(
    (character) => character === '\t' || (character >= ' ' && character !== '\u007f'),
  );
  const text = printable.join('');
  const isLatin1 = Array.from(text).every((character) => character <= '\u00ff');
  return (isLatin1 ? text : Buffer.from(text).toString('latin1')).slice(0, maximumValueBytes);
}

function contentType(random: Random): (readonly [string, string])[] {
  return random.chance(0.5) ? [] : [['Content-Type', random.pick(contentTypes)]];
}

function bodyOf(body: unknown, isBase64Encoded: unknown): Buffer {
  return typeof body === 'string'
    ? Buffer.from(body, isBase64Encoded === true ? 'base64' : 'utf8')
    : Buffer.alloc(0);
}

/** No request of this run takes nearly as long, in milliseconds. */
const patienceMs = 30_000;

/**
 * Writes a request to a socket of its own, as it is, and resolves to the status of the answer. Rejects when there is
 * no answer, or none that is HTTP.
 */
export function sendWireRequest(port: number, wire: WireRequest): Promise<number> {
  return new Promise((resolve, reject) => {
    const received: Buffer[] = [];
    const socket = connect({ host: '127.0.0.1', port });
    socket.setTimeout(patienceMs, () => socket.destroy(new Error('no answer')));
    socket.on('data', (chunk) => received.push(chunk));
    socket.once('error', reject);
    socket.once('close', () => {
      const [, status] = /^HTTP\/1\.1 (\d{3}) /.exec(Buffer.concat(received).toString('latin1')) ?? [];
      if (status === undefined) reject(new Error('the connection was closed without an answer'));
      else resolve(Number(status));
    });
    // Not end(): a server on Node takes a half-closed connection for one that nobody waits on.
    socket.write(wireBytes(wire));
  });
}

function wireBytes({ method, path, headers, body, chunked }: WireRequest): Buffer {
  const lines = [
    `${method} ${path} HTTP/1.1`,
    'Host: 127.0.0.1',
    'Connection: close',
    ...headers.map(([name, value]) => `${name}: ${value}`),
    chunked ? 'Transfer-Encoding: chunked' : `Content-Length: ${body.length}`,
  ];
  const head = Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1');
  return Buffer.concat([head, ...(chunked ? chunksOf(body) : [body])]);
}

function chunksOf(body: Buffer): Buffer[] {
  const middle = body.length >> 1;
  return [body.subarray(0, middle), body.subarray(middle)]
    .flatMap((part) =>
      // A chunk without bytes would be the last one.
      part.length === 0 ? [] : [Buffer.from(`${part.length.toString(16)}\r\n`), part, Buffer.from('\r\n')],
    )
    .concat(Buffer.from('0\r\n\r\n'));
}
