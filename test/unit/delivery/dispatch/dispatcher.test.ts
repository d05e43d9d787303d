import { describe, expect, it } from 'vitest';
import { undisturbed } from '../../../../lib/delivery/dispatch/dispatcher.ts';
import { saysNothing } from '../../../../lib/delivery/outcome.ts';
import { breakerOpen, dueAt, noTimeLeft, scene } from './dispatcher-scene.ts';

/** A scene whose breaker has just been opened, at time 0, by one message. */
async function openedScene(options: Parameters<typeof scene>[0] = {}) {
  const opened = scene(options);
  opened.dispatch('fault');
  await opened.end('fault', 'stage-fault');
  return opened;
}

describe('the window of the dispatcher', () => {
  it('starts no more than it has room for, in order of arrival', async () => {
    const { dispatchAll, clock, names } = scene({ window: 3 });

    dispatchAll('abcdef');
    await clock.advance(60_000);

    expect(names()).toEqual(['a', 'b', 'c']);
  });

  it.each(['alive', 'throttled', 'neutral'] as const)(
    'starts the next one when one ends: %s',
    async (sign) => {
      const { dispatchAll, clock, names, end, ended } = scene({ window: 2 });
      dispatchAll('abc');
      await clock.advance(100);

      await end('b', sign);
      await clock.advance(100);

      expect(names()).toEqual(['a', 'b', 'c']);
      expect(ended).toEqual([{ name: 'b', result: sign }]);
    },
  );

  it('does not refill the slot that a failure leaves, until a later request is answered', async () => {
    const { dispatchAll, clock, names, end } = scene({ window: 4 });
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
    const { dispatchAll, clock, names, end } = scene({ window: 4 });
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
    const { dispatchAll, clock, started } = scene({ ratePerSecond: 100, window: 64 });

    dispatchAll('abcde');
    await clock.advance(1_000);

    expect(started.map(({ at }) => at)).toEqual([0, 10, 20, 30, 40]);
  });

  it('reaches the rate with timers of whole milliseconds', async () => {
    const { dispatchAll, clock, started } = scene({ ratePerSecond: 80, window: 64 });

    dispatchAll('abcdefghi');
    await clock.advance(1_000);

    expect(started.map(({ at }) => at)).toEqual([0, 13, 25, 38, 50, 63, 75, 88, 100]);
  });

  it('keeps one timer for all who wait, and none when nobody does', async () => {
    const { dispatchAll, clock } = scene({ ratePerSecond: 100, window: 64 });

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
    await probes[0]?.answer(true);

    await end('d', 'alive');
    await clock.advance(100);

    expect(names()).toEqual(['a', 'd', 'e']);
  });

  it('starts no burst after a freeze', async () => {
    const { dispatchAll, clock, started, end } = scene({ ratePerSecond: 100, window: 64 });
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
    const { dispatchAll, clock, started, end } = scene({ ratePerSecond: 100, window: 3 });
    dispatchAll('abcdef');
    await clock.advance(5_000);

    for (const name of 'abc') await end(name, 'alive');
    await clock.advance(100);

    expect(started.slice(3).map(({ at }) => at)).toEqual([5_000, 5_010, 5_020]);
  });

  it('slows down on a 429 and speeds up on answers', async () => {
    const { dispatch, clock, started, end } = scene({ ratePerSecond: 1, window: 64 });
    dispatch('a');
    await end('a', 'throttled');

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
    expect(gaps[2]).toBe(1_429);
    expect(gaps.at(-1)).toBe(1_000);
  });

  it('does not wait for the time that a clock set back has to go again', async () => {
    const { dispatchAll, clock, names, setBack } = scene({ ratePerSecond: 100, window: 64 });
    dispatchAll('a');

    setBack(3_600_000);
    dispatchAll('bcd');
    await clock.advance(30);

    expect(names()).toEqual(['a', 'b', 'c', 'd']);
  });
});

describe('the time left', () => {
  it('is asked for right before a start', async () => {
    const { dispatchAll, clock, names, ended } = scene({ ratePerSecond: 10, window: 64 });

    dispatchAll('abcd', () => clock.now() < 150);
    await clock.advance(1_000);

    expect(names()).toEqual(['a', 'b']);
    expect(ended).toEqual([
      { name: 'c', result: noTimeLeft },
      { name: 'd', result: noTimeLeft },
    ]);
  });

  it('is asked for at once, when it is over already', async () => {
    const { dispatch, clock, names, ended } = scene();

    dispatch('a', () => false);
    await clock.advance(0);

    expect(names()).toEqual([]);
    expect(ended).toEqual([{ name: 'a', result: noTimeLeft }]);
    expect(clock.pendingTimers()).toBe(0);
  });

  it('is asked for every second, while the window has no room', async () => {
    const { dispatchAll, clock, ended } = scene({ window: 1 });
    dispatchAll('abc', () => clock.now() < 4_500);

    await clock.advance(4_999);
    const before = ended.length;
    await clock.advance(1);

    expect(before).toBe(0);
    expect(ended.map(({ result }) => result)).toEqual([noTimeLeft, noTimeLeft]);
    expect(clock.pendingTimers()).toBe(0);
  });

  it('lets those go on who still have some', async () => {
    const { dispatch, clock, names, ended } = scene({ ratePerSecond: 10, window: 64 });
    dispatch('a');
    dispatch('b', () => clock.now() < 50);
    dispatch('c');

    await clock.advance(1_000);

    expect(names()).toEqual(['a', 'c']);
    expect(ended).toEqual([{ name: 'b', result: noTimeLeft }]);
  });
});

