import { describe, expect, it } from 'vitest';
import { dueAt, type Scene, type Sign, scene, wideScene } from './dispatcher-scene.ts';

interface Kind {
  readonly name: string;
  readonly paused: 'business-paused' | 'sending-paused';
  /** What closes it at once, and the code of that. */
  readonly fault: Sign;
  readonly cause: string;
  /** What its probe may say, and whether one message may be tried then: at once, after three of them, or never. */
  readonly probes: Readonly<Partial<Record<Sign, 'at once' | 'after three' | 'never'>>>;
  /** What its trial may come to, and what becomes of the message behind it. */
  readonly trials: Readonly<Partial<Record<Sign, 'all may go' | 'next may try' | 'pauses on'>>>;
}

/** What is so for both kinds of gates. Each has a file for what is its own. */
const kinds: readonly Kind[] = [
  {
    name: 'a paused business',
    paused: 'business-paused',
    fault: 'business-fault',
    cause: 'connectly-401',
    probes: {
      alive: 'at once',
      throttled: 'at once',
      failing: 'after three',
      'turned-down': 'after three',
      neutral: 'after three',
      'business-fault': 'never',
      'stage-fault': 'never',
    },
    trials: {
      alive: 'all may go',
      neutral: 'next may try',
      throttled: 'pauses on',
      failing: 'pauses on',
      'turned-down': 'pauses on',
      'business-fault': 'pauses on',
    },
  },
  {
    name: 'paused sending',
    paused: 'sending-paused',
    fault: 'stage-fault',
    cause: 'secret-not-set',
    probes: {
      alive: 'at once',
      throttled: 'at once',
      'business-fault': 'at once',
      failing: 'after three',
      'turned-down': 'after three',
      neutral: 'after three',
      'stage-fault': 'never',
    },
    trials: {
      alive: 'all may go',
      throttled: 'all may go',
      neutral: 'next may try',
      'turned-down': 'next may try',
      failing: 'pauses on',
      'stage-fault': 'pauses on',
    },
  },
];

const signs: readonly Sign[] = [
  'alive',
  'throttled',
  'failing',
  'turned-down',
  'business-fault',
  'stage-fault',
  'neutral',
];

