import { once } from 'node:events';
import { createServer, get, type IncomingMessage, type OutgoingHttpHeaders, type Server } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { startRuntimeApi } from '../../../local/aws/lambda/runtime-api.ts';
import { startAwsEndpoint } from '../../../local/aws/protocols/endpoint.ts';
import { startFakeConnectly } from '../../../local/connectly/fake-connectly.ts';
import { forThisMachineOnly } from '../../../local/loopback.ts';
import { listen } from '../../support/listen.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function startServer(): Promise<string> {
  const server: Server = createServer(forThisMachineOnly((_, response) => response.end('served')));
  closing.push(() => server.close());
  return `http://127.0.0.1:${await listen(server)}`;
}

/** `path` goes out as it is; one in a URL would be made simpler before. */
async function answerTo(
  url: string,
  headers: OutgoingHttpHeaders,
  options: { readonly method?: string; readonly path?: string } = {},
): Promise<IncomingMessage> {
  const [response]: IncomingMessage[] = await once(
    get(url, { headers, agent: false, ...options }),
    'response',
  );
  if (response === undefined) throw new Error('There is no answer.');
  response.resume();
  await once(response, 'end');
  return response;
}

async function statusOf(url: string, headers: OutgoingHttpHeaders): Promise<number | undefined> {
  const { statusCode } = await answerTo(url, headers);
  return statusCode;
}

describe('a server for this machine only', () => {
  it.each([
    ['no header of its own', {}],
    ['the name localhost', { host: 'localhost:4566' }],
    ['IPv6', { host: '[::1]:4566' }],
    ['a page of this machine', { origin: 'http://localhost:3000', 'sec-fetch-site': 'cross-site' }],
    ['an address typed into a browser', { 'sec-fetch-site': 'none' }],
    ['a page of its own', { 'sec-fetch-site': 'same-origin' }],
  ])('serves a request with %s', async (_, headers) => {
    const url = await startServer();

    const status = await statusOf(url, headers);

    expect(status).toBe(200);
  });

  it.each([
    ['a name that was rebound to this machine', { host: 'rebound.example.com' }],
    ['a name that begins like this machine', { host: 'localhost.example.com' }],
    ['a host that is none', { host: ' ' }],
    ['a page from elsewhere', { origin: 'https://example.com' }],
    ['a page without an origin', { origin: 'null' }],
    ['an image in a page from elsewhere', { 'sec-fetch-site': 'cross-site' }],
  ])('refuses a request with %s', async (_, headers) => {
    const url = await startServer();

    const status = await statusOf(url, headers);

    expect(status).toBe(403);
  });
});

describe('the fake Connectly', () => {
  it.each([
    '/_fake/../package.json',
    '/_fake/%2e%2e/package.json',
    '/_fake/..%2fpackage.json',
    '/../../etc/passwd',
  ])('has no file at %s', async (path) => {
    const fake = await startFakeConnectly({ apiKey: 'key', webhookSecret: 'secret' });
    closing.push(() => fake.close());

    const { statusCode } = await answerTo(fake.url, {}, { path });

    expect(statusCode).toBe(404);
  });
});

describe('a page from elsewhere', () => {
  const origin = 'https://example.com';

  it('cannot ask the AWS endpoint', async () => {
    const endpoint = await startAwsEndpoint({ services: [] });
    closing.push(() => endpoint.close());

    expect(await statusOf(endpoint.url, { origin })).toBe(403);
  });

  it('cannot ask the fake Connectly, neither its own routes nor the vendor’s', async () => {
    const fake = await startFakeConnectly({ apiKey: 'key', webhookSecret: 'secret' });
    closing.push(() => fake.close());

    expect(await statusOf(`${fake.url}/_fake/state`, { origin })).toBe(403);
    expect(await statusOf(`${fake.url}/v1/businesses/b/webhooks`, { origin })).toBe(403);
    expect(fake.state().requests.newest).toEqual([]);
  });

  it('is told by no server that it may send what it wants to', async () => {
    const fake = await startFakeConnectly({ apiKey: 'key', webhookSecret: 'secret' });
    const endpoint = await startAwsEndpoint({ services: [] });
    closing.push(
      () => fake.close(),
      () => endpoint.close(),
    );

    const asked = [`${fake.url}/_fake/state`, `${fake.url}/v1/businesses/b/webhooks`, endpoint.url];
    const answers = await Promise.all(asked.map((url) => answerTo(url, { origin }, { method: 'OPTIONS' })));

    expect(answers.map(({ statusCode }) => statusCode)).toEqual([403, 403, 403]);
    expect(answers.flatMap(({ headers }) => Object.keys(headers)).join()).not.toContain('access-control');
  });

  it('cannot take an invocation from a function', async () => {
    let asked = 0;
    const api = await startRuntimeApi({
      functionArn: 'arn:aws:lambda:eu-west-1:000000000000:function:f',
      onReady: () => void (asked += 1),
      onAnswer: () => {},
      onInitError: () => {},
    });
    closing.push(() => api.close());

    const url = `http://${api.address}/2018-06-01/runtime/invocation/next`;
    expect(await statusOf(url, { 'sec-fetch-site': 'cross-site' })).toBe(403);
    expect(asked).toBe(0);
  });
});
