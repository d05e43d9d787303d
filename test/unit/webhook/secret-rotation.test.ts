import { describe, expect, it } from 'vitest';
import { createSecretCache } from '../../../lib/secrets/cache.ts';
import { createReceive } from '../../../lib/webhook/receive.ts';
import { parseWebhookSecrets } from '../../../lib/webhook/secrets.ts';
import { sign, signatureHeader } from '../../../lib/webhook/signature.ts';
import { createVirtualClock } from '../../support/virtual-clock.ts';

const second = 1_000;
const minute = 60 * second;
/** A cache life, and the time between two tries while the first of them fails. */
const window = 5 * minute + 30 * second;

/** The webhook with its cache over a secret that the test sets, and a Secrets Manager that fails when told. */
function scene(secrets: readonly string[]) {
  const clock = createVirtualClock();
  const state = { secrets, fetches: 0, fails: (_fetch: number): boolean => false };
  const receive = createReceive({
    secrets: createSecretCache({
      fetch: async () => {
        state.fetches += 1;
        if (state.fails(state.fetches)) throw new Error('throttled');
        return JSON.stringify(state.secrets);
      },
      parse: parseWebhookSecrets,
      now: () => clock.now(),
    }),
    events: { publish: () => Promise.resolve() },
    statuses: { publish: () => Promise.resolve() },
    onStatusLost: () => {},
    now: () => clock.now(),
  });
  const statusOf = async (secret: string) => {
    const body = '{"message":{"id":"M1"}}';
    return (await receive({ headers: { [signatureHeader]: sign(body, secret) }, body })).status;
  };
  return {
    clock,
    state,
    statusOf,
    /** The answers to events signed so, one every 5 seconds. */
    answers: async (secret: string, forMs: number) => {
      const found: number[] = [];
      for (let passed = 0; passed < forMs; passed += 5 * second) {
        found.push(await statusOf(secret));
        await clock.advance(5 * second);
      }
      return found;
    },
  };
}

describe('a secret that is rotated in the documented order', () => {
  it.each([
    ['while Secrets Manager answers', () => false],
    ['while every second call of Secrets Manager is throttled', (fetch: number) => fetch % 2 === 0],
  ])('costs no event and opens no door, 20 times over, %s', async (_, fails) => {
    const { state, answers, clock } = scene(['secret-0']);
    await answers('secret-0', second);
    state.fails = fails;
    const valid: number[] = [];
    const removed: number[] = [];

    for (let rotation = 1; rotation <= 20; rotation++) {
      const [old, next] = [`secret-${rotation - 1}`, `secret-${rotation}`];
      state.secrets = [old, next];
      valid.push(...(await answers(old, window)));
      valid.push(...(await answers(next, minute)));
      state.secrets = [next];
      valid.push(...(await answers(next, window)));
      removed.push(...(await answers(old, minute)));
      await clock.advance(minute);
    }

    expect(new Set(valid)).toEqual(new Set([200]));
    expect(removed.filter((status) => status === 200)).toEqual([]);
    expect(removed).toHaveLength(20 * 12);
  });

  it('has been stored for 30 seconds when Connectly signs with it, and costs no event, whatever is forged meanwhile', async () => {
    const { state, answers, statusOf, clock } = scene(['secret-0']);
    await statusOf('secret-0');
    const found: number[] = [];

    for (let rotation = 1; rotation <= 20; rotation++) {
      state.secrets = [`secret-${rotation - 1}`, `secret-${rotation}`];
      await answers('forged', 30 * second);
      await clock.advance(rotation * second);
      await statusOf('forged');
      found.push(await statusOf(`secret-${rotation}`));
    }

    expect(new Set(found)).toEqual(new Set([200]));
  });

  it('is asked for at most every 30 seconds, however many events do not verify', async () => {
    const { state, answers } = scene(['secret-0']);

    await answers('wrong', 10 * minute);

    expect(state.fetches).toBeLessThanOrEqual(1 + (10 * minute) / (30 * second));
  });
});

describe('without Secrets Manager', () => {
  it('a cold start answers 503 and never 401, and works two seconds after it is back', async () => {
    const { state, statusOf, clock } = scene(['secret-0']);
    state.fails = () => true;

    const down = [await statusOf('secret-0'), await statusOf('wrong')];
    state.fails = () => false;
    await clock.advance(2 * second);
    const up = [await statusOf('secret-0'), await statusOf('wrong')];

    expect([down, up]).toEqual([
      [503, 503],
      [200, 401],
    ]);
  });

  it('a warm one goes on for a day, and calls nothing wrong that a newer secret may have signed', async () => {
    const { state, statusOf, clock } = scene(['secret-0']);
    await statusOf('secret-0');
    state.fails = () => true;
    await clock.advance(24 * 60 * minute);

    const before = [await statusOf('secret-0'), await statusOf('secret-1')];
    await clock.advance(minute);
    const after = [await statusOf('secret-0'), await statusOf('secret-1')];

    expect([before, after]).toEqual([
      [200, 503],
      [503, 503],
    ]);
  });
});
