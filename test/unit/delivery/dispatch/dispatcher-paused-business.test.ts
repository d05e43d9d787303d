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

describe('a paused business', () => {
  it('pauses alone: who asks for another business is told of none', async () => {
    const { dispatcher } = await pausedScene();

    const asked = ['business-1', 'business-2'].map((id) => dispatcher.pauseFor(id)?.paused);

    expect(asked).toEqual(['business-paused', undefined]);
  });

  it('gives way to the pause of all in what it tells', async () => {
    const made = await pausedScene();
    await sendEach(made, 'business-2', ['fault'], 'stage-fault');

    const asked = made.dispatcher.pauseFor('business-1');

    expect(asked).toMatchObject({ paused: 'sending-paused', closure: { cause: 'secret-not-set' } });
  });

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

  it.each([
    { sign: 'a good sign', when: 'is answered', result: 'alive', turns: ['business-paused true'] },
    {
      sign: 'no good sign',
      when: 'fails',
      result: 'failing',
      turns: ['business-paused false', 'sending-paused false'],
    },
  ] as const)('is $sign for all when its one message $when', async ({ result, turns }) => {
    const made = await pausedScene({ window: 64 });
    const { dispatchAll, clock, probes, end } = made;
    await clock.advance(dueAt);
    await sendEach(made, 'business-2', named('m', 15), 'failing');
    dispatchAll(['a']);
    await probes[0]?.say('alive');
    await end('a', result);

    await sendEach(made, 'business-3', ['last'], 'failing');

    expect(made.turns.map(({ paused, isOver }) => `${paused} ${isOver}`)).toEqual([
      'business-paused false',
      ...turns,
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
