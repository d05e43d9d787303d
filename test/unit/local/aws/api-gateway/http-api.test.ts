import { once } from 'node:events';
import { Agent, type IncomingHttpHeaders, type OutgoingHttpHeaders, request } from 'node:http';
import { connect } from 'node:net';
import * as fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { encodeBody, type HttpApiEvent } from '../../../../../local/aws/api-gateway/event.ts';
import {
  type AccessRecord,
  type HttpApi,
  type HttpApiOptions,
  type HttpApiRoute,
  startHttpApi,
} from '../../../../../local/aws/api-gateway/http-api.ts';
import type { Invocation } from '../../../../../local/aws/lambda/invocation.ts';
import { createVirtualClock } from '../../../../support/virtual-clock.ts';

const agent = new Agent({ keepAlive: true });
let api: HttpApi | undefined;

afterEach(async () => {
  agent.destroy();
  await api?.close();
  api = undefined;
});

function success(payload: unknown): Invocation {
  return { kind: 'success', payload: JSON.stringify(payload), requestId: 'r', durationMs: 1 };
}

/** An API whose one route is `routeKey`, what its function was invoked with, and its access log. */
async function start(
  routeKey = '$default',
  answer: (event: HttpApiEvent) => Promise<Invocation> = () => Promise.resolve(success({ statusCode: 200 })),
  options: Partial<HttpApiOptions> & Partial<HttpApiRoute> = {},
) {
  const events: HttpApiEvent[] = [];
  const access: AccessRecord[] = [];
  const { timeoutMs, ...rest } = options;
  const started = await startHttpApi({
    stage: '$default',
    region: 'eu-west-1',
    accountId: '123456789012',
    onAccess: (record) => access.push(record),
    ...rest,
  });
  api = started;
  started.serve({
    apiId: 'abc123defg',
    routes: [
      {
        routeKey,
        ...(timeoutMs === undefined ? {} : { timeoutMs }),
        invoke(event) {
          events.push(event);
          return answer(event);
        },
      },
    ],
  });
  return { api: started, events, access };
}

