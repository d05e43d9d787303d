import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { failureOf } from '../../../../cli/errors.ts';
import { ProxyAgent } from '../../../../cli/network/agent.ts';
import { createNetwork } from '../../../../cli/network/network.ts';
import { createAwsClients } from '../../../../cli/target/aws-clients.ts';
import { withWebhooks } from '../../../../cli/webhook/business-webhooks.ts';
import { type ConnectProxy, startConnectProxy } from '../../../support/connect-proxy.ts';
import { answer, type ScriptedServer, startScriptedServer } from '../../../support/scripted-server.ts';

const { signal } = new AbortController();
const identity =
  '<GetCallerIdentityResponse><GetCallerIdentityResult><Account>123456789012</Account></GetCallerIdentityResult></GetCallerIdentityResponse>';

let server: ScriptedServer;
let proxy: ConnectProxy;

beforeEach(async () => {
  server = await startScriptedServer();
  proxy = await startConnectProxy({ leadsTo: server.url });
});

afterEach(async () => {
  await proxy.close();
  await server.close();
});

/** What comes of each kind of request that a command makes, to a host that only the proxy knows. */
const requests = {
  AWS: (env: Record<string, string>) => askAws(env),
  Connectly: (env: Record<string, string>) => {
    const target = { connectlyBaseUrl: new URL('http://connectly.test'), network: createNetwork(env) };
    return withWebhooks({ target, businessId: 'b', apiKey: 'k', signal }, (webhooks) => webhooks.list());
  },
  'the webhook': (env: Record<string, string>) =>
    createNetwork(env).ask('http://webhook.test/webhooks', {
      method: 'POST',
      body: Buffer.from('é'),
      signal,
    }),
};

