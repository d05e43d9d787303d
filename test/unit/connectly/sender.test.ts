import { describe, expect, it } from 'vitest';
import { parseApiKeys } from '../../../lib/connectly/api-key.ts';
import type { HttpRequest, HttpResult } from '../../../lib/connectly/http.ts';
import { connectlySender } from '../../../lib/connectly/sender.ts';
import { signOf } from '../../../lib/delivery/outcome.ts';
import { RelayError } from '../../../lib/errors.ts';

const accepted: HttpResult = { kind: 'answered', status: 201, retryAfter: undefined, body: '{"id":"V1"}' };
const unauthorized: HttpResult = { kind: 'answered', status: 401, retryAfter: undefined, body: '' };

/** A secret with a key for one business. */
const onlyFirst = async () => '{"business-1":"key-1"}';

const refusedKey = {
  kind: 'not-sent',
  code: 'connectly-401',
  configurationFault: 'business',
  status: 401,
};

class ThrottlingException extends Error {
  override readonly name = 'ThrottlingException';
}

interface Setup {
  readonly results?: readonly HttpResult[];
  readonly current?: () => Promise<string>;
  readonly refreshed?: () => Promise<string>;
  readonly baseUrl?: string;
  /** What a request takes, in milliseconds. */
  readonly requestMs?: number;
}

/** A sender whose HTTP client gives these results in turn, and whose secret has these values. */
function scene(setup: Setup = {}) {
  const requests: HttpRequest[] = [];
  const results = [...(setup.results ?? [accepted])];
  let refreshes = 0;
  let now = 0;
  const sender = connectlySender({
    http: {
      request: (request) => {
        requests.push(request);
        now += setup.requestMs ?? 0;
        return Promise.resolve(results.shift() ?? accepted);
      },
    },
    baseUrl: new URL(setup.baseUrl ?? 'https://api.connectly.ai'),
    apiKeys: {
      current: async () => ({ value: parseApiKeys(await (setup.current?.() ?? 'old-key')), stale: false }),
      refreshed: async () => {
        refreshes++;
        return { value: parseApiKeys(await (setup.refreshed?.() ?? 'new-key')), stale: false };
      },
    },
    senderNumber: undefined,
    now: () => now,
  });
  const send = (businessId = 'business-1', expiresAt = 1) =>
    sender.send({ message: { type: 'text', to: '+15555555555', text: 'hello!' }, businessId, expiresAt });
  const ask = (businessId = 'business-1') => sender.ask(businessId);
  return { send, ask, requests, refreshes: () => refreshes };
}

const keysOf = (requests: readonly HttpRequest[]) => requests.map(({ headers }) => headers['X-API-Key']);