interface Answer {
  readonly status: number | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

function call(
  port: number,
  options: { method?: string; path?: string; headers?: OutgoingHttpHeaders; body?: Uint8Array | string } = {},
): Promise<Answer> {
  const { method = 'POST', path = '/', headers = {}, body } = options;
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, agent, method, path, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({ status: response.statusCode, headers: response.headers, body: Buffer.concat(chunks) }),
      );
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

it.each([
  ['OPTIONS', '/webhooks'],
  ['POST', '/webhooks/../x'],
  ['POST', '/webhooks/%2e%2e/x'],
  ['GET', '/../../etc/passwd'],
])(
  'there is nothing else than the webhook, and nobody is told who may call it: %s %s',
  async (method, path) => {
    const { api: started, events } = await start('POST /webhooks');

    const { status, headers } = await call(started.port, {
      method,
      path,
      headers: { origin: 'https://example.com' },
    });

    expect(status).toBe(404);
    expect(Object.keys(headers).join()).not.toContain('access-control');
    expect(events).toEqual([]);
  },
);

/** Sends bytes as they are and resolves to all that comes back until the server hangs up. */
async function callRaw(port: number, text: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.write(text);
  const chunks = await socket.toArray();
  return Buffer.concat(chunks.map((chunk) => Buffer.from(chunk))).toString('latin1');
}

/** A function that answers when the test lets it, and says when it was invoked. */
function createHeldFunction() {
  const held: { invoked?: () => void; finish?: (result: Invocation) => void } = {};
  const isInvoked = new Promise<void>((resolve) => {
    held.invoked = resolve;
  });
  const invocation = new Promise<Invocation>((resolve) => {
    held.finish = resolve;
  });
  const finish = (result: Invocation) => held.finish?.(result);
  const answer = () => {
    held.invoked?.();
    return invocation;
  };
  return { isInvoked, finish, answer };
}

function bytesOf(event: HttpApiEvent | undefined): Buffer {
  return Buffer.from(event?.body ?? '', event?.isBase64Encoded ? 'base64' : 'utf8');
}

describe('the event', () => {
  it('has every field of payload format 2.0', async () => {
    const clock = createVirtualClock(Date.UTC(2026, 10, 22, 9, 5, 7));
    const { api: started, events } = await start('POST /items/{id}', undefined, { clock });
    const raw = [
      'POST /items/a%20b?x=1&x=2&y=%C3%A9+z&empty HTTP/1.1',
      'Host: api.example.com',
      'User-Agent: probe/1',
      'X-Signature: abc==',
      'X-Many: one',
      'x-many: two, three',
      'Cookie: a=1; b=2',
      'Cookie: c=3',
      'X-Forwarded-For: 203.0.113.7',
      'Content-Type: text/plain',
      'Content-Length: 2',
      'Connection: close',
    ];

    await callRaw(started.port, `${raw.join('\r\n')}\r\n\r\nhi`);

    expect(events).toEqual([
      {
        version: '2.0',
        routeKey: 'POST /items/{id}',
        rawPath: '/items/a%20b',
        rawQueryString: 'x=1&x=2&y=%C3%A9+z&empty',
        cookies: ['a=1', 'b=2', 'c=3'],
        headers: {
          host: 'api.example.com',
          'user-agent': 'probe/1',
          'x-signature': 'abc==',
          'x-many': 'one,two, three',
          'content-type': 'text/plain',
          'content-length': '2',
          'x-forwarded-for': '203.0.113.7, 127.0.0.1',
          'x-forwarded-port': String(started.port),
          'x-forwarded-proto': 'http',
        },
        queryStringParameters: { x: '1,2', y: 'é z', empty: '' },
        pathParameters: { id: 'a b' },
        requestContext: {
          accountId: '123456789012',
          apiId: 'abc123defg',
          domainName: 'abc123defg.execute-api.eu-west-1.amazonaws.com',
          domainPrefix: 'abc123defg',
          http: {
            method: 'POST',
            path: '/items/a%20b',
            protocol: 'HTTP/1.1',
            sourceIp: '127.0.0.1',
            userAgent: 'probe/1',
          },
          requestId: expect.stringMatching(/^[\w+/]{15}=$/),
          routeKey: 'POST /items/{id}',
          stage: '$default',
          time: '22/Nov/2026:09:05:07 +0000',
          timeEpoch: Date.UTC(2026, 10, 22, 9, 5, 7),
        },
        body: 'hi',
        isBase64Encoded: false,
      },
    ]);
  });

  it('leaves out what the request does not have', async () => {
    const { api: started, events } = await start();

    await call(started.port, { method: 'GET', path: '/a' });

    const [event] = events;
    expect(event).toMatchObject({ rawQueryString: '', isBase64Encoded: false });
    expect(Object.keys(event ?? {})).not.toEqual(
      expect.arrayContaining([expect.stringMatching(/cookies|queryStringParameters|pathParameters|^body/)]),
    );
  });

  it.each([
    ['/a//b/../c', '/a//b/../c', ''],
    ['/a?', '/a', ''],
    ['/a?b?c=d&e', '/a', 'b?c=d&e'],
    ['/a%2Fb%zz', '/a%2Fb%zz', ''],
    ['http://api.example.com/a?b', '/a', 'b'],
  ])('has the path and query of %s as they came', async (target, rawPath, rawQueryString) => {
    const { api: started, events } = await start();

    await callRaw(started.port, `GET ${target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);

    expect(events).toMatchObject([{ rawPath, rawQueryString }]);
  });

  it('has a chunked body whole, with its length', async () => {
    const { api: started, events } = await start();
    const chunks = ['5\r\nhello\r\n', '6\r\n world\r\n', '0\r\n\r\n'];

    await callRaw(
      started.port,
      `POST / HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n${chunks.join('')}`,
    );

    expect(events).toMatchObject([{ body: 'hello world', headers: { 'content-length': '11' } }]);
    expect(events[0]?.headers).not.toHaveProperty('transfer-encoding');
  });

  it.each([
    ['text/plain', false],
    ['TEXT/PLAIN; charset=UTF-8', false],
    ['text/anything', false],
    ['application/json', false],
    [' Application/JSON ;charset=iso-8859-1', false],
    ['application/xml', false],
    ['application/javascript', false],
    ['application/vnd.api+json', true],
    ['application/x-www-form-urlencoded', true],
    ['application/octet-stream', true],
    ['image/png', true],
    ['json', true],
    ['', true],
    [undefined, true],
  ])('carries a body of type %s in base64: %s', (contentType, isBase64Encoded) => {
    const encoded = encodeBody(Buffer.from('{"a":"é"}'), contentType);

    expect(encoded).toEqual({
      body: isBase64Encoded ? 'eyJhIjoiw6kifQ==' : '{"a":"é"}',
      isBase64Encoded,
    });
  });

  it.each([
    ['a lone 0xFF', [0xff]],
    ['a surrogate', [0xed, 0xa0, 0x80]],
    ['a cut character', [0x61, 0xf0, 0x9f]],
    ['an overlong form', [0xc0, 0x80]],
  ])('carries text with %s in base64, so that no byte is lost', (_, bytes) => {
    const encoded = encodeBody(Buffer.from(bytes), 'text/plain');

    expect(encoded).toEqual({ body: Buffer.from(bytes).toString('base64'), isBase64Encoded: true });
  });

  it('carries any bytes of any content type unharmed', async () => {
    const { api: started, events } = await start();
    const anyBytes = fc.oneof(
      fc.uint8Array({ maxLength: 300 }),
      fc
        .string({ unit: 'binary', maxLength: 200 })
        .map((text) => new Uint8Array(Buffer.from(`\u{feff}${text}\r\n`))),
    );
    const anyType = fc.oneof(
      fc.constantFrom(
        'text/plain',
        'application/json; charset=utf-16',
        'application/octet-stream',
        'text/html,x',
        '',
      ),
      fc.stringMatching(/^[a-z]{1,5}\/[a-z]{1,5}(;[a-z]=[a-z])?$/),
    );
    await fc.assert(
      fc.asyncProperty(anyBytes, anyType, async (body, contentType) => {
        events.length = 0;

        await call(started.port, {
          headers: contentType === '' ? {} : { 'content-type': contentType },
          body,
        });

        expect(bytesOf(events[0]).equals(body)).toBe(true);
      }),
      { numRuns: 200 },
    );
  });
});

describe('the answer', () => {
  it('is the function’s own, over one kept connection', async () => {
    const { api: started, access } = await start('POST /webhooks', () =>
      Promise.resolve(
        success({
          statusCode: 202,
          headers: { 'X-A': 'b' },
          cookies: ['a=1', 'b=2'],
          body: 'aGk=',
          isBase64Encoded: true,
        }),
      ),
    );

    const first = await call(started.port, { path: '/webhooks?secret=1', body: 'four' });
    const second = await call(started.port, { path: '/webhooks' });

    expect(first).toMatchObject({
      status: 202,
      headers: {
        'x-a': 'b',
        'set-cookie': ['a=1', 'b=2'],
        'content-length': '2',
        'apigw-requestid': expect.stringMatching(/=$/),
      },
    });
    expect(first.body.toString()).toBe('hi');
    expect(second.status).toBe(202);
    expect(access[0]).toEqual({
      requestId: first.headers['apigw-requestid'],
      method: 'POST',
      path: '/webhooks',
      routeKey: 'POST /webhooks',
      status: 202,
      requestBytes: 4,
      responseBytes: 2,
      durationMs: expect.any(Number),
      problem: undefined,
    });
  });

  it('to HEAD has the length and no body', async () => {
    const { api: started } = await start('ANY /a', () =>
      Promise.resolve(success({ statusCode: 200, body: 'hello' })),
    );

    const answer = await call(started.port, { method: 'HEAD', path: '/a' });

    expect(answer).toMatchObject({ status: 200, headers: { 'content-length': '5' } });
    expect(answer.body).toHaveLength(0);
  });

  const ran = { requestId: 'r', durationMs: 1 };
  it.each<[string, Invocation | Error, string]>([
    [
      'fails',
      { kind: 'function-error', errorType: 'TypeError', errorMessage: 'no', trace: [], ...ran },
      'TypeError: no',
    ],
    ['times out', { kind: 'timeout', errorMessage: 'Task timed out', ...ran }, 'Task timed out'],
    [
      'ends its process',
      { kind: 'exit', exitCode: 0, signal: null, errorMessage: 'Runtime exited', ...ran },
      'Runtime exited',
    ],
    [
      'cannot be loaded',
      { kind: 'init-error', errorType: 'SyntaxError', errorMessage: 'x', trace: [] },
      'SyntaxError: x',
    ],
    ['answers nonsense', success({ statusCode: 'x' }), 'in no form'],
    ['cannot be invoked', new Error('closed'), 'closed'],
  ])('is API Gateway’s 500 when the function %s', async (_, ending, problem) => {
    const { api: started, access } = await start('$default', async () => {
      if (ending instanceof Error) throw ending;
      return ending;
    });

    const received = await call(started.port);

    expect(received.status).toBe(500);
    expect(received.headers['content-type']).toBe('application/json');
    expect(received.body.toString()).toBe('{"message":"Internal Server Error"}');
    expect(access).toMatchObject([{ status: 500, problem: expect.stringContaining(problem) }]);
  });

  it.each([
    [undefined, 30_000],
    [10_500, 10_500],
    [60_000, 30_000],
  ])('is 503 when the integration’s limit of %s ms has passed', async (timeoutMs, limitMs) => {
    const clock = createVirtualClock();
    const held = createHeldFunction();
    const limit = timeoutMs === undefined ? {} : { timeoutMs };
    const { api: started } = await start('$default', held.answer, { clock, ...limit });

    const answering = call(started.port);
    await held.isInvoked;
    await clock.advance(limitMs - 1);
    const pending = clock.pendingTimers();
    await clock.advance(1);
    const answer = await answering;

    expect(pending).toBe(1);
    expect(answer.status).toBe(503);
    expect(answer.body.toString()).toBe('{"message":"Service Unavailable"}');
  });

  it('is 404 where there is no route', async () => {
    const { api: started, events } = await start('POST /webhooks');

    const answers = [
      await call(started.port, { method: 'GET', path: '/webhooks' }),
      await call(started.port, { path: '/webhooks/' }),
      await call(started.port),
    ];

    expect(answers.map(({ status, body }) => [status, body.toString()])).toEqual(
      answers.map(() => [404, '{"message":"Not Found"}']),
    );
    expect(events).toEqual([]);
  });

  it.each([
    ['with its length', { 'content-length': 10 * 1024 * 1024 + 1 }],
    ['in chunks', { 'transfer-encoding': 'chunked' }],
  ])('is 413 to a body over 10 MB, sent %s', async (_, headers) => {
    const { api: started, events } = await start();
    const limit = 10 * 1024 * 1024;

    const allowed = await call(started.port, { body: Buffer.alloc(limit) });
    const refused = await call(started.port, { headers, body: Buffer.alloc(limit + 1) });

    expect(allowed.status).toBe(200);
    expect(bytesOf(events[0])).toHaveLength(limit);
    expect(refused.status).toBe(413);
    expect(refused.body.toString()).toBe('{"message":"Request Entity Too Large"}');
    expect(events).toHaveLength(1);
  });

  it('is 431 to a request line and headers over 10,240 bytes', async () => {
    const { api: started, events } = await start();

    const allowed = await call(started.port, { headers: { 'x-large': 'x'.repeat(10_000) } });
    const refused = await call(started.port, { headers: { 'x-large': 'x'.repeat(10_240) } });

    expect(allowed.status).toBe(200);
    expect(refused.status).toBe(431);
    expect(refused.body.toString()).toBe('{"message":"Request Header Fields Too Large"}');
    expect(events).toHaveLength(1);
  });
});

describe('a client that hangs up', () => {
  it('in the middle of its body invokes nothing', async () => {
    const { api: started, events, access } = await start();
    const socket = connect(started.port, '127.0.0.1');

    socket.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf');
    await once(socket, 'connect');
    socket.destroy();
    await once(socket, 'close');
    await call(started.port, { method: 'GET', path: '/after' });

    expect(events.map(({ rawPath }) => rawPath)).toEqual(['/after']);
    expect(access).toHaveLength(1);
  });

  it('before the answer does not stop the function, nor the server', async () => {
    const held = createHeldFunction();
    const { api: started, access } = await start('POST /a', held.answer);
    const socket = connect(started.port, '127.0.0.1');

    socket.write('POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n');
    await held.isInvoked;
    socket.destroy();
    await once(socket, 'close');
    held.finish(success({ statusCode: 200 }));
    const after = await call(started.port, { path: '/b' });

    expect(after.status).toBe(404);
    expect(access.map(({ path, status }) => [path, status])).toEqual([
      ['/a', 200],
      ['/b', 404],
    ]);
  });
});

describe('the server', () => {
  it('listens on loopback alone, on the port that it is given', async () => {
    const first = await start();
    const { port } = first.api;
    await first.api.close();

    const second = await start('$default', undefined, { port });

    expect(second.api).toMatchObject({ port, url: `http://127.0.0.1:${port}` });
  });

  it('rejects when its port is taken', async () => {
    const { api: started } = await start();

    const attempt = startHttpApi({
      stage: '$default',
      region: 'r',
      accountId: '1',
      port: started.port,
    });

    await expect(attempt).rejects.toThrow('EADDRINUSE');
  });

  it('lets a running request finish when it closes', async () => {
    const held = createHeldFunction();
    const { api: started } = await start('$default', held.answer);

    const answering = call(started.port);
    await held.isInvoked;
    const closing = started.close();
    held.finish(success({ statusCode: 200, body: 'done' }));
    const answer = await answering;
    await closing;

    expect(answer.headers.connection).toBe('close');
    expect(answer.body.toString()).toBe('done');
    await expect(call(started.port)).rejects.toThrow(/ECONNREFUSED|socket hang up|ECONNRESET/);
  });
});
