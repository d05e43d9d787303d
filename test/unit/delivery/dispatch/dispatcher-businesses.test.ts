import { describe, expect, it } from 'vitest';
import { dueAt, named, type Scene, scene, sendEach, wideScene } from './dispatcher-scene.ts';

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
