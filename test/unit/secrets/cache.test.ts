import { describe, expect, it } from 'vitest';
import { RelayError } from '../../../lib/errors.ts';
import { createSecretCache } from '../../../lib/secrets/cache.ts';
import { createVirtualClock } from '../../support/virtual-clock.ts';

const secondMs = 1000;
const minuteMs = 60 * secondMs;
const hourMs = 60 * minuteMs;

/** A cache over a secret whose value, and whose answer, the test sets. */
function scene() {
  const clock = createVirtualClock();
  const state = { value: 'one', down: false, delayMs: 0, fetches: 0, servedStale: 0 };
  const cache = createSecretCache({
    fetch: async () => {
      state.fetches++;
      const { value, down } = state;
      if (state.delayMs > 0) await new Promise<void>((resolve) => void clock.after(state.delayMs, resolve));
      if (down) throw new Error('down');
      return value;
    },
    parse: (text) => {
      if (text === 'nonsense') throw new Error('nonsense');
      return text;
    },
    now: () => clock.now(),
    onServedStale: () => void state.servedStale++,
  });
  return { cache, clock, state };
}

const unavailable = (): string => {
  throw new RelayError('secret-unavailable', 'down');
};

describe('a secret', () => {
  it('is fetched once and then used for five minutes', async () => {
    const { cache, clock, state } = scene();

    await cache.current();
    state.value = 'two';
    await clock.advance(5 * minuteMs - 1);
    const before = await cache.current();
    await clock.advance(1);
    const after = await cache.current();

    expect([before, after]).toEqual([
      { value: 'one', stale: false },
      { value: 'two', stale: false },
    ]);
    expect(state.fetches).toBe(2);
  });

  it('is fetched once for all who ask at the same time', async () => {
    const { cache, clock, state } = scene();
    state.delayMs = 100;

    const all = Promise.all([cache.current(), cache.refreshed(), cache.current()]);
    await clock.advance(100);
    const values = await all;

    expect(values.map(({ value }) => value)).toEqual(['one', 'one', 'one']);
    expect(state.fetches).toBe(1);
  });

  it('that could not be fetched is asked for again after two seconds, however many ask meanwhile', async () => {
    const { cache, clock, state } = scene();
    state.down = true;

    for (let asked = 0; asked < 300; asked += 1)
      await expect(asked % 2 === 0 ? cache.current() : cache.refreshed()).rejects.toThrow('down');
    const fetchesAtFirst = state.fetches;
    state.down = false;
    await clock.advance(2 * secondMs - 1);
    await expect(cache.current()).rejects.toThrow('down');
    await clock.advance(1);
    const found = await cache.current();

    expect(fetchesAtFirst).toBe(1);
    expect(state.servedStale).toBe(0);
    expect(found).toEqual({ value: 'one', stale: false });
    expect(state.fetches).toBe(2);
  });

  it('that fails is a failure for all who waited for it', async () => {
    const { cache, clock, state } = scene();
    Object.assign(state, { down: true, delayMs: 100 });

    const all = Promise.allSettled([cache.current(), cache.current()]);
    await clock.advance(100);

    expect((await all).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(state.fetches).toBe(1);
  });

  it('is told of once when it is served for want of a newer one, however many wait for that', async () => {
    const { cache, clock, state } = scene();
    await cache.current();
    Object.assign(state, { down: true, delayMs: 100 });
    await clock.advance(5 * minuteMs);

    const waiting = [cache.current(), cache.current(), cache.refreshed()];
    await clock.advance(100);
    const served = await Promise.all(waiting);

    expect(served.map(({ value }) => value)).toEqual(['one', 'one', 'one']);
    expect(state).toMatchObject({ fetches: 2, servedStale: 1 });
  });

  it('stays in use for a day while no newer one can be fetched, and not longer', async () => {
    const { cache, clock, state } = scene();
    await cache.current();
    state.down = true;

    await clock.advance(24 * hourMs);
    const old = await cache.current();
    await clock.advance(1);
    const tooOld = cache.current();

    await expect(tooOld).rejects.toThrow('down');
    expect(old).toEqual({ value: 'one', stale: true });
    expect(state.servedStale).toBe(1);
  });

  it('too old to be used is asked for again two seconds after that failed', async () => {
    const { cache, clock, state } = scene();
    await cache.current();
    state.down = true;
    await clock.advance(24 * hourMs + 1);

    await expect(cache.current()).rejects.toThrow('down');
    state.down = false;
    await clock.advance(2 * secondMs);
    const found = await cache.refreshed();

    expect(found).toEqual({ value: 'one', stale: false });
  });

  it('whose time is over is asked for at most every 30 seconds while that fails', async () => {
    const { cache, clock, state } = scene();
    await cache.current();
    state.down = true;
    await clock.advance(5 * minuteMs);

    await cache.current();
    await clock.advance(30 * secondMs - 1);
    await cache.current();
    const before = state.fetches;
    await clock.advance(1);
    await cache.current();

    expect([before, state.fetches]).toEqual([2, 3]);
  });

  it('that makes no sense leaves the last good one in use', async () => {
    const { cache, clock, state } = scene();
    await cache.current();
    state.value = 'nonsense';
    await clock.advance(5 * minuteMs);

    const found = await cache.current();

    expect(found).toEqual({ value: 'one', stale: true });
  });

  it('stays in use when Secrets Manager says that it is unavailable, and nobody need be told', async () => {
    const clock = createVirtualClock();
    const answers = [() => 'one', unavailable];
    const cache = createSecretCache({
      fetch: async () => (answers.shift() ?? unavailable)(),
      parse: (text) => text,
      now: () => clock.now(),
    });
    await cache.current();
    await clock.advance(5 * minuteMs);

    const found = await cache.current();

    expect(found).toEqual({ value: 'one', stale: true });
  });

  it('whose time is over is waited for by whoever asks while it is fetched', async () => {
    const { cache, clock, state } = scene();
    await cache.current();
    await clock.advance(5 * minuteMs);
    Object.assign(state, { value: 'two', delayMs: 100 });

    const first = cache.current();
    await clock.advance(50);
    const second = cache.current();
    await clock.advance(50);

    expect([await first, await second].map(({ value }) => value)).toEqual(['two', 'two']);
  });

  it('that makes no sense from the start is an error', async () => {
    const { cache, state } = scene();
    state.value = 'nonsense';

    const found = cache.current();

    await expect(found).rejects.toThrow('nonsense');
  });
});

describe('a refresh', () => {
  it('fetches a rotated secret before its time', async () => {
    const { cache, clock, state } = scene();
    await cache.current();
    state.value = 'two';
    await clock.advance(30 * secondMs);

    const found = await cache.refreshed();

    expect(found).toEqual({ value: 'two', stale: false });
  });

  it('happens at most every 30 seconds, whoever asks', async () => {
    const { cache, clock, state } = scene();
    await cache.current();

    for (let second = 0; second < 60; second++) {
      await cache.refreshed();
      await clock.advance(secondMs);
    }

    expect(state.fetches).toBe(2);
  });

  it('that failed leaves the value in doubt until one succeeds, also for those who are not let through', async () => {
    const { cache, clock, state } = scene();
    await cache.current();
    await clock.advance(30 * secondMs);
    state.down = true;

    const failed = await cache.refreshed();
    const limited = await cache.refreshed();
    state.down = false;
    await clock.advance(30 * secondMs);
    const mended = await cache.refreshed();

    expect([failed.stale, limited.stale, mended.stale]).toEqual([true, true, false]);
  });

  it('joins a fetch that is under way', async () => {
    const { cache, clock, state } = scene();
    await cache.current();
    await clock.advance(5 * minuteMs);
    Object.assign(state, { value: 'two', delayMs: 100 });

    const all = Promise.all([cache.current(), cache.refreshed()]);
    await clock.advance(100);

    expect((await all).map(({ value }) => value)).toEqual(['two', 'two']);
    expect(state.fetches).toBe(2);
  });
});

it('two secrets do not meet in one cache', async () => {
  const [one, other] = [scene(), scene()];
  other.state.value = 'two';

  const values = await Promise.all([one.cache.current(), other.cache.current()]);

  expect(values.map(({ value }) => value)).toEqual(['one', 'two']);
});

describe('a secret that has been emptied', () => {
  it('is not served any longer than its time, however well it was known', async () => {
    let value = 'leaked';
    const clock = createVirtualClock();
    const cache = createSecretCache({
      fetch: () =>
        value === '' ? Promise.reject(new RelayError('secret-not-set', 'Empty.')) : Promise.resolve(value),
      parse: (text) => text,
      now: () => clock.now(),
    });
    await cache.current();

    value = '';
    await clock.advance(5 * minuteMs);

    await expect(cache.current()).rejects.toMatchObject({ code: 'secret-not-set' });
    await expect(cache.refreshed()).rejects.toMatchObject({ code: 'secret-not-set' });
  });
});

describe('a clock that is set back', () => {
  it('does not keep an old value alive', async () => {
    let time = 2 * hourMs;
    let value = 'old';
    const cache = createSecretCache({
      fetch: () => Promise.resolve(value),
      parse: (text) => text,
      now: () => time,
    });
    await cache.current();

    value = 'new';
    time = hourMs;
    const { value: served } = await cache.current();

    expect(served).toBe('new');
  });

  it('does not keep a failure alive', async () => {
    let time = 2 * hourMs;
    let isDown = true;
    const cache = createSecretCache({
      fetch: () => (isDown ? Promise.reject(new Error('down')) : Promise.resolve('new')),
      parse: (text) => text,
      now: () => time,
    });
    await expect(cache.current()).rejects.toThrow('down');

    isDown = false;
    time = hourMs;
    const { value: served } = await cache.current();

    expect(served).toBe('new');
  });
});
