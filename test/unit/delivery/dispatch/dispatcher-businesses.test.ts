import { describe, expect, it } from 'vitest';
import { businessPaused, dueAt, noTimeLeft, scene } from './dispatcher-scene.ts';

/** A scene in which business-1 has just been paused, at time 0. */
async function pausedScene(options: Parameters<typeof scene>[0] = {}) {
  const paused = scene(options);
  paused.dispatch('fault');
  await paused.end('fault', 'business-fault');
  return paused;
}

describe('a business whose requests are all turned down', () => {
  it('is paused alone: its messages leave the line, and none of the others waits', async () => {
    const { dispatch, dispatchFor, clock, end, ended, names } = scene({ window: 2 });
    dispatch('a');
    dispatchFor('business-2', 'b');
    for (const name of 'cde') dispatch(name);
    dispatchFor('business-2', 'fg');
    await clock.advance(100);

    await end('a', 'business-fault');
    await end('b', 'alive');
    await clock.advance(100);

    expect(names().join('')).toBe('abfg');
    expect(ended).toEqual([
      { name: 'a', result: 'business-fault' },
      { name: 'c', result: businessPaused },
      { name: 'd', result: businessPaused },
      { name: 'e', result: businessPaused },
      { name: 'b', result: 'alive' },
    ]);
  });

  it('takes no token and no slot while it is paused, however many of its messages come', async () => {
    const { dispatchFor, clock, started, ended } = await pausedScene({ ratePerSecond: 10 });

    dispatchFor('business-1', 'abcdefgh');
    dispatchFor('business-2', '1');
    await clock.advance(100);

    expect(started.map(({ name, at }) => [name, at])).toEqual([
      ['fault', 0],
      ['1', 100],
    ]);
    expect(ended).toHaveLength(9);
  });

  it('is probed with its own key once it is due, while the others go on', async () => {
    const { dispatchFor, clock, probes, names } = await pausedScene();
    await clock.advance(dueAt);

    dispatchFor('business-1', 'ab');
    dispatchFor('business-2', '12');
    await clock.advance(1_000);

    expect(probes.map(({ businessId }) => businessId)).toEqual(['business-1']);
    expect(names()).toEqual(['fault', '1', '2']);
  });

  it('waits for its turn to be probed when many are due: a tenth of the rate, and no other business waits', async () => {
    const { dispatch, dispatchFor, end, clock, probes, started } = scene({ ratePerSecond: 100, window: 4 });
    for (const business of ['one', 'two', 'three']) {
      dispatch(business, () => true, business);
      await clock.advance(10);
      await end(business, 'business-fault');
    }
    await clock.advance(dueAt);
    const dueSince = clock.now();
    const probedAt: number[] = [];

    for (const business of ['one', 'two', 'three']) dispatchFor(business, 'x');
    dispatchFor('healthy', 'abc');
    for (let elapsed = 0; elapsed < 1_500; elapsed += 10) {
      while (probedAt.length < probes.length) probedAt.push(clock.now() - dueSince);
      await clock.advance(10);
    }

    expect(started.slice(3).map(({ name, at }) => [name, at - dueSince])).toEqual([
      ['a', 0],
      ['b', 10],
      ['c', 20],
    ]);
    expect(probedAt[0]).toBe(0);
    expect(probedAt[1]).toBeGreaterThanOrEqual(100);
    expect(probedAt[2]).toBeGreaterThanOrEqual(200);
  });

  it('takes no room from the others when its probe is answered', async () => {
    const { dispatchFor, clock, probes, names } = await pausedScene({ window: 4 });
    await clock.advance(dueAt);
    dispatchFor('business-1', 'a');
    await probes[0]?.answer(true);

    dispatchFor('business-2', '123');
    await clock.advance(100);

    expect(names()).toEqual(['fault', 'a', '1', '2', '3']);
  });

  it('tries one message when the probe is answered, and the others once that one is', async () => {
    const { dispatchFor, clock, probes, names, end } = await pausedScene();
    await clock.advance(dueAt);
    dispatchFor('business-1', 'abc');
    dispatchFor('business-2', '1');

    await probes[0]?.say('alive');
    await clock.advance(1_000);
    const onTrial = names().join(' ');
    await end('a', 'alive');
    await clock.advance(1_000);

    expect(onTrial).toBe('fault 1 a');
    expect(names().join(' ')).toBe('fault 1 a b c');
  });

  it.each(['business-fault', 'stage-fault', 'failing', 'throttled', 'neutral'] as const)(
    'stays paused, for longer, when the probe says: %s',
    async (sign) => {
      const { dispatchFor, clock, probes, ended } = await pausedScene();
      await clock.advance(dueAt);
      dispatchFor('business-1', 'ab');

      await probes[0]?.say(sign);
      await clock.advance(29_999);
      dispatchFor('business-1', 'c');
      await clock.advance(1);
      dispatchFor('business-1', 'd');

      expect(ended.slice(1)).toEqual(['a', 'b', 'c'].map((name) => ({ name, result: businessPaused })));
      expect(probes).toHaveLength(2);
    },
  );

  it('is paused again when the one message is turned down, too', async () => {
    const { dispatchFor, clock, probes, end, ended } = await pausedScene();
    await clock.advance(dueAt);
    dispatchFor('business-1', 'ab');
    await probes[0]?.say('alive');

    await end('a', 'business-fault');

    expect(ended.slice(1)).toEqual([
      { name: 'a', result: 'business-fault' },
      { name: 'b', result: businessPaused },
    ]);
  });

  it.each(['failing', 'stage-fault', 'neutral'] as const)(
    'tries the next message when the one says nothing about the business: %s',
    async (sign) => {
      const { dispatchFor, clock, probes, end, names } = await pausedScene({ window: 64 });
      await clock.advance(dueAt);
      dispatchFor('business-1', 'a');
      await probes[0]?.say('alive');

      await end('a', sign);
      // A fault of the stage opens the breaker of all.
      await clock.advance(dueAt);
      dispatchFor('business-1', 'bc');
      await probes[1]?.say('alive');
      await clock.advance(1_000);

      expect(names()).toEqual(['fault', 'a', 'b']);
    },
  );

  it('takes a 429 to the one message for a sign that it is let in', async () => {
    const { dispatchFor, clock, probes, end, names } = await pausedScene();
    await clock.advance(dueAt);
    dispatchFor('business-1', 'ab');
    await probes[0]?.say('alive');

    await end('a', 'throttled');
    await clock.advance(1_000);

    expect(names()).toEqual(['fault', 'a', 'b']);
  });

  it('learns nothing from what was started before it was paused', async () => {
    const { dispatchFor, clock, probes, end, names } = scene();
    dispatchFor('business-1', 'ab');
    await clock.advance(100);
    await end('a', 'business-fault');
    await clock.advance(dueAt);
    dispatchFor('business-1', 'c');
    await probes[0]?.say('alive');
    await end('c', 'alive');

    await end('b', 'business-fault');
    dispatchFor('business-1', 'd');
    await clock.advance(100);

    expect(names().join('')).toBe('abcd');
  });

  it('tells those who wait for its probe when their time is over, and no longer holds them', async () => {
    const { dispatchFor, clock, probes, ended, names } = await pausedScene();
    await clock.advance(dueAt);
    dispatchFor('business-1', 'ab', () => clock.now() < dueAt + 2_000);

    await clock.advance(4_000);
    await probes[0]?.say('alive');

    expect(ended.slice(1)).toEqual([
      { name: 'b', result: noTimeLeft },
      { name: 'a', result: noTimeLeft },
    ]);
    expect(names()).toEqual(['fault']);
    expect(clock.pendingTimers()).toBe(0);
  });

  it('neither opens nor closes the breaker of all', async () => {
    const { dispatchFor, clock, probes, end, ended, names } = scene({ window: 64 });
    dispatchFor('business-1', 'a');
    await end('a', 'stage-fault');
    await clock.advance(dueAt);
    dispatchFor('business-1', 'bc');
    dispatchFor('business-2', '12');

    // Connectly answers, if only to refuse the key.
    await probes[0]?.say('business-fault');
    await end('b', 'business-fault');
    await clock.advance(1_000);
    const onTrial = names().join('');
    await end('1', 'alive');
    await clock.advance(1_000);

    expect(ended.slice(1, 3)).toEqual([
      { name: 'b', result: 'business-fault' },
      { name: 'c', result: businessPaused },
    ]);
    expect(onTrial).toBe('ab1');
    expect(names().join('')).toBe('ab12');
  });

  it('waits for the breaker of all before it is probed itself', async () => {
    const { dispatch, dispatchFor, clock, probes, end, names } = await pausedScene();
    dispatchFor('business-2', '1');
    await clock.advance(1);
    await end('1', 'stage-fault');
    await clock.advance(dueAt);

    dispatch('a');
    dispatchFor('business-2', '2');
    await clock.advance(1_000);
    const first = probes.map(({ businessId }) => businessId);
    await probes[0]?.say('alive');
    await probes[1]?.say('alive');
    await clock.advance(1_000);

    expect(first).toEqual(['business-1']);
    expect(probes.map(({ businessId }) => businessId)).toEqual(['business-1', 'business-1']);
    expect(names()).toEqual(['fault', '1', '2']);
  });
});
