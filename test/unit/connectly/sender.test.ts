import { describe, expect, it } from 'vitest';
import { parseApiKeys } from '../../../lib/connectly/api-key.ts';
import type { HttpRequest, HttpResult } from '../../../lib/connectly/http.ts';
import { connectlySender } from '../../../lib/connectly/sender.ts';
import { RelayError } from '../../../lib/errors.ts';

const accepted: HttpResult = { kind: 'answered', status: 201, retryAfter: undefined, body: '{"id":"V1"}' };
const unauthorized: HttpResult = { kind: 'answered', status: 401, retryAfter: undefined, body: '' };

interface Setup {
  readonly results?: readonly HttpResult[];
  readonly current?: () => Promise<string>;
  readonly refreshed?: () => Promise<string>;
  readonly baseUrl?: string;
}

/** A sender whose HTTP client gives these results in turn, and whose secret has these values. */
function scene(setup: Setup = {}) {
  const requests: HttpRequest[] = [];
  const results = [...(setup.results ?? [accepted])];
  let refreshes = 0;
  const sender = connectlySender({
    http: {
      request: (request) => {
        requests.push(request);
        return Promise.resolve(results.shift() ?? accepted);
      },
      closeConnections: () => {},
    },
    baseUrl: new URL(setup.baseUrl ?? 'https://api.connectly.ai'),
    apiKeys: {
      current: async () => ({ value: parseApiKeys(await (setup.current?.() ?? 'old-key')) }),
      refreshed: async () => {
        refreshes++;
        return { value: parseApiKeys(await (setup.refreshed?.() ?? 'new-key')) };
      },
    },
    senderNumber: undefined,
    now: () => 0,
  });
  const send = (businessId = 'business-1') =>
    sender.send({ type: 'text', to: '+15555555555', text: 'hello!' }, businessId);
  const answers = (businessId = 'business-1') => sender.answers(businessId);
  return { send, answers, requests, refreshes: () => refreshes };
}

const keysOf = (requests: readonly HttpRequest[]) => requests.map(({ headers }) => headers['X-API-Key']);

