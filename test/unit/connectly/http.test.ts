import { Agent } from 'node:http';
import { createServer, Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import {
  createHttpClient,
  type HttpClient,
  type HttpRequest,
  type HttpResult,
} from '../../../lib/connectly/http.ts';
import {
  answer,
  drip,
  endless,
  hang,
  hangUp,
  type Reaction,
  reset,
  resetAfter,
  type ScriptedServer,
  startScriptedServer,
  write,
} from '../../support/scripted-server.ts';

/** Long enough for a slow machine to answer, short enough to wait for when nothing does. */
const patientMs = 10_000;
const hastyMs = 150;

let server: ScriptedServer;

beforeEach(async () => {
  server = await startScriptedServer();
});

afterEach(() => server.close());

function client(deadlineMs = patientMs, now: () => number = Date.now): HttpClient {
  return createHttpClient({ deadlineMs, now });
}

function post(url = server.url, body = '{"a":"é"}'): HttpRequest {
  return { method: 'POST', url, headers: { 'X-API-Key': 'key' }, body };
}

/** Keeps the event loop from turning. */
function standStill(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

/** A port that nothing listens on. */
async function closedPort(): Promise<URL> {
  const other = await startScriptedServer();
  await other.close();
  return other.url;
}

describe('an answer', () => {
  it('comes back with its status, its Retry-After and its body', async () => {
    server.script(answer(429, '{"code":"ü"}', { 'Retry-After': '7' }));

    const result = await client().request(post());

    expect(result).toEqual({ kind: 'answered', status: 429, retryAfter: '7', body: '{"code":"ü"}' });
    expect(server.requests[0]).toMatchObject({ method: 'POST', path: '/', body: '{"a":"é"}' });
  });

  it('may be empty', async () => {
    server.script(answer(204));

    const result = await client().request(post());

    expect(result).toEqual({ kind: 'answered', status: 204, retryAfter: undefined, body: '' });
  });

  it('to a request without a body comes back, too', async () => {
    server.script(answer(200, '{"entity":{}}'));

    const result = await client().request({ method: 'GET', url: server.url, headers: {} });

    expect(result).toMatchObject({ status: 200, body: '{"entity":{}}' });
    expect(server.requests[0]).toMatchObject({ method: 'GET', body: '' });
  });

  it('of exactly 64 KiB, its head included, is read whole', async () => {
    const { bytes, body } = answerOf(64 * 1024);
    server.script(write(bytes));

    const result = await client().request(post());

    expect(result).toEqual({ kind: 'answered', status: 201, retryAfter: undefined, body });
  });

  it('may be as long on every request of a connection', async () => {
    const http = client();
    const { bytes, body } = answerOf(40 * 1024);
    server.script(write(bytes));

    const results = [await http.request(post()), await http.request(post())];

    expect(results).toMatchObject([{ body }, { body }]);
    expect(server.connections()).toBe(1);
  });

  it.each<[string, Reaction]>([
    ['is a byte over 64 KiB', write(answerOf(64 * 1024 + 1).bytes)],
    ['never ends', endless(201)],
    ['breaks off in its body', resetAfter('HTTP/1.1 201 Created\r\nContent-Length: 100\r\n\r\n{"id":')],
    [
      'breaks off in a chunk',
      resetAfter('HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\nff\r\nabc'),
    ],
    ['has a malformed chunk', write('HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nabc')],
  ])('keeps its status, which alone decides, when it %s', async (_, reaction) => {
    server.script(reaction);

    const result = await client().request(post());

    expect(result).toEqual({ kind: 'answered', status: 201, retryAfter: undefined, body: '' });
  });

  it.each<[string, Reaction]>([
    ['drips', drip(201)],
    ['stops in its body', write('HTTP/1.1 201 Created\r\nContent-Length: 100\r\n\r\n{"id":')],
  ])('that %s is cut off at the deadline and keeps its status', async (_, reaction) => {
    server.script(reaction);

    const result = await client(hastyMs).request(post());

    expect(result).toEqual({ kind: 'answered', status: 201, retryAfter: undefined, body: '' });
  });

  it.each([301, 302, 303, 307, 308])('of status %i is never followed', async (status) => {
    const other = await startScriptedServer();
    server.script(answer(status, '', { Location: other.url.href }));

    const result = await client().request(post());

    await other.close();
    expect(result).toMatchObject({ kind: 'answered', status });
    expect(other.connections()).toBe(0);
    expect(server.requests).toHaveLength(1);
  });

  it('may follow an interim one', async () => {
    server.script(
      write('HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\n{}'),
    );

    const result = await client().request(post());

    expect(result).toMatchObject({ kind: 'answered', status: 201, body: '{}' });
  });
});

/** An answer of so many bytes in all. */
function answerOf(bytes: number) {
  const head = `HTTP/1.1 201 Created\r\nContent-Length: ${bytes - 100}\r\n`;
  const filled = `${head}A: ${'x'.repeat(100 - head.length - 'A: \r\n\r\n'.length)}\r\n\r\n`;
  const body = 'x'.repeat(bytes - 100);
  return { bytes: filled + body, body };
}

describe('a request that no answer comes to', () => {
  it.each<[string, Reaction]>([
    ['is reset', reset],
    ['is hung up on', hangUp],
    ['breaks off in the headers', resetAfter('HTTP/1.1 201 Created\r\nContent-')],
    ['is answered with something that is not HTTP', write('SMTP ready\r\n\r\n')],
    [
      'is answered with an upgrade',
      write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n'),
    ],
    ['is answered with interim answers without an end', write('HTTP/1.1 103 Wait\r\n\r\n'.repeat(4_000))],
    [
      'is answered with more headers than Node reads',
      write(`HTTP/1.1 200 OK\r\nA: ${'x'.repeat(20_000)}\r\n\r\n`),
    ],
  ])('may have arrived when it %s', async (_, reaction) => {
    server.script(reaction);

    const result = await client().request(post());

    expect(result).toMatchObject({ kind: 'no-answer' });
    expect(server.requests).toHaveLength(1);
  });

  it('may have arrived when its connection is upgraded, which is told as what it is', async () => {
    server.script(write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n'));

    const result = await client().request(post());

    expect(result).toEqual({ kind: 'no-answer', reason: 'connection-closed' });
  });

  it('may have arrived when blank lines go on for more than 64 KiB', async () => {
    server.script(write('\r\n'.repeat(40_000)));

    const result = await client().request(post());

    expect(result).toEqual({ kind: 'no-answer', reason: 'answer-too-long' });
  });

  it('may have arrived when the deadline passes', async () => {
    server.script(hang);

    const result = await client(hastyMs).request(post());

    expect(result).toEqual({ kind: 'no-answer', reason: 'deadline-passed' });
  });

  it('is never repeated, not even over a kept-alive connection that the server had given up', async () => {
    const http = client();
    server.script(answer(200, '{}'), reset);

    await http.request(post());
    const result = await http.request(post());

    expect(result).toMatchObject({ kind: 'no-answer' });
    expect(server.requests.map(({ connection }) => connection)).toEqual([1, 1]);
  });

  const canary = 'CANARY_15550001111';

  it.each([
    ['HPE_INVALID_CONSTANT', `${canary}\r\n\r\n`],
    ['HPE_INVALID_CONSTANT', `HPE_${canary}: ${canary}`],
    ['HPE_INVALID_VERSION', `HTTP/9.9 200 ${canary}\r\n\r\n`],
    ['HPE_INVALID_STATUS', `HTTP/1.1 ${canary}\r\n\r\n`],
    ['HPE_INVALID_HEADER_TOKEN', `HTTP/1.1 200 OK\r\n${canary} \r\n\r\n`],
    ['HPE_INVALID_CONTENT_LENGTH', `HTTP/1.1 200 OK\r\nContent-Length: ${canary}\r\n\r\n`],
    ['HPE_HEADER_OVERFLOW', `HTTP/1.1 200 OK\r\n${canary}: ${canary.repeat(2_000)}\r\n\r\n`],
  ])("is told in Node's words (%s), and never in those of the server", async (reason, bytes) => {
    server.script(write(bytes));

    const result = await client().request(post());

    expect(result).toEqual({ kind: 'no-answer', reason });
  });

  it('cannot have arrived when the connection is refused', async () => {
    const url = await closedPort();

    const result = await client().request(post(url));

    expect(result).toEqual({ kind: 'not-sent', reason: 'ECONNREFUSED' });
  });

  it('cannot have arrived when there is no connection, for whatever reason', async () => {
    const failing = new Agent();
    failing.createConnection = (_, done) => {
      setImmediate(() => done?.(new Error('canary'), new Socket()));
      return undefined;
    };
    const agents = { http: failing, https: failing };

    const result = await createHttpClient({ deadlineMs: patientMs, now: Date.now, agents }).request(post());

    expect(result).toEqual({ kind: 'not-sent', reason: 'connection-failed' });
  });

  it('cannot have arrived when the deadline passes while its kept connection is looked at', async () => {
    const http = client(hastyMs);
    await http.request(post());

    const looking = http.request(post());
    setImmediate(() => standStill(hastyMs + 50));
    const result = await looking;

    expect(result).toEqual({ kind: 'not-sent', reason: 'deadline-passed' });
    expect(server.requests).toHaveLength(1);
  });

  it('cannot have arrived when the deadline passes while one kept connection after the other is given up', async () => {
    let time = 1_000_000;
    const http = client(hastyMs, () => time);
    await Promise.all(Array.from({ length: 3 }, () => http.request(post())));
    server.script(hang);
    time += 60_000;

    const looking = http.request(post());
    standStill(hastyMs + 50);
    const result = await looking;

    expect(result).toEqual({ kind: 'not-sent', reason: 'deadline-passed' });
    expect(server.requests).toHaveLength(3);
  });

  it('cannot have arrived when TLS does not come about', async () => {
    const url = new URL(server.url.href.replace('http:', 'https:'));

    const result = await client().request(post(url));

    expect(result).toMatchObject({ kind: 'not-sent' });
    expect(server.requests).toEqual([]);
  });

  it('cannot have arrived when the TLS handshake hangs until the deadline', async () => {
    const silent = createServer((socket) => socket.on('error', () => {}));
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const address = silent.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;

    const result = await client(hastyMs).request(post(new URL(`https://127.0.0.1:${port}`)));

    silent.close();
    expect(result).toEqual({ kind: 'not-sent', reason: 'deadline-passed' });
  });

  it('cannot have arrived when the host name cannot be looked up', async () => {
    const result = await client().request(post(new URL(`http://${'x'.repeat(64)}.invalid`)));

    expect(result).toMatchObject({ kind: 'not-sent' });
  });
});

const whole = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}';
const unasked = 'HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n';

describe('connections', () => {
  it('are kept alive from one request to the next', async () => {
    const http = client();

    await http.request(post());
    await http.request(post());

    expect(server.connections()).toBe(1);
  });

  it('keep nothing of the requests that went over them', async () => {
    const warnings: unknown[] = [];
    const note = (warning: unknown) => void warnings.push(warning);
    process.on('warning', note);
    const http = client();

    // Node warns of the eleventh listener for one event.
    for (let count = 0; count < 12; count += 1) await http.request(post());
    await new Promise(setImmediate);

    process.off('warning', note);
    expect(server.connections()).toBe(1);
    expect(warnings).toEqual([]);
  });

  it.each<[string, restedMs: number, headers: Record<string, string>, connections: readonly number[]]>([
    ['are used again after less than four seconds', 3_999, {}, [1, 1]],
    ['are not used again after four seconds', 4_000, {}, [1, 2]],
    ['are not used again when the clock was set back: nobody knows for how long they rested', -1, {}, [1, 2]],
    ['rest a second less than the server announces', 1_999, { 'Keep-Alive': 'timeout=3' }, [1, 1]],
    ['rest no longer than the server announces', 2_000, { 'Keep-Alive': 'max=9, timeout=3' }, [1, 2]],
    ['never rest when the server announces a second', 0, { 'Keep-Alive': 'timeout=1' }, [1, 2]],
    ['rest for four seconds when the server announces more', 4_000, { 'Keep-Alive': 'timeout=75' }, [1, 2]],
    [
      'rest as long as any when the server announces ten seconds',
      3_999,
      { 'Keep-Alive': 'timeout=10' },
      [1, 1],
    ],
    [
      'rest no longer than any when the server announces no number',
      4_000,
      { 'Keep-Alive': 'timeout=x' },
      [1, 2],
    ],
    ['end when the server says so', 0, { Connection: 'close' }, [1, 2]],
  ])('%s', async (_, restedMs, headers, connections) => {
    let time = 1_000_000;
    const http = client(patientMs, () => time);
    server.script(answer(200, '{}', headers));

    await http.request(post());
    time += restedMs;
    const result = await http.request(post());

    expect(result).toMatchObject({ status: 200 });
    expect(server.requests.map(({ connection }) => connection)).toEqual(connections);
  });

  it.each<[string, Reaction]>([
    ['ended', (_, socket) => void socket.end(whole)],
    ['reset', resetAfter(whole)],
    ['ended with words that nobody asked for', (_, socket) => void socket.end(whole + unasked)],
    [
      'used for words that nobody asked for',
      (_, socket) => {
        socket.write(whole);
        // When the answer has been read, and the next request waits for its look.
        setImmediate(() => setImmediate(() => socket.write(unasked)));
      },
    ],
    [
      'used for the beginning of an answer that nobody asked for',
      (_, socket) => {
        socket.write(whole);
        setImmediate(() => setImmediate(() => socket.write('HTTP/1.1 200 OK\r\nX-Part: ')));
      },
    ],
  ])('that were %s behind an answer carry no more requests', async (_, reaction) => {
    server.script(reaction);
    const http = client();

    const results: HttpResult[] = [];
    for (let count = 0; count < 10; count += 1) results.push(await http.request(post()));

    expect(results.map(({ kind }) => kind)).toEqual(Array(10).fill('answered'));
    expect(server.requests.map(({ connection }) => connection)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  });

  it('that were given up together cost nothing but new ones', async () => {
    const http = client();
    const many = () => Promise.all(Array.from({ length: 20 }, () => http.request(post())));
    await many();
    server.script((_, socket) => void socket.end(whole));
    await many();

    const results = await many();

    expect(results.map(({ kind }) => kind)).toEqual(Array(20).fill('answered'));
    expect(server.requests).toHaveLength(60);
    expect(server.connections()).toBe(40);
  });

  it('carry requests side by side', async () => {
    const http = client();
    server.script(hang, answer(200, '{}'));

    const hanging = client(hastyMs).request(post());
    const result = await http.request(post());

    expect([result.kind, (await hanging).kind].toSorted()).toEqual(['answered', 'no-answer']);
  });
});

describe('over TLS', () => {
  let secure: ScriptedServer;

  beforeEach(async () => {
    // Read for each connection; nobody has signed the server's certificate.
    vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
    vi.spyOn(process, 'emitWarning').mockReturnValue();
    secure = await startScriptedServer({ isSecure: true });
  });

  afterEach(async () => {
    vi.unstubAllEnvs();
    vi.restoreAllMocks();
    await secure.close();
  });

  it('an answer comes back, and its connection is kept for the next request', async () => {
    const http = client();
    secure.script(answer(201, '{"id":"V1"}'));

    const results = [await http.request(post(secure.url)), await http.request(post(secure.url))];

    expect(results).toMatchObject([
      { kind: 'answered', status: 201, body: '{"id":"V1"}' },
      { kind: 'answered', status: 201 },
    ]);
    expect(secure.connections()).toBe(1);
  });

  it('a request may have arrived when it is hung up on, over a new connection and over a kept one', async () => {
    const http = client();
    secure.script(hangUp);
    const first = await http.request(post(secure.url));
    secure.script(answer(200), hangUp);
    await http.request(post(secure.url));

    const second = await http.request(post(secure.url));

    expect([first.kind, second.kind]).toEqual(['no-answer', 'no-answer']);
    expect(secure.requests.map(({ connection }) => connection)).toEqual([1, 2, 2]);
  });

  it('a request cannot have arrived where the other side speaks nothing newer than TLS 1.1', async () => {
    const old = await startScriptedServer({
      isSecure: true,
      tls: { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' },
    });
    onTestFinished(() => old.close());

    const result = await client().request(post(old.url));

    expect(result).toEqual({ kind: 'not-sent', reason: 'EPROTO' });
    expect(old.requests).toEqual([]);
  });

  it('a request cannot have arrived when the certificate is not to be trusted', async () => {
    vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '1');

    const result = await client().request(post(secure.url));

    expect(result).toEqual({ kind: 'not-sent', reason: 'DEPTH_ZERO_SELF_SIGNED_CERT' });
    expect(secure.requests).toEqual([]);
  });
});