describe.each(kinds)('$name', ({ paused, fault, cause, probes: mayTry, trials: becomes }) => {
  const probing = (...when: readonly string[]) => signs.filter((sign) => when.includes(mayTry[sign] ?? ''));
  const trying = (what: string) => signs.filter((sign) => becomes[sign] === what);

  /** One of one business, closed at time 0. The window is wide. */
  async function closedScene(options: Parameters<typeof scene>[0] = {}): Promise<Scene> {
    const made = await wideScene(options);
    made.dispatch('fault');
    await made.end('fault', fault);
    return made;
  }

  /** The same, with these messages after a good probe: the first of them is under way. */
  async function sceneOnTrial(names: string): Promise<Scene> {
    const made = await closedScene();
    await made.clock.advance(dueAt);
    made.dispatchAll(names);
    await made.probes[0]?.say('alive');
    await made.clock.advance(1_000);
    return made;
  }

  it('tells those who are turned away, and whoever asks, since when, why, and when it is their turn', async () => {
    const { dispatchAll, dispatcher, clock, pauses } = await closedScene({ ratePerSecond: 100 });
    await clock.advance(5_000);

    dispatchAll('abc');
    await clock.advance(0);
    const asked = dispatcher.pauseFor('business-1');

    const closure = { since: 0, cause, nextTryAt: dueAt };
    expect([...pauses.values()]).toMatchObject(
      [10_000, 10_010, 10_020].map((comeBackInMs) => ({ paused, closure, comeBackInMs })),
    );
    expect(asked).toEqual({ paused, closure, comeBackInMs: 10_030 });
  });

  it('turns everybody away until it is due, whatever time is left', async () => {
    const { dispatch, clock, ended, probes } = await closedScene();
    await clock.advance(dueAt - 1);

    dispatch('a', { canFinish: () => false });
    await clock.advance(0);

    expect(ended.at(-1)).toEqual({ name: 'a', result: paused });
    expect(probes).toEqual([]);
  });

  it('is probed once it is due, when somebody waits, and lets nobody start meanwhile', async () => {
    const { dispatchAll, clock, probes, names } = await closedScene();
    await clock.advance(2 * dueAt);
    const unasked = probes.length;

    dispatchAll('abc');
    await clock.advance(8_000);

    expect(unasked).toBe(0);
    expect(probes).toHaveLength(1);
    expect(names()).toEqual(['fault']);
  });

  it('is not probed for somebody who has no time', async () => {
    const { dispatch, clock, probes, ended } = await closedScene();
    await clock.advance(dueAt);

    dispatch('a', { canFinish: () => false });
    await clock.advance(0);

    expect(ended.at(-1)).toEqual({ name: 'a', result: 'no-time-left' });
    expect(probes).toEqual([]);
  });

  it('tells those who wait for its probe when their time is over: the first of them after the probe', async () => {
    const { dispatchAll, clock, probes, ended, names } = await closedScene();
    await clock.advance(dueAt);
    dispatchAll('ab', () => clock.now() < dueAt + 2_000);

    await clock.advance(4_000);
    const during = ended.slice(1);
    await probes[0]?.say('alive');

    expect(during).toEqual([{ name: 'b', result: 'no-time-left' }]);
    expect(ended.slice(2)).toEqual([{ name: 'a', result: 'no-time-left' }]);
    expect(names()).toEqual(['fault']);
    expect(clock.pendingTimers()).toBe(0);
  });

  it.each(probing('at once'))(
    'tries one message when the probe is %s, and no other before it ends',
    async (sign) => {
      const { dispatchAll, clock, probes, names } = await closedScene();
      await clock.advance(dueAt);
      dispatchAll('abc');

      await probes[0]?.say(sign);
      await clock.advance(8_000);

      expect(names()).toEqual(['fault', 'a']);
    },
  );

  it.each(probing('after three', 'never'))('pauses for longer when the probe is %s', async (sign) => {
    const { dispatchAll, clock, probes, ended, names } = await closedScene();
    await clock.advance(dueAt);
    dispatchAll('ab');

    await probes[0]?.say(sign);
    await clock.advance(29_999);
    dispatchAll('c');
    await clock.advance(1);
    dispatchAll('d');

    expect(ended.slice(1)).toEqual(['a', 'b', 'c'].map((name) => ({ name, result: paused })));
    expect(probes).toHaveLength(2);
    expect(names()).toEqual(['fault']);
  });

  it('pauses on when the probe rejects', async () => {
    const { dispatch, clock, ended } = await closedScene({ probe: () => Promise.reject(new Error('a bug')) });
    await clock.advance(dueAt);

    dispatch('a');
    await clock.advance(0);

    expect(ended.at(-1)).toEqual({ name: 'a', result: paused });
  });

  it.each(
    probing('after three', 'never').map((sign) => ({
      sign,
      tried: mayTry[sign] === 'never' ? [] : ['try-3'],
    })),
  )('after three probes that are $sign, one message may try: $tried', async ({ sign, tried }) => {
    const { dispatch, clock, probes, names } = await closedScene();

    for (let attempt = 1; attempt <= 6 && names().length === 1; attempt += 1) {
      // Beyond the longest time that it stays closed.
      await clock.advance(132_000);
      dispatch(`try-${attempt}`);
      await probes.at(-1)?.say(sign);
      await clock.advance(1);
    }

    expect(names()).toEqual(['fault', ...tried]);
  });

  it.each(trying('all may go'))('lets all go when the message that is tried is %s', async (sign) => {
    const { end, clock, names, probes } = await sceneOnTrial('abc');

    await end('a', sign);
    await clock.advance(100);

    expect(names()).toEqual(['fault', 'a', 'b', 'c']);
    expect(probes).toHaveLength(1);
  });

  it.each(trying('next may try'))('tries the next one when the message that is tried is %s', async (sign) => {
    const { end, clock, names } = await sceneOnTrial('abc');

    await end('a', sign);
    await clock.advance(8_000);

    expect(names()).toEqual(['fault', 'a', 'b']);
  });

  it.each(trying('pauses on'))('pauses for longer when the message that is tried is %s', async (sign) => {
    const { dispatchAll, dispatcher, clock, ended, end } = await sceneOnTrial('ab');
    const triedAt = clock.now();

    await end('a', sign);
    const closure = dispatcher.pauseFor('business-1')?.closure;
    await clock.advance(29_999);
    dispatchAll('c');
    await clock.advance(0);

    expect(ended.slice(1)).toEqual([
      { name: 'a', result: sign },
      { name: 'b', result: paused },
      { name: 'c', result: paused },
    ]);
    expect(closure).toMatchObject({ since: 0, nextTryAt: triedAt + 30_000 });
  });

  it('is not told of anew by a message that says nothing', async () => {
    const { dispatch, clock, probes, turns, end } = await closedScene();
    await clock.advance(dueAt);
    dispatch('a');
    await probes[0]?.say('alive');
    const before = turns.length;

    await end('a', 'neutral');

    expect(before).toBeGreaterThan(0);
    expect(turns).toHaveLength(before);
  });

  it('is told of when it begins, after each probe or message that fails, and when it is over', async () => {
    const { dispatch, clock, probes, turns, end } = await closedScene();
    await clock.advance(dueAt);
    dispatch('a');
    await probes[0]?.say('failing');
    await clock.advance(60_000);
    dispatch('b');
    await probes[1]?.say('alive');
    await end('b', 'failing');
    await clock.advance(120_000);
    dispatch('c');
    await probes[2]?.say('alive');
    await end('c', 'alive');

    const told = turns.map(({ since, cause: why, isOver, ...turn }) => ({
      of: turn.paused,
      since,
      why,
      isOver,
    }));

    expect(told).toEqual([
      { of: paused, since: 0, why: cause, isOver: false },
      { of: paused, since: 0, why: cause, isOver: false },
      { of: paused, since: 0, why: 'no-answer', isOver: false },
      { of: paused, since: 0, why: 'no-answer', isOver: true },
    ]);
    expect(turns.slice(0, 3).map(({ nextTryAt }) => nextTryAt)).toEqual([
      dueAt,
      dueAt + 30_000,
      dueAt + 60_000 + 60_000,
    ]);
  });
});