describe('connectlySender', () => {
  it('posts to the business with its key, and says what became of it', async () => {
    const { send, requests } = scene();

    const outcome = await send();

    expect(outcome).toEqual({ kind: 'accepted', vendorId: 'V1' });
    expect(requests.map(({ method, url }) => `${method} ${url.href}`)).toEqual([
      'POST https://api.connectly.ai/v1/businesses/business-1/send/messages',
    ]);
    expect(keysOf(requests)).toEqual(['old-key']);
  });

  it('reads the key again after a 401 and tries once more with the new one', async () => {
    const { send, requests, refreshes } = scene({ results: [unauthorized, accepted] });

    const outcome = await send();

    expect(outcome.kind).toBe('accepted');
    expect(keysOf(requests)).toEqual(['old-key', 'new-key']);
    expect(refreshes()).toBe(1);
  });

  it('gives up after a second 401, as a configuration fault', async () => {
    const { send, requests, refreshes } = scene({ results: [unauthorized, unauthorized] });

    const outcome = await send();

    expect(outcome).toEqual({ kind: 'not-sent', code: 'connectly-401', configurationFault: true });
    expect([requests.length, refreshes()]).toEqual([2, 1]);
  });

  it('does not try again with the key that was just refused', async () => {
    const { send, requests } = scene({ results: [unauthorized], refreshed: async () => 'old-key' });

    const outcome = await send();

    expect(outcome).toMatchObject({ kind: 'not-sent', configurationFault: true });
    expect(requests).toHaveLength(1);
  });

  it('does not try again when no newer key can be read', async () => {
    const { send, requests } = scene({
      results: [unauthorized],
      refreshed: () => Promise.reject(new Error('down')),
    });

    const outcome = await send();

    expect(outcome).toEqual({ kind: 'not-sent', code: 'connectly-401', configurationFault: true });
    expect(requests).toHaveLength(1);
  });

  it.each([400, 403, 404, 429, 500, 503])(
    'never repeats a request that was answered with %i',
    async (status) => {
      const { send, requests, refreshes } = scene({ results: [{ ...unauthorized, status }] });

      await send();

      expect([requests.length, refreshes()]).toEqual([1, 0]);
    },
  );

  it('never repeats a request that no answer came to', async () => {
    const { send, requests } = scene({ results: [{ kind: 'no-answer', reason: 'ECONNRESET' }] });

    const outcome = await send();

    expect(outcome.kind).toBe('unclear');
    expect(requests).toHaveLength(1);
  });

  it("uses the key of the message's business", async () => {
    const { send, requests } = scene({ current: async () => '{"business-1":"key-1","business-2":"key-2"}' });

    await send('business-2');

    expect(keysOf(requests)).toEqual(['key-2']);
  });

  it('sends nothing for a business without a key', async () => {
    const { send, requests } = scene({ current: async () => '{"business-1":"key-1"}' });

    const outcome = await send('business-2');

    expect(outcome).toEqual({ kind: 'not-sent', code: 'no-key-for-business', configurationFault: true });
    expect(requests).toEqual([]);
  });

  it.each([
    ['names the reason', new RelayError('secret-not-set', 'empty'), 'secret-not-set'],
    ['says that the secret is unavailable for any other error', new Error('down'), 'secret-unavailable'],
    ['says so for what is no error at all', 'down', 'secret-unavailable'],
  ])('sends nothing without a key and %s', async (_, error, code) => {
    const { send, requests } = scene({ current: () => Promise.reject(error) });

    const outcome = await send();

    expect(outcome).toEqual({ kind: 'not-sent', code, configurationFault: true });
    expect(requests).toEqual([]);
  });

  it.each([
    ['https://api.connectly.ai/', 'https://api.connectly.ai/v1/businesses/business-1/send/messages'],
    [
      'https://api.connectly.ai/proxy/',
      'https://api.connectly.ai/proxy/v1/businesses/business-1/send/messages',
    ],
    [
      'https://api.connectly.ai//elsewhere.example',
      'https://api.connectly.ai//elsewhere.example/v1/businesses/business-1/send/messages',
    ],
  ])('stays on the host of the base URL %s', async (baseUrl, url) => {
    const { send, requests } = scene({ baseUrl });

    await send();

    expect(requests.map((request) => request.url.href)).toEqual([url]);
  });

  it('encodes a business id that means something in a path', async () => {
    const { send, requests } = scene();

    await send('a/b?c#d e');

    expect(requests[0]?.url.pathname).toBe('/v1/businesses/a%2Fb%3Fc%23d%20e/send/messages');
  });
});

const answered = (status: number): HttpResult => ({
  kind: 'answered',
  status,
  retryAfter: undefined,
  body: '',
});

describe('the harmless question whether Connectly answers', () => {
  it('reads the webhooks of the business, with its key and without a body', async () => {
    const { answers, requests } = scene();

    const found = await answers('business-2');

    expect(found).toBe(true);
    expect(requests.map(({ method, url, body }) => [method, url.pathname, body])).toEqual([
      ['GET', '/v1/businesses/business-2/webhooks', undefined],
    ]);
    expect(keysOf(requests)).toEqual(['old-key']);
  });

  it.each([
    [200, true],
    [204, true],
    [299, true],
    [199, false],
    [300, false],
    [301, false],
    [400, false],
    [403, false],
    [404, false],
    [429, false],
    [500, false],
    [503, false],
  ])('is answered with %i: %s', async (status, expected) => {
    const { answers } = scene({ results: [answered(status)] });

    const found = await answers();

    expect(found).toBe(expected);
  });

  it.each<HttpResult>([
    { kind: 'not-sent', reason: 'ECONNREFUSED' },
    { kind: 'no-answer', reason: 'timeout' },
  ])('is answered with no when $reason', async (result) => {
    const { answers } = scene({ results: [result] });

    const found = await answers();

    expect(found).toBe(false);
  });

  it('is asked once more with a newer key', async () => {
    const { answers, requests } = scene({ results: [unauthorized, answered(200)] });

    const found = await answers();

    expect(found).toBe(true);
    expect(keysOf(requests)).toEqual(['old-key', 'new-key']);
  });

  it.each([
    ['there is none for the business', async () => '{"business-2":"key-2"}'],
    ['the secret cannot be read', () => Promise.reject(new Error('down'))],
  ])('is not asked without a key, and answered with no: %s', async (_, current) => {
    const { answers, requests } = scene({ current });

    const found = await answers();

    expect(found).toBe(false);
    expect(requests).toEqual([]);
  });
});
