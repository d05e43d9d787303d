import { describe, expect, it } from 'vitest';
import { parseApiKeys } from '../../../lib/connectly/api-key.ts';
import type { HttpResult } from '../../../lib/connectly/http.ts';
import { connectlySender } from '../../../lib/connectly/sender.ts';
import { RelayError } from '../../../lib/errors.ts';
import { createSecretCache } from '../../../lib/secrets/cache.ts';
import { createVirtualClock } from '../../support/virtual-clock.ts';

const second = 1_000;
const minute = 60 * second;

const request = {
  message: { type: 'text', to: '+15555555555', text: 'hello!' },
  businessId: 'business-1',
  expiresAt: Number.POSITIVE_INFINITY,
} as const;

const refusedKey = {
  kind: 'not-sent',
  code: 'connectly-401',
  configurationFault: 'business',
  status: 401,
};

/** A sender with its cache, a Connectly that takes one key, and a Secrets Manager: the test sets what they do. */
function scene() {
  const clock = createVirtualClock();
  const state = {
    taken: 'key-1',
    stored: 'key-1',
    isDown: false,
    slowMs: 0,
    fetches: 0,
    unauthorized: 0,
    requests: 0,
  };
  const pause = (ms: number) => new Promise<void>((resolve) => void clock.after(ms, resolve));
  const sender = connectlySender({
    http: {
      async request({ headers }): Promise<HttpResult> {
        state.requests += 1;
        const { slowMs } = state;
        // Who is slow was looked at when it came.
        const wasTaken = headers['X-API-Key'] === state.taken;
        await pause(150 + slowMs);
        const isTaken = slowMs > 0 ? wasTaken : headers['X-API-Key'] === state.taken;
        if (!isTaken) state.unauthorized += 1;
        const status = isTaken ? 201 : 401;
        return { kind: 'answered', status, retryAfter: undefined, body: isTaken ? '{"id":"V1"}' : '' };
      },
    },
    baseUrl: new URL('https://api.connectly.ai'),
    apiKeys: createSecretCache({
      fetch: async () => {
        state.fetches += 1;
        await pause(50);
        if (state.isDown)
          throw new RelayError('secret-unavailable', 'Secrets Manager did not give the secret.');
        return state.stored;
      },
      parse: parseApiKeys,
      now: () => clock.now(),
    }),
    senderNumber: undefined,
    now: () => clock.now(),
  });
  const send = async () => {
    const sending = sender.send(request);
    await clock.advance(2 * second);
    return sending;
  };
  return { clock, state, sender, send };
}

describe('a key that is rotated in the middle of a batch', () => {
  it('costs no message, one look at the secret, and one 401 for each request that was under way', async () => {
    const { clock, state, sender, send } = scene();
    await send();
    await clock.advance(minute);

    const sending = Array.from({ length: 200 }, async (_, index) => {
      await new Promise<void>((resolve) => void clock.after(index * 10, resolve));
      return sender.send(request);
    });
    await clock.advance(1_000);
    state.taken = state.stored = 'key-2';
    await clock.advance(10 * second);
    const outcomes = await Promise.all(sending);

    expect(new Set(outcomes.map(({ kind }) => kind))).toEqual(new Set(['accepted']));
    expect(state.fetches).toBe(2);
    // A request takes 150 ms and one begins every 10 ms; none begins with the old key once it is known to be refused.
    expect(state.unauthorized).toBeLessThanOrEqual(16);
    expect(state.unauthorized).toBeGreaterThan(0);
  });

  it('that is taken again later is used as before, without a look at the secret', async () => {
    const { clock, state, send } = scene();
    state.taken = 'another';
    await send();
    state.taken = 'key-1';
    await clock.advance(minute);
    await send();
    const fetchesBefore = state.fetches;
    await clock.advance(minute);

    const outcome = await send();

    expect(outcome.kind).toBe('accepted');
    expect(state.fetches).toBe(fetchesBefore);
  });

  it('stays refused when an answer from before comes late', async () => {
    const { clock, state, sender, send } = scene();
    await send();
    await clock.advance(minute);
    state.slowMs = 1_000;
    const early = sender.send(request);
    await clock.advance(1);
    Object.assign(state, { slowMs: 0, taken: 'key-2', isDown: true });

    await send();
    await early;
    Object.assign(state, { isDown: false, stored: 'key-2' });
    await clock.advance(30 * second);
    const unauthorized = state.unauthorized;
    const outcome = await send();

    expect(outcome.kind).toBe('accepted');
    expect(state.unauthorized).toBe(unauthorized);
  });

  it('before the new one is stored keeps messages, blames the configuration, and sends them once it is', async () => {
    const { clock, state, send } = scene();
    await send();
    state.taken = 'key-2';
    await clock.advance(minute);

    const early = await send();
    state.stored = 'key-2';
    await clock.advance(minute);
    const late = await send();

    expect(early).toEqual(refusedKey);
    expect(late).toMatchObject({ kind: 'accepted', vendorId: 'V1' });
  });

  it('is not asked for more than every 30 seconds while Connectly refuses the one that is stored', async () => {
    const { clock, state, send } = scene();
    state.taken = 'key-2';
    const startedAt = clock.now();

    for (let message = 0; message < 100; message++) await send();

    const elapsed = clock.now() - startedAt;
    expect(state.fetches).toBeLessThanOrEqual(1 + elapsed / (30 * second));
    expect(state.requests).toBe(100);
  });
});

describe('without Secrets Manager', () => {
  it('a cold start sends nothing and keeps messages, and sends them as soon as it is back', async () => {
    const { state, send } = scene();
    state.isDown = true;

    const down = await send();
    const requests = state.requests;
    state.isDown = false;
    const up = await send();

    expect(down).toEqual({
      kind: 'not-sent',
      code: 'secret-unavailable',
      configurationFault: 'stage',
    });
    expect(requests).toBe(0);
    expect(up.kind).toBe('accepted');
  });

  it('a warm one goes on with the key that it has', async () => {
    const { clock, state, send } = scene();
    await send();
    state.isDown = true;
    await clock.advance(60 * minute);

    const outcome = await send();

    expect(outcome.kind).toBe('accepted');
  });

  it('a stale key in mid-batch keeps messages and asks Connectly once for each', async () => {
    const { clock, state, send } = scene();
    await send();
    state.isDown = true;
    state.taken = state.stored = 'key-2';
    await clock.advance(minute);

    const outcomes = [await send(), await send()];

    expect(outcomes).toEqual([refusedKey, refusedKey]);
    expect(state.requests).toBe(3);
  });
});
