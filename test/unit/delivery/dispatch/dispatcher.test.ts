import { describe, expect, it } from 'vitest';
import { undisturbed } from '../../../../lib/delivery/dispatch/dispatcher.ts';
import { dueAt, named, scene, sendEach, wideScene } from './dispatcher-scene.ts';

describe('the window of the dispatcher', () => {
  it('starts no more than it has room for, in order of arrival', async () => {
    const { dispatchAll, clock, names } = await wideScene({ window: 3 });

    dispatchAll('abcdef');
    await clock.advance(60_000);

    expect(names()).toEqual(['a', 'b', 'c']);
  });

  it('starts slowly: with two, then ten, then fifty', async () => {
    const { dispatchAll, clock, names, end } = scene({ window: 64 });
    dispatchAll(named('m', 200));

    const rounds: number[] = [];
    for (let ended = 0; rounds.length < 4; ended += rounds.at(-1) ?? 0) {
      await clock.advance(200);
      const round = names().slice(ended);
      rounds.push(round.length);
      for (const name of round) await end(name, 'alive');
    }

    expect(rounds).toEqual([2, 10, 50, 64]);
  });

  it.each(['alive', 'throttled', 'turned-down', 'neutral'] as const)(
    'starts the next one when one ends: %s',
    async (sign) => {
      const { dispatchAll, clock, names, end, ended } = await wideScene({ window: 20 });
      const given = named('m', 21);
      dispatchAll(given);
      await clock.advance(100);

      await end('m-2', sign);
      await clock.advance(100);

      expect(names()).toEqual(given);
      expect(ended).toEqual([{ name: 'm-2', result: sign }]);
    },
  );

  it('does not refill the slot that a failure leaves, until a later request is answered', async () => {
    const { dispatchAll, clock, names, end } = await wideScene({ window: 4 });
    dispatchAll('abcdefg');
    await clock.advance(100);

    await end('a', 'failing');
    await clock.advance(60_000);
    const afterFailure = names().join('');
    await end('b', 'alive');
    await clock.advance(100);

    expect(afterFailure).toBe('abcd');
    expect(names().join('')).toBe('abcdef');
  });

  it('does not refill that slot for a 429, which does no work either', async () => {
    const { dispatchAll, clock, names, end } = await wideScene({ window: 4 });
    dispatchAll('abcdefg');
    await clock.advance(100);
    await end('a', 'failing');

    await end('b', 'throttled');
    await clock.advance(60_000);

    expect(names().join('')).toBe('abcde');
  });

  it('passes on what a start throws, and takes it for no sign', async () => {
    const { dispatchAll, clock, names, started, ended } = scene({ window: 1 });
    dispatchAll('ab');

    await started[0]?.fail(new Error('a bug'));
    await clock.advance(100);

    expect(ended).toEqual([{ name: 'a', result: new Error('a bug') }]);
    expect(names()).toEqual(['a', 'b']);
  });

  it('frees the slot of a start that throws before it returns a promise', async () => {
    const { dispatcher, dispatch, clock, names } = scene({ window: 1 });
    const broken = dispatcher.dispatch({
      businessId: 'business-1',
      number: undefined,
      message: 'broken',
      run: () => {
        throw new Error('at once');
      },
      canFinish: () => true,
    });

    await expect(broken).rejects.toThrow('at once');
    dispatch('a');
    await clock.advance(100);

    expect(names()).toEqual(['a']);
  });
});

