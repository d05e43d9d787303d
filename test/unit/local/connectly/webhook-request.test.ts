import net from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { loopbackLookup, WebhookClient } from '../../../../local/connectly/webhook-request.ts';

const lookup = (hostname: string, all: boolean) =>
  new Promise((resolve) => {
    loopbackLookup(hostname, { all }, (error, address) => resolve(error?.message ?? address));
  });

describe('looking a name up', () => {
  test('refuses an address that is not this machine', async () => {
    const one = await lookup('192.0.2.1', false);
    const list = await lookup('192.0.2.1', true);

    expect([one, list]).toEqual(['not loopback', 'not loopback']);
  });

  test('finds this machine', async () => {
    const one = await lookup('127.0.0.1', false);
    const list = await lookup('127.0.0.1', true);

    expect(one).toBe('127.0.0.1');
    expect(list).toEqual([{ address: '127.0.0.1', family: 4 }]);
  });
});

describe('connections', () => {
  let client: WebhookClient;
  let server: net.Server;
  /** How many requests each connection has carried. */
  let requestsOf: number[];
  let resetsFrom: number;
  beforeEach(async () => {
    client = new WebhookClient();
    requestsOf = [];
    resetsFrom = Infinity;
    server = net.createServer((socket) => {
      const connection = requestsOf.push(0) - 1;
      socket.on('error', () => {});
      socket.on('data', () => {
        const requests = (requestsOf[connection] ?? 0) + 1;
        requestsOf[connection] = requests;
        if (requests >= resetsFrom) socket.resetAndDestroy();
        else socket.write('HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n');
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  });
  afterEach(() => {
    client.close();
    server.close();
  });
  const post = () => {
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    return client.post({
      address: `http://127.0.0.1:${port}/`,
      body: Buffer.from('x'),
      secret: 's',
      timeoutMs: 10_000,
    });
  };

  test('are kept from one webhook to the next', async () => {
    const results = [await post(), await post()];

    expect(results).toEqual([{ status: 200 }, { status: 200 }]);
    expect(requestsOf.length).toBe(1);
  });

  test('that were kept and are reset are replaced by a fresh one, once', async () => {
    resetsFrom = 2;

    const results = [await post(), await post()];

    expect(results).toEqual([{ status: 200 }, { status: 200 }]);
    expect(requestsOf).toEqual([2, 1]);
  });

  test('that are fresh and are reset are a failure', async () => {
    resetsFrom = 1;

    const result = await post();

    expect(result).toEqual({ error: 'ECONNRESET' });
    expect(requestsOf).toEqual([1]);
  });
});
