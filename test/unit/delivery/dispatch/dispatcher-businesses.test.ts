import { describe, expect, it } from 'vitest';
import { dueAt, named, type Scene, scene, sendEach, wideScene } from './dispatcher-scene.ts';

type Options = Parameters<typeof scene>[0];

/** A scene in which business-1 has just been paused, at time 0. The window is wide. */
async function pausedScene(options: Options = {}): Promise<Scene> {
  const paused = await wideScene(options);
  paused.dispatch('fault');
  await paused.end('fault', 'business-fault');
  return paused;
}

/** What becomes of the next message of a business. */
async function nextOf({ dispatchFor, clock, names, ended }: Scene, businessId: string): Promise<string> {
  const name = `next of ${businessId}`;
  dispatchFor(businessId, [name]);
  await clock.advance(100);
  return names().includes(name) ? 'started' : String(ended.find((each) => each.name === name)?.result);
}

describe('a business', () => {
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
      { name: 'c', result: 'business-paused' },
      { name: 'd', result: 'business-paused' },
      { name: 'e', result: 'business-paused' },
      { name: 'b', result: 'alive' },
    ]);
  });

  it.each([
    ['turned-down', 7, 'started'],
    ['turned-down', 8, 'business-paused'],
    ['throttled', 4, 'started'],
    ['throttled', 5, 'business-paused'],
    ['failing', 9, 'started'],
    ['failing', 10, 'business-paused'],
  ] as const)('among well ones, when its messages are %s, after %i of them: %s', async (sign, many, next) => {
    const made = await wideScene({ window: 64 });
    for (const name of named('m', many)) {
      await sendEach(made, 'business-1', [name], sign);
      // As many as keep all sending open, and no more.
      if (name === 'm-1') await sendEach(made, 'business-2', ['well'], 'alive');
      // 429s that come within two seconds are one.
      await made.clock.advance(2_000);
    }

    const found = await nextOf(made, 'business-1');

    expect(found).toBe(next);
    expect(await nextOf(made, 'business-2')).toBe('started');
  });

  it('is slowed down, and not paused, when its messages are throttled together', async () => {
    const made = await wideScene({ window: 64 });
    await sendEach(made, 'business-1', ['m-1'], 'throttled');
    await sendEach(made, 'business-2', ['well'], 'alive');

    await sendEach(made, 'business-1', named('n', 20), 'throttled');

    expect(made.turns).toEqual([]);
    expect(await nextOf(made, 'business-1')).toBe('started');
  });

  it('is paused when it is turned down several times, although nobody else sends', async () => {
    const made = await wideScene({ window: 64 });

    await sendEach(made, 'business-1', named('m', 8), 'turned-down');

    expect(await nextOf(made, 'business-1')).toBe('business-paused');
  });

  it.each(['throttled', 'failing'] as const)(
    'is not paused for what is %s when nobody else is well, which may be the trouble of all',
    async (sign) => {
      const made = await wideScene({ window: 64 });
      await sendEach(made, 'business-2', ['before'], 'alive');

      await sendEach(made, 'business-1', named('m', 12), sign);
      await sendEach(made, 'business-1', ['well'], 'alive');

      expect(await nextOf(made, 'business-1')).toBe('started');
    },
  );

  it('is not paused for one message that is turned down again and again', async () => {
    const made = await wideScene({ window: 64 });
    for (const name of named('try', 20)) {
      made.dispatch(name, { message: 'the same' });
      await made.clock.advance(1);
      await made.end(name, 'turned-down');
    }

    const found = await nextOf(made, 'business-1');

    expect(found).toBe('started');
  });

  it('is not paused while one of its own goes well for each that is turned down', async () => {
    const made = await wideScene({ window: 64 });
    for (const pair of named('pair', 20)) {
      await sendEach(made, 'business-1', [pair], 'turned-down');
      await sendEach(made, 'business-1', [`well-${pair}`], 'alive');
    }

    const found = await nextOf(made, 'business-1');

    expect(found).toBe('started');
  });

  it('is not paused while enough are under way that began with those that are turned down', async () => {
    const made = await wideScene({ window: 64 });
    made.dispatchAll(named('m', 16));
    await made.clock.advance(100);

    for (const name of named('m', 8)) await made.end(name, 'turned-down');
    const meanwhile = made.turns.length;
    for (const name of named('m', 16).slice(8)) await made.end(name, 'alive');

    expect(meanwhile).toBe(0);
    expect(await nextOf(made, 'business-1')).toBe('started');
  });

  it('is paused although others of its own are under way that began before all that are turned down', async () => {
    const made = await wideScene({ window: 64 });
    made.dispatchAll(named('early', 16));
    made.dispatchFor('business-2', named('other', 16));
    await made.clock.advance(100);

    await sendEach(made, 'business-1', named('m', 8), 'turned-down');

    expect(await nextOf(made, 'business-1')).toBe('business-paused');
  });

  it('is paused when all are turned down that began together', async () => {
    const made = await wideScene({ window: 64 });
    made.dispatchAll(named('m', 16));
    await made.clock.advance(100);

    for (const name of named('m', 16)) await made.end(name, 'turned-down');

    expect(await nextOf(made, 'business-1')).toBe('business-paused');
  });

  it('is paused although a request is answered that began before the others were turned down', async () => {
    const made = await wideScene({ window: 64 });
    made.dispatchAll(['early']);
    await made.clock.advance(1);
    await sendEach(made, 'business-1', named('m', 7), 'turned-down');
    await made.end('early', 'alive');

    await sendEach(made, 'business-1', ['last'], 'turned-down');

    expect(await nextOf(made, 'business-1')).toBe('business-paused');
  });

  it('takes what spoke against it out of what speaks against all', async () => {
    const made = await wideScene({ window: 64 });
    await sendEach(made, 'business-1', ['m-1'], 'failing');
    await sendEach(made, 'business-2', ['well'], 'alive');
    await sendEach(made, 'business-1', named('n', 9), 'failing');
    await sendEach(made, 'business-3', named('o', 15), 'failing');
    const after15 = made.turns.map(({ paused }) => paused);

    await sendEach(made, 'business-3', ['o-16'], 'failing');

    expect(after15).toEqual(['business-paused']);
    expect(made.turns.map(({ paused }) => paused)).toEqual(['business-paused', 'sending-paused']);
  });

  it('begins with nothing against it after it was paused', async () => {
    const made = await wideScene({ window: 64 });
    await sendEach(made, 'business-1', named('m', 8), 'turned-down');
    await made.clock.advance(dueAt);
    made.dispatchAll(['trial']);
    await made.probes[0]?.say('alive');
    await made.end('trial', 'alive');

    await sendEach(made, 'business-1', named('n', 7), 'turned-down');

    expect(await nextOf(made, 'business-1')).toBe('started');
  });

  it('that is paused leaves what speaks against another one as it is', async () => {
    const made = await wideScene({ window: 64 });
    await sendEach(made, 'business-1', named('m', 7), 'turned-down');
    await sendEach(made, 'business-2', named('n', 8), 'turned-down');

    await sendEach(made, 'business-1', ['last'], 'turned-down');

    expect(await nextOf(made, 'business-2')).toBe('business-paused');
    expect(await nextOf(made, 'business-1')).toBe('business-paused');
  });

  it('tells those who are turned away, and whoever asks, since when, why and when to come back', async () => {
    const { dispatchAll, dispatcher, clock, pauses } = await pausedScene({ ratePerSecond: 100 });
    await clock.advance(5_000);

    dispatchAll('ab');
    await clock.advance(0);
    const asked = ['business-1', 'business-2'].map((id) => dispatcher.pauseFor(id));

    const closure = { since: 0, cause: 'connectly-401', nextTryAt: dueAt };
    expect(pauses.get('a')).toMatchObject({ paused: 'business-paused', closure, comeBackInMs: 10_000 });
    expect(pauses.get('b')).toMatchObject({ comeBackInMs: 10_010 });
    expect(asked).toEqual([{ paused: 'business-paused', closure, comeBackInMs: 10_020 }, undefined]);
  });

  it('gives way to the pause of all in what it tells', async () => {
    const made = await pausedScene();
    await sendEach(made, 'business-2', ['fault'], 'stage-fault');

    const asked = made.dispatcher.pauseFor('business-1');

    expect(asked).toMatchObject({ paused: 'sending-paused', closure: { cause: 'secret-not-set' } });
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

  it('counts nothing against itself that was started before it was paused', async () => {
    const made = await wideScene({ window: 64 });
    made.dispatchAll(named('early', 8));
    await made.clock.advance(100);
    await sendEach(made, 'business-1', ['fault'], 'business-fault');
    await made.clock.advance(dueAt);
    made.dispatchAll(['trial']);
    await made.probes[0]?.say('alive');
    await made.end('trial', 'alive');

    for (const name of named('early', 8)) await made.end(name, 'turned-down');

    expect(await nextOf(made, 'business-1')).toBe('started');
  });
});