describe('the pace of the dispatcher', () => {
  it('starts one request every 1000 / rate milliseconds, the first one at once', async () => {
    const { dispatchAll, clock, started } = await wideScene({ ratePerSecond: 100, window: 64 });

    dispatchAll('abcde');
    await clock.advance(1_000);

    expect(started.map(({ at }) => at)).toEqual([0, 10, 20, 30, 40]);
  });

  it('reaches the rate with timers of whole milliseconds', async () => {
    const { dispatchAll, clock, started } = await wideScene({ ratePerSecond: 80, window: 64 });

    dispatchAll('abcdefghi');
    await clock.advance(1_000);

    expect(started.map(({ at }) => at)).toEqual([0, 13, 25, 38, 50, 63, 75, 88, 100]);
  });

  it('keeps one timer for all who wait, and none when nobody does', async () => {
    const { dispatchAll, clock } = await wideScene({ ratePerSecond: 100, window: 64 });

    dispatchAll('abcde');
    const whileWaiting = clock.pendingTimers();
    await clock.advance(40);

    expect(whileWaiting).toBe(1);
    expect(clock.pendingTimers()).toBe(0);
  });

  it('wakes those who wait after others were sent away from a timer', async () => {
    const { dispatchAll, clock, end, probes, names } = scene({ ratePerSecond: 10, window: 64 });
    dispatchAll('abc');
    await clock.advance(50);
    await end('a', 'stage-fault');
    await clock.advance(dueAt);
    dispatchAll('de');
    await probes[0]?.say('alive');

    await end('d', 'alive');
    await clock.advance(100);

    expect(names()).toEqual(['a', 'd', 'e']);
  });

  it('starts no burst after a freeze', async () => {
    const { dispatchAll, clock, started, end } = await wideScene({ ratePerSecond: 100, window: 64 });
    dispatchAll('ab');
    await clock.advance(10);
    await end('a', 'alive');
    await end('b', 'alive');
    await clock.advance(600_000);

    dispatchAll('cde');
    await clock.advance(100);

    expect(started.slice(2).map(({ at }) => at - 600_010)).toEqual([0, 10, 20]);
  });

  it('saves nothing up while the window is full', async () => {
    const { dispatchAll, clock, started, end } = await wideScene({ ratePerSecond: 100, window: 3 });
    dispatchAll('abcdef');
    await clock.advance(5_000);

    for (const name of 'abc') await end(name, 'alive');
    await clock.advance(100);

    expect(started.slice(3).map(({ at }) => at)).toEqual([5_000, 5_010, 5_020]);
  });

  it('slows down on 429s of two businesses and speeds up on answers', async () => {
    const { dispatch, dispatchFor, clock, started, end } = await wideScene({ ratePerSecond: 1, window: 64 });
    dispatchFor('business-1', 'a');
    dispatchFor('business-2', 'a');
    await clock.advance(1_000);
    for (const request of started) await request.end('throttled');

    for (const name of 'bcdefghijklmno') {
      dispatch(name);
      await clock.advance(1_429);
      await end(name, 'alive');
    }
    dispatch('p');
    await clock.advance(1_000);
    dispatch('q');
    await clock.advance(1_000);

    const gaps = started.map(({ at }, index) => at - (started[index - 1]?.at ?? 0));
    expect(gaps[3]).toBe(1_429);
    expect(gaps.at(-1)).toBe(1_000);
  });

  it('does not wait for the time that a clock set back has to go again', async () => {
    const { dispatchAll, clock, names, setBack } = await wideScene({ ratePerSecond: 100, window: 64 });
    dispatchAll('a');

    setBack(3_600_000);
    dispatchAll('bcd');
    await clock.advance(30);

    expect(names()).toEqual(['a', 'b', 'c', 'd']);
  });
});

describe('the time left', () => {
  it('is asked for right before a start', async () => {
    const { dispatchAll, clock, names, ended } = await wideScene({ ratePerSecond: 10, window: 64 });

    dispatchAll('abcd', () => clock.now() < 150);
    await clock.advance(1_000);

    expect(names()).toEqual(['a', 'b']);
    expect(ended).toEqual([
      { name: 'c', result: 'no-time-left' },
      { name: 'd', result: 'no-time-left' },
    ]);
  });

  it('is asked for at once, when it is over already', async () => {
    const { dispatch, clock, names, ended } = scene();

    dispatch('a', { canFinish: () => false });
    await clock.advance(0);

    expect(names()).toEqual([]);
    expect(ended).toEqual([{ name: 'a', result: 'no-time-left' }]);
    expect(clock.pendingTimers()).toBe(0);
  });

  it('is asked for every second, while the window has no room', async () => {
    const { dispatchAll, clock, ended } = scene({ window: 1 });
    dispatchAll('abc', () => clock.now() < 4_500);

    await clock.advance(4_999);
    const before = ended.length;
    await clock.advance(1);

    expect(before).toBe(0);
    expect(ended.map(({ result }) => result)).toEqual(['no-time-left', 'no-time-left']);
    expect(clock.pendingTimers()).toBe(0);
  });

  it('lets those go on who still have some', async () => {
    const { dispatch, clock, names, ended } = await wideScene({ ratePerSecond: 10, window: 64 });
    dispatch('a');
    dispatch('b', { canFinish: () => clock.now() < 50 });
    dispatch('c');

    await clock.advance(1_000);

    expect(names()).toEqual(['a', 'c']);
    expect(ended).toEqual([{ name: 'b', result: 'no-time-left' }]);
  });
});

describe('a dispatcher of what says nothing about Connectly', () => {
  it('never pauses, whatever becomes of that', async () => {
    const made = scene({ ...undisturbed, window: 2 });

    await sendEach(made, 'business-1', named('m', 30), 'stage-fault');

    expect(made.names()).toEqual(named('m', 30));
    expect(made.dispatcher.pauseFor('business-1')).toBeUndefined();
  });

  it('takes every result and every probe for good', async () => {
    const signs = [undisturbed.judge('whatever'), await undisturbed.probe('business-1')];

    expect(signs).toEqual([
      { sign: 'well', code: '' },
      { sign: 'well', code: '' },
    ]);
  });
});