describe('the breaker of the dispatcher', () => {
  it('opens at once on a fault that everybody would meet, and sends away all who wait', async () => {
    const { dispatchAll, clock, end, ended, names } = scene({ window: 2 });
    dispatchAll('abcd');
    await clock.advance(100);

    await end('a', 'stage-fault');

    expect(ended).toEqual([
      { name: 'a', result: 'stage-fault' },
      { name: 'c', result: breakerOpen },
      { name: 'd', result: breakerOpen },
    ]);
    expect(names()).toEqual(['a', 'b']);
    expect(clock.pendingTimers()).toBe(0);
  });

  it('answers at once while it is open, whatever time is left', async () => {
    const { dispatch, clock, ended, probes } = await openedScene();
    await clock.advance(dueAt - 1);

    dispatch('a', () => false);
    await clock.advance(0);

    expect(ended.at(-1)).toEqual({ name: 'a', result: breakerOpen });
    expect(probes).toEqual([]);
  });

  it('opens when the window is closed by failures, before they are a share of anything', async () => {
    const { dispatchAll, clock, end, ended, names } = scene({ window: 3 });
    dispatchAll('abcdef');
    await clock.advance(8_000);

    for (const name of 'abc') await end(name, 'failing');

    expect(names().join('')).toBe('abc');
    expect(ended.slice(3).map(({ result }) => result)).toEqual([breakerOpen, breakerOpen, breakerOpen]);
  });

  it('opens when half of what ends are failures, although answers keep the window open', async () => {
    const { dispatchAll, clock, end, ended } = scene({ window: 64 });
    const pairs = 'abcdefghijklmnopqrst';
    dispatchAll(pairs + pairs.toUpperCase());
    await clock.advance(100);

    for (const name of pairs) {
      await end(name, 'failing');
      if (name !== 't') await end(name.toUpperCase(), 'alive');
    }
    dispatchAll('1');
    await clock.advance(100);

    expect(ended.at(-1)).toEqual({ name: '1', result: breakerOpen });
  });

  it('never opens for what says nothing about Connectly, whatever becomes of that', async () => {
    const { dispatchAll, clock, end, names } = scene({ ...undisturbed, window: 2 });

    for (const name of 'abcdefghijklmnopqrstuvwxyz') {
      dispatchAll(name);
      await clock.advance(1);
      await end(name, 'stage-fault');
    }

    expect(names().join('')).toBe('abcdefghijklmnopqrstuvwxyz');
  });

  it('has no sign to go by for such a thing, in a result or in a probe', async () => {
    const signs = [undisturbed.judge('whatever'), await undisturbed.probe('business-1')];

    expect(signs).toEqual([saysNothing, saysNothing]);
  });

  it('stays closed while more is answered than fails, however much fails', async () => {
    const { dispatchAll, clock, end, names } = scene({ window: 64 });
    const pairs = 'abcdefghijklmnopqrstuvwx';
    dispatchAll(`${pairs}${pairs.toUpperCase()}0`);
    await clock.advance(100);

    await end('0', 'alive');
    for (const name of pairs) {
      await end(name.toUpperCase(), 'alive');
      await end(name, 'failing');
    }
    dispatchAll('1');
    await clock.advance(100);

    expect(names().at(-1)).toBe('1');
  });

  it.each(['alive', 'throttled', 'neutral'] as const)('is never opened by what is %s', async (sign) => {
    const { dispatchAll, clock, end, names } = scene({ window: 64 });
    dispatchAll('abcdefghijklmnopqrstuvwxyz');
    await clock.advance(100);

    for (const name of names()) await end(name, sign);
    dispatchAll('1');
    await clock.advance(1_000);

    expect(names().at(-1)).toBe('1');
  });

  it('probes once it is due, only when somebody waits for it, and lets nobody start meanwhile', async () => {
    const { dispatchAll, clock, probes, names } = await openedScene();
    await clock.advance(2 * dueAt);
    const unasked = probes.length;

    dispatchAll('abc');
    await clock.advance(8_000);

    expect(unasked).toBe(0);
    expect(probes).toHaveLength(1);
    expect(names()).toEqual(['fault']);
  });

  it('opens again, for longer, when the probe is not answered', async () => {
    const { dispatchAll, clock, probes, names, ended } = await openedScene();
    await clock.advance(dueAt);
    dispatchAll('ab');

    await probes[0]?.answer(false);
    await clock.advance(29_999);
    dispatchAll('c');
    await clock.advance(1);
    dispatchAll('d');

    expect(ended.slice(1)).toEqual(['a', 'b', 'c'].map((name) => ({ name, result: breakerOpen })));
    expect(probes).toHaveLength(2);
    expect(names()).toEqual(['fault']);
  });

  it('opens again when the probe rejects', async () => {
    const { dispatch, clock, ended } = await openedScene({ probe: () => Promise.reject(new Error('a bug')) });
    await clock.advance(dueAt);

    dispatch('a');
    await clock.advance(0);

    expect(ended.at(-1)).toEqual({ name: 'a', result: breakerOpen });
  });

  it('lets exactly one message through when the probe is answered, then the others when that one is', async () => {
    const { dispatchAll, clock, probes, names, end } = await openedScene();
    await clock.advance(dueAt);
    dispatchAll('abcd');

    await probes[0]?.answer(true);
    await clock.advance(8_000);
    const onTrial = names().join(' ');
    await end('a', 'alive');
    await clock.advance(100);

    expect(onTrial).toBe('fault a');
    expect(names().join(' ')).toBe('fault a b c d');
    expect(probes).toHaveLength(1);
  });

  it('takes a 429 to the one message for a sign of life', async () => {
    const { dispatchAll, clock, probes, names, end } = await openedScene();
    await clock.advance(dueAt);
    dispatchAll('ab');
    await probes[0]?.answer(true);

    await end('a', 'throttled');
    await clock.advance(100);

    expect(names()).toEqual(['fault', 'a', 'b']);
  });

  it.each(['failing', 'stage-fault'] as const)('opens again when the one message is %s', async (sign) => {
    const { dispatchAll, clock, probes, ended, end } = await openedScene();
    await clock.advance(dueAt);
    dispatchAll('ab');
    await probes[0]?.answer(true);

    await end('a', sign);
    await clock.advance(29_999);
    dispatchAll('c');
    await clock.advance(0);

    expect(ended.slice(1)).toEqual([
      { name: 'a', result: sign },
      { name: 'b', result: breakerOpen },
      { name: 'c', result: breakerOpen },
    ]);
  });

  it('tries the next message when the first says nothing', async () => {
    const { dispatchAll, clock, probes, names, end } = await openedScene();
    await clock.advance(dueAt);
    dispatchAll('abc');
    await probes[0]?.answer(true);

    await end('a', 'neutral');
    await clock.advance(8_000);

    expect(names()).toEqual(['fault', 'a', 'b']);
  });

  it('never sends away the one who waits for the probe, until it has ended', async () => {
    const { dispatchAll, clock, probes, ended, names } = await openedScene();
    await clock.advance(dueAt);
    dispatchAll('ab', () => clock.now() < dueAt + 2_000);

    await clock.advance(4_000);
    const during = ended.slice(1);
    await probes[0]?.answer(true);

    expect(during).toEqual([{ name: 'b', result: noTimeLeft }]);
    expect(ended.slice(2)).toEqual([{ name: 'a', result: noTimeLeft }]);
    expect(names()).toEqual(['fault']);
    expect(clock.pendingTimers()).toBe(0);
  });

  it('does not probe for somebody who has no time', async () => {
    const { dispatch, clock, probes, ended } = await openedScene();
    await clock.advance(dueAt);

    dispatch('a', () => false);
    await clock.advance(0);

    expect(ended.at(-1)).toEqual({ name: 'a', result: noTimeLeft });
    expect(probes).toEqual([]);
  });

  it('learns nothing from what was started before it opened', async () => {
    const { dispatchAll, clock, probes, names, end } = scene({ window: 4 });
    dispatchAll('abc');
    await clock.advance(10);
    await end('a', 'stage-fault');
    await clock.advance(dueAt);
    dispatchAll('defg');
    await probes[0]?.answer(true);

    await end('b', 'failing');
    await end('d', 'alive');
    await end('c', 'stage-fault');
    await clock.advance(100);

    expect(names().join('')).toBe('abcdefg');
  });

  it('starts again with little in flight after failures closed the window', async () => {
    const { dispatchAll, clock, probes, names, end } = scene({ window: 20 });
    dispatchAll('abcdefghijklmnopqrst');
    await clock.advance(100);
    for (const name of 'abcdefghijklmnopqrst') await end(name, 'failing');
    await clock.advance(dueAt);
    dispatchAll('12345678');

    await probes[0]?.answer(true);
    await end('1', 'alive');
    await clock.advance(1_000);
    const first = names().slice(20).join('');
    for (const name of '234') await end(name, 'alive');
    await clock.advance(1_000);

    expect(first).toBe('1234');
    expect(names().slice(20).join('')).toBe('12345678');
  });
});