describe('a paused business', () => {
  it('takes no token and no slot, however many of its messages come', async () => {
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
    const { dispatch, dispatchFor, end, clock, probes, started } = await wideScene({ ratePerSecond: 100 });
    for (const businessId of ['one', 'two', 'three']) {
      dispatch(businessId, { businessId });
      await clock.advance(10);
      await end(businessId, 'business-fault');
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
    const { dispatchFor, clock, probes, names } = await pausedScene();
    await clock.advance(dueAt);
    dispatchFor('business-1', 'a');
    await probes[0]?.say('alive');

    dispatchFor('business-2', '123');
    await clock.advance(100);

    expect(names()).toEqual(['fault', 'a', '1', '2', '3']);
  });

  it.each(['alive', 'throttled'] as const)(
    'tries one message when the probe is %s, and the others once that one is answered',
    async (sign) => {
      const { dispatchFor, clock, probes, names, end } = await pausedScene();
      await clock.advance(dueAt);
      dispatchFor('business-1', 'abc');
      dispatchFor('business-2', '1');

      await probes[0]?.say(sign);
      await clock.advance(1_000);
      const onTrial = names().join(' ');
      await end('a', 'alive');
      await clock.advance(1_000);

      expect(onTrial).toBe('fault 1 a');
      expect(names().join(' ')).toBe('fault 1 a b c');
    },
  );

  it.each(['business-fault', 'stage-fault', 'failing', 'turned-down', 'neutral'] as const)(
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

      expect(ended.slice(1)).toEqual(['a', 'b', 'c'].map((name) => ({ name, result: 'business-paused' })));
      expect(probes).toHaveLength(2);
    },
  );

  it.each([
    { sign: 'failing', tried: ['try-3'] },
    { sign: 'turned-down', tried: ['try-3'] },
    { sign: 'neutral', tried: ['try-3'] },
    { sign: 'business-fault', tried: [] },
    { sign: 'stage-fault', tried: [] },
  ] as const)('after three probes that are $sign, one message may try: $tried', async ({ sign, tried }) => {
    const { dispatch, clock, probes, names } = await pausedScene();

    for (let attempt = 1; attempt <= 6 && names().length === 1; attempt += 1) {
      // Beyond the longest time that it stays closed.
      await clock.advance(132_000);
      dispatch(`try-${attempt}`);
      await probes.at(-1)?.say(sign);
      await clock.advance(1);
    }

    expect(names()).toEqual(['fault', ...tried]);
  });

  it.each(['business-fault', 'turned-down', 'throttled', 'failing'] as const)(
    'is paused again, for longer, when the one message is %s',
    async (sign) => {
      const { dispatchFor, dispatcher, clock, probes, end, ended } = await pausedScene();
      await clock.advance(dueAt);
      dispatchFor('business-1', 'ab');
      await probes[0]?.say('alive');

      await end('a', sign);

      expect(ended.slice(1)).toEqual([
        { name: 'a', result: sign },
        { name: 'b', result: 'business-paused' },
      ]);
      expect(dispatcher.pauseFor('business-1')?.closure).toMatchObject({
        since: 0,
        nextTryAt: dueAt + 30_000,
      });
    },
  );

  it('tries the next message when the one says nothing about the business', async () => {
    const { dispatchFor, clock, probes, end, names } = await pausedScene();
    await clock.advance(dueAt);
    dispatchFor('business-1', 'abc');
    await probes[0]?.say('alive');

    await end('a', 'neutral');
    await clock.advance(1_000);

    expect(names()).toEqual(['fault', 'a', 'b']);
  });

  it('whose one message nobody could send lets all pause', async () => {
    const { dispatchFor, clock, probes, end, ended } = await pausedScene();
    await clock.advance(dueAt);
    dispatchFor('business-1', 'ab');
    await probes[0]?.say('alive');

    await end('a', 'stage-fault');

    expect(ended.at(-1)).toEqual({ name: 'b', result: 'sending-paused' });
  });

  it('that pauses for something else than its key may try after three probes whose key is refused', async () => {
    const made = await wideScene({ window: 64 });
    await sendEach(made, 'business-1', named('m', 8), 'turned-down');

    for (let attempt = 1; attempt <= 3; attempt += 1) {
      await made.clock.advance(132_000);
      made.dispatch(`try-${attempt}`);
      await made.probes.at(-1)?.say('business-fault');
      await made.clock.advance(1);
    }

    expect(made.names().filter((name) => name.startsWith('try'))).toEqual(['try-3']);
  });

  it('tells those who wait for its probe when their time is over, and no longer holds them', async () => {
    const { dispatchFor, clock, probes, ended, names } = await pausedScene();
    await clock.advance(dueAt);
    dispatchFor('business-1', 'ab', () => clock.now() < dueAt + 2_000);

    await clock.advance(4_000);
    await probes[0]?.say('alive');

    expect(ended.slice(1)).toEqual([
      { name: 'b', result: 'no-time-left' },
      { name: 'a', result: 'no-time-left' },
    ]);
    expect(names()).toEqual(['fault']);
    expect(clock.pendingTimers()).toBe(0);
  });

  it('is told of when it begins, after a try that fails, and when it is over', async () => {
    const { dispatch, clock, probes, turns, end } = await pausedScene();
    await clock.advance(dueAt);
    dispatch('a');
    await probes[0]?.say('alive');
    await end('a', 'throttled');
    await clock.advance(30_000);
    dispatch('b');
    await probes[1]?.say('alive');
    await end('b', 'alive');

    const told = turns.map(({ paused, cause, since, isOver }) => ({ paused, cause, since, isOver }));

    expect(told).toEqual([
      { paused: 'business-paused', cause: 'connectly-401', since: 0, isOver: false },
      { paused: 'business-paused', cause: 'connectly-429', since: 0, isOver: false },
      { paused: 'business-paused', cause: 'connectly-429', since: 0, isOver: true },
    ]);
  });

  it('is a good sign for all when its one message is answered', async () => {
    const made = await pausedScene({ window: 64 });
    const { dispatchAll, clock, probes, end } = made;
    await clock.advance(dueAt);
    await sendEach(made, 'business-2', named('m', 15), 'failing');
    dispatchAll(['a']);
    await probes[0]?.say('alive');
    await end('a', 'alive');

    await sendEach(made, 'business-3', ['last'], 'failing');

    expect(made.turns.map(({ paused, isOver }) => `${paused} ${isOver}`)).toEqual([
      'business-paused false',
      'business-paused true',
    ]);
  });

  it('is no good sign for all when its one message fails', async () => {
    const made = await pausedScene({ window: 64 });
    const { dispatchAll, clock, probes, end } = made;
    await clock.advance(dueAt);
    await sendEach(made, 'business-2', named('m', 15), 'failing');
    dispatchAll(['a']);
    await probes[0]?.say('alive');
    await end('a', 'failing');

    await sendEach(made, 'business-3', ['last'], 'failing');

    expect(made.turns.map(({ paused, isOver }) => `${paused} ${isOver}`)).toEqual([
      'business-paused false',
      'business-paused false',
      'sending-paused false',
    ]);
  });

  it('leaves the window as wide as it is when it goes on', async () => {
    const { dispatchAll, dispatchFor, clock, probes, names, end } = await pausedScene({ window: 64 });
    await clock.advance(dueAt);
    dispatchAll('a');
    await probes[0]?.say('alive');
    await end('a', 'alive');

    dispatchFor('business-2', named('m', 30));
    await clock.advance(100);

    expect(names()).toHaveLength(32);
  });

  it('neither pauses nor resumes sending for all', async () => {
    const { dispatchFor, clock, probes, end, ended, names } = scene({ window: 64 });
    dispatchFor('business-1', 'a');
    await end('a', 'stage-fault');
    await clock.advance(dueAt);
    dispatchFor('business-1', 'bc');
    dispatchFor('business-2', '12');

    // Connectly answers, if only to refuse the key.
    await probes[0]?.say('business-fault');
    const [tried = ''] = names().slice(1);
    await end(tried, 'business-fault');
    await clock.advance(1_000);

    expect(names()).toEqual(['a', tried, tried === 'b' ? '1' : 'b']);
    expect(ended.map(({ result }) => result)).toContain('business-paused');
    expect(ended.map(({ result }) => result)).not.toContain('sending-paused');
  });

  it('waits for the probe of all before it is probed itself', async () => {
    const { dispatch, dispatchFor, clock, probes, end, names } = await pausedScene();
    dispatchFor('business-2', '1');
    await clock.advance(1);
    await end('1', 'stage-fault');
    await clock.advance(dueAt);

    dispatch('a');
    await clock.advance(1_000);
    const first = probes.map(({ businessId }) => businessId);
    await probes[0]?.say('alive');
    await probes[1]?.say('alive');
    await clock.advance(1_000);

    expect(first).toEqual(['business-1']);
    expect(probes.map(({ businessId }) => businessId)).toEqual(['business-1', 'business-1']);
    expect(names()).toEqual(['fault', '1', 'a']);
  });
});