describe('connectlySender', () => {
  it('posts to the business with its key, and says what became of it', async () => {
    const { send, requests } = scene();

    const outcome = await send();

    expect(outcome).toEqual({ kind: 'accepted', vendorId: 'V1', status: 201 });
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

    expect(outcome).toEqual(refusedKey);
    expect([requests.length, refreshes()]).toEqual([2, 1]);
  });

  it('does not try again with the key that was just refused', async () => {
    const { send, requests } = scene({ results: [unauthorized], refreshed: async () => 'old-key' });

    const outcome = await send();

    expect(outcome).toMatchObject({ kind: 'not-sent', configurationFault: 'business' });
    expect(requests).toHaveLength(1);
  });

  it.each<[string, HttpResult, number]>([
    ['no answer', { kind: 'no-answer', reason: 'ECONNRESET' }, 3],
    ['an answer that takes the key', accepted, 2],
  ])('looks for a newer key than a refused one, also after %s', async (_, result, looks) => {
    const results = [unauthorized, result, accepted];
    const { send, refreshes } = scene({ results, refreshed: async () => 'old-key' });

    for (let count = 0; count < 3; count += 1) await send();

    expect(refreshes()).toBe(looks);
  });

  it('does not try again when no newer key can be read', async () => {
    const { send, requests } = scene({
      results: [unauthorized],
      refreshed: () => Promise.reject(new Error('down')),
    });

    const outcome = await send();

    expect(outcome).toEqual(refusedKey);
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

  it('looks for the key of a business once more in a newer secret', async () => {
    const { send, requests, refreshes } = scene({
      current: async () => '{"business-1":"key-1"}',
      refreshed: async () => '{"business-1":"key-1","business-2":"key-2"}',
    });

    const outcome = await send('business-2');

    expect(outcome.kind).toBe('accepted');
    expect([keysOf(requests), refreshes()]).toEqual([['key-2'], 1]);
  });

  it('sends nothing for a business without a key', async () => {
    const { send, requests } = scene({ current: onlyFirst, refreshed: onlyFirst });

    const outcome = await send('business-2');

    expect(outcome).toEqual({
      kind: 'not-sent',
      code: 'no-key-for-business',
      configurationFault: 'business',
    });
    expect(requests).toEqual([]);
  });

  it.each([
    ['names the reason', new RelayError('secret-not-set', 'empty'), 'secret-not-set', undefined],
    [
      "names AWS's error underneath",
      new RelayError('secret-unavailable', 'no', { cause: new ThrottlingException() }),
      'secret-unavailable',
      'ThrottlingException',
    ],
    [
      'says that the secret is unavailable for any other error',
      new Error('down'),
      'secret-unavailable',
      'Error',
    ],
  ])('sends nothing without a key and %s', async (_, error, code, fault) => {
    const { send, requests, refreshes } = scene({ current: () => Promise.reject(error) });

    const outcome = await send();

    expect(outcome).toEqual({ kind: 'not-sent', code, configurationFault: 'stage', fault });
    expect([requests, refreshes()]).toEqual([[], 0]);
  });

  it('says that the secret is unavailable for what is no error at all', async () => {
    const { send } = scene({ current: () => Promise.reject('down') });

    const outcome = await send();

    expect(outcome).toEqual({ kind: 'not-sent', code: 'secret-unavailable', configurationFault: 'stage' });
  });

  it('makes no request for a message that has expired while its key was read', async () => {
    const { send, requests, refreshes } = scene();

    const outcome = await send('business-1', 0);

    expect(outcome).toMatchObject({ kind: 'refused', code: 'expired' });
    expect([requests, refreshes()]).toEqual([[], 0]);
  });

  it('calls a message expired that is so, with a key or without', async () => {
    const { send } = scene({ current: () => Promise.reject(new Error('down')) });

    const outcome = await send('business-1', 0);

    expect(outcome).toMatchObject({ kind: 'refused', code: 'expired' });
  });

  it('makes no second request for a message that has expired during the first', async () => {
    const { send, requests } = scene({ results: [unauthorized, accepted], requestMs: 1 });

    const outcome = await send('business-1', 1);

    expect(outcome).toMatchObject({ kind: 'refused', code: 'expired' });
    expect(keysOf(requests)).toEqual(['old-key']);
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
    const { ask, requests } = scene();

    const outcome = await ask('business-2');

    expect(outcome.kind).toBe('accepted');
    expect(requests.map(({ method, url, body }) => [method, url.pathname, body])).toEqual([
      ['GET', '/v1/businesses/business-2/webhooks', undefined],
    ]);
    expect(keysOf(requests)).toEqual(['old-key']);
  });

  it.each<[HttpResult, string]>([
    [{ ...accepted, status: 200, body: '{"entity":{}}' }, 'well'],
    [answered(200), 'failing'],
    [answered(199), 'failing'],
    [answered(301), 'turned-down'],
    [answered(403), 'turned-down'],
    [answered(404), 'turned-down'],
    [answered(429), 'throttled'],
    [answered(500), 'failing'],
    [answered(503), 'failing'],
    [{ kind: 'not-sent', reason: 'ECONNREFUSED' }, 'failing'],
    [{ kind: 'no-answer', reason: 'deadline-passed' }, 'failing'],
  ])('is answered with %o, which is a sign: %s', async (result, said) => {
    const { ask } = scene({ results: [result] });

    const outcome = await ask();

    expect(signOf(outcome)).toBe(said);
  });

  it('is asked once more with a newer key', async () => {
    const { ask, requests } = scene({ results: [unauthorized, accepted] });

    const outcome = await ask();

    expect(outcome.kind).toBe('accepted');
    expect(keysOf(requests)).toEqual(['old-key', 'new-key']);
  });

  it.each([
    ['there is none for the business', async () => '{"business-2":"key-2"}', 'refuses-business'],
    ['the secret cannot be read', () => Promise.reject(new Error('down')), 'refuses-stage'],
  ])('is not asked without a key: %s', async (_, current, said) => {
    const { ask, requests } = scene({ current, refreshed: current });

    const outcome = await ask();

    expect(signOf(outcome)).toBe(said);
    expect(requests).toEqual([]);
  });
});