async function askAws(
  env: Record<string, string>,
  endpoint = 'http://aws.test',
): Promise<string | undefined> {
  const keys = { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' };
  const aws = createAwsClients({
    region: 'eu-west-1',
    env: { ...keys, AWS_ENDPOINT_URL: endpoint },
    network: createNetwork(env),
  });
  onTestFinished(() => aws.close());
  return (await (await aws.sts()).send(new GetCallerIdentityCommand({}))).Account;
}

async function failing(asked: Promise<unknown>) {
  return failureOf(
    await asked.then(
      () => undefined,
      (reason: unknown) => reason,
    ),
  );
}

describe('through a proxy', () => {
  it('AWS is asked', async () => {
    server.script(answer(200, identity, { 'content-type': 'text/xml' }));

    const account = await requests.AWS({ HTTP_PROXY: proxy.url.href });

    expect(account).toBe('123456789012');
    expect(proxy.tunnels).toEqual([{ to: 'aws.test:80', authorization: undefined }]);
  });

  it('Connectly is asked', async () => {
    server.script(answer(200, '{"entity":{"webhooks":[]}}'));

    const listed = await requests.Connectly({ http_proxy: proxy.url.href });

    expect(listed).toEqual([]);
    expect(proxy.tunnels.map(({ to }) => to)).toEqual(['connectly.test:80']);
  });

  it('the address of a stage is asked, byte for byte', async () => {
    server.script(answer(401, 'no', { date: 'Mon, 30 Nov 2026 10:00:00 GMT' }));

    const { status, headers, body } = await requests['the webhook']({ HTTP_PROXY: proxy.url.href });

    expect({ status, body, date: headers.date }).toEqual({
      status: 401,
      body: 'no',
      date: 'Mon, 30 Nov 2026 10:00:00 GMT',
    });
    expect(server.requests).toMatchObject([{ method: 'POST', path: '/webhooks', body: 'é' }]);
    expect(proxy.tunnels.map(({ to }) => to)).toEqual(['webhook.test:80']);
  });

  it('a user and a password are told to the proxy alone', async () => {
    server.script(answer(200, identity, { 'content-type': 'text/xml' }));

    await requests.AWS({ HTTP_PROXY: `http://user:p%40ss@${proxy.url.host}` });

    const basic = `Basic ${Buffer.from('user:p@ss').toString('base64')}`;
    expect(proxy.tunnels.map(({ authorization }) => authorization)).toEqual([basic]);
    expect(JSON.stringify(server.requests)).not.toMatch(/proxy-authorization/i);
  });
});

describe('past a proxy', () => {
  it('goes what is on this machine', async () => {
    server.script(answer(200, identity, { 'content-type': 'text/xml' }));

    const account = await askAws({ HTTP_PROXY: proxy.url.href }, server.url.href);

    expect(account).toBe('123456789012');
    expect(proxy.tunnels).toEqual([]);
  });

  it.each([
    ['192.0.2.0/24', ['0.0.0.0']],
    ['0.0.0.0/8', []],
  ])('goes an address whose network NO_PROXY names: %s', async (network, throughProxy) => {
    const env = { HTTP_PROXY: proxy.url.href, NO_PROXY: network };

    // It leads to this machine, and is none of the addresses that never go through a proxy.
    const { status } = await createNetwork(env).ask(`http://0.0.0.0:${server.url.port}`, { signal });

    expect(status).toBe(200);
    expect(proxy.tunnels.map(({ to }) => to.replace(/:\d+$/, ''))).toEqual(throughProxy);
  });

  it('goes everything where no environment is handed in, as at the local stack', async () => {
    await createNetwork().ask(server.url.href, { signal });

    expect(await createNetwork().agent()).toBeUndefined();
    expect(server.requests).toHaveLength(1);
  });
});

describe.each(['AWS', 'Connectly', 'the webhook'] as const)('a request to %s', (whom) => {
  it('says that nobody is at the address of the proxy, and which variable names it', async () => {
    await proxy.close();

    const failure = await failing(requests[whom]({ HTTP_PROXY: `http://user:pa55word@${proxy.url.host}` }));

    expect(failure).toMatchObject({ exitCode: 3, code: 'proxy-unreachable' });
    expect(failure.message).toMatch(
      /^The proxy 127\.0\.0\.1:\d+, which HTTP_PROXY names, does not answer \(ECONNREFUSED\)\. .* NO_PROXY=\w+\.test$/,
    );
    expect(failure.message).not.toContain('pa55word');
  });

  it('says that there is no host of the name of the proxy', async () => {
    const failure = await failing(requests[whom]({ http_proxy: 'http://no-such-proxy.invalid:3128' }));

    expect(failure).toMatchObject({ exitCode: 3, code: 'proxy-unreachable' });
    expect(failure.message).toMatch(
      /^The proxy no-such-proxy\.invalid:3128, which http_proxy names, does not answer \((ENOTFOUND|EAI_AGAIN)\)\./,
    );
  });

  it.each([
    [
      407,
      /wants a user and a password that it knows \(407\)\. Write them into HTTP_PROXY, percent-encoded: http/,
    ],
    [403, /answered 403 instead of leading to \w+\.test:80\. Ask whoever runs it/],
  ])('says that the proxy refuses with %i, and never its password', async (status, words) => {
    const refusing = await startConnectProxy({ leadsTo: server.url, refusesWith: status });
    onTestFinished(() => refusing.close());

    const failure = await failing(
      requests[whom]({ HTTP_PROXY: `http://user:pa55word@${refusing.url.host}` }),
    );

    expect(failure).toMatchObject({ exitCode: 3, code: 'proxy-refused' });
    expect(failure.message).toMatch(words);
    expect(failure.message).not.toContain('pa55word');
    expect({ tunnels: refusing.tunnels.length, requests: server.requests }).toEqual({
      tunnels: 1,
      requests: [],
    });
  });

  it.each([
    ['that has no status', 'HTTP/1.1\r\n\r\n'],
    ['in another language', 'Who is there?\r\n\r\n'],
    ['whose headers are none', 'HTTP/1.1 200 OK\r\nWelcome\r\n\r\n'],
    ['of an empty line', '\r\n\r\n'],
  ])('says that what answers is no proxy: an answer %s', async (_, refusesWith) => {
    const other = await startConnectProxy({ leadsTo: server.url, refusesWith });
    onTestFinished(() => other.close());

    const failure = await failing(requests[whom]({ HTTP_PROXY: other.url.href }));

    expect(failure).toMatchObject({ exitCode: 3, code: 'proxy-unreadable' });
    expect(failure.message).toMatch(
      /^The proxy 127\.0\.0\.1:\d+, which HTTP_PROXY names, answers with something that is no HTTP\. .*correct HTTP_PROXY\. /,
    );
  });

  it('says that a proxy hangs up, whatever it said before', async () => {
    const rude = await startConnectProxy({ leadsTo: server.url, refusesWith: 'Go away' });
    onTestFinished(() => rude.close());

    const failure = await failing(requests[whom]({ HTTP_PROXY: rude.url.href }));

    expect(failure).toMatchObject({ exitCode: 3, code: 'proxy-unreachable' });
    expect(failure.message).toContain('does not answer (it hung up)');
  });

  it('says that the value of the variable is no proxy', async () => {
    const failure = await failing(requests[whom]({ HTTP_PROXY: 'socks5://127.0.0.1:1080' }));

    expect(failure).toMatchObject({ exitCode: 3, code: 'proxy-invalid' });
  });
});

it('A proxy that takes the question and never answers is given up', async () => {
  const silent = await startConnectProxy({ leadsTo: server.url, refusesWith: 0 });
  onTestFinished(() => silent.close());
  const agent = new ProxyAgent({ HTTP_PROXY: silent.url.href }, 20);
  onTestFinished(() => agent.destroy());
  const { request } = await import('node:http');

  const error = await new Promise((resolve) =>
    request('http://aws.test', { agent }).on('error', resolve).end(),
  );

  expect(failureOf(error)).toMatchObject({ exitCode: 3, code: 'proxy-unreachable' });
  expect(failureOf(error).message).toContain('no answer within 0.02 s');
});
