import { describe, expect, it } from 'vitest';
import {
  createDispatcher,
  type Judgement,
  undisturbed,
} from '../../../../lib/delivery/dispatch/dispatcher.ts';
import { createVirtualClock } from '../../../support/virtual-clock.ts';
import { dueAt, named, type Scene, scene, sendEach, wideScene } from './dispatcher-scene.ts';

/** A scene whose gate of all has just been closed, at time 0, by one message. */
async function closedScene(options: Parameters<typeof scene>[0] = {}) {
  const closed = scene(options);
  closed.dispatch('fault');
  await closed.end('fault', 'stage-fault');
  return closed;
}

/** What becomes of the next message of a business of which nothing is known. */
async function nextOf({ dispatchFor, clock, names, ended }: Scene): Promise<string> {
  dispatchFor('business-next', ['next']);
  await clock.advance(1);
  return names().at(-1) === 'next'
    ? 'started'
    : String(ended.findLast(({ name }) => name === 'next')?.result);
}

describe('sending', () => {
  it('pauses at once on a fault that everybody would meet, and sends away all who wait', async () => {
    const { dispatchAll, clock, end, ended, names } = scene({ window: 2 });
    dispatchAll('abcd');
    await clock.advance(100);

    await end('a', 'stage-fault');

    expect(ended).toEqual([
      { name: 'a', result: 'stage-fault' },
      { name: 'c', result: 'sending-paused' },
      { name: 'd', result: 'sending-paused' },
    ]);
    expect(names()).toEqual(['a', 'b']);
    expect(clock.pendingTimers()).toBe(0);
  });

  it.each([
    { failures: 15, next: 'started' },
    { failures: 16, next: 'sending-paused' },
  ])('after $failures failures of different messages that no good one outweighs: $next', async (given) => {
    const made = await wideScene({ window: 64 });
    await sendEach(made, 'business-1', named('m', given.failures), 'failing');

    const found = await nextOf(made);

    expect(found).toBe(given.next);
  });

  it.each([1, 3])('pauses when all of a window of %i has failed', async (window) => {
    const made = await wideScene({ window });

    await sendEach(made, 'business-1', named('m', window - 1), 'failing');
    const before = made.turns.length;
    await sendEach(made, 'business-1', ['last'], 'failing');

    expect(before).toBe(0);
    expect(await nextOf(made)).toBe('sending-paused');
  });

  it('goes on when one message fails again and again', async () => {
    const made = await wideScene({ window: 64 });
    for (let tries = 0; tries < 40; tries += 1) {
      made.dispatch(`try-${tries}`, { message: 'the same' });
      await made.clock.advance(1);
      await made.end(`try-${tries}`, 'failing');
    }

    const found = await nextOf(made);

    expect(found).toBe('started');
  });

  it('goes on while as many go well as fail, whosever they are', async () => {
    const made = await wideScene({ window: 64 });
    for (const pair of named('pair', 40)) {
      await sendEach(made, 'business-1', [pair], 'failing');
      await sendEach(made, 'business-2', [`well-${pair}`], 'alive');
    }

    const found = await nextOf(made);

    expect(found).toBe('started');
  });

  it('goes on while one in seven fails at once, and each good answer comes 20 requests later', async () => {
    const made = await wideScene({ window: 64 });
    const pending: string[] = [];
    for (const [index, name] of named('m', 210).entries()) {
      made.dispatchFor('business-1', [name]);
      await made.clock.advance(1);
      if (index % 7 === 0) await made.end(name, 'failing');
      else pending.push(name);
      if (pending.length > 20) await made.end(pending.shift() ?? '', 'alive');
    }

    const found = await nextOf(made);

    expect(made.turns).toEqual([]);
    expect(found).toBe('started');
  });

  it('goes on while one in five is silent for so long that nobody else is under way when it is missed', async () => {
    const made = await wideScene({ window: 64 });
    const silent: string[] = [];
    for (const [index, name] of named('m', 200).entries()) {
      made.dispatchFor('business-1', [name]);
      await made.clock.advance(1);
      if (index % 5 === 0) silent.push(name);
      else await made.end(name, 'alive');
    }

    for (const name of silent) await made.end(name, 'failing');

    expect(silent).toHaveLength(40);
    expect(made.turns).toEqual([]);
    expect(await nextOf(made)).toBe('started');
  });

  it('starts nobody for those that are silent, when nobody is well', async () => {
    const made = await wideScene({ window: 64 });
    made.dispatchAll(named('m', 100));
    await made.clock.advance(100);

    for (const name of named('m', 15)) await made.end(name, 'failing');
    await made.clock.advance(100);

    expect(made.names()).toHaveLength(64);
  });

  it('loses the slot of one that failed, and no other', async () => {
    const made = await wideScene({ window: 64 });
    made.dispatchAll(named('m', 100));
    await made.clock.advance(100);

    await made.end('m-1', 'failing');
    await made.end('m-2', 'neutral');
    await made.clock.advance(100);

    expect(made.names()).toHaveLength(65);
  });

  it('is told nothing good by answers to requests that began before the failures', async () => {
    const made = await wideScene({ window: 64 });
    made.dispatchFor('business-2', named('early', 3));
    await made.clock.advance(100);
    await sendEach(made, 'business-1', named('m', 15), 'failing');

    for (const name of named('early', 3)) await made.end(name, 'alive');
    await sendEach(made, 'business-3', ['last'], 'failing');

    expect(await nextOf(made)).toBe('sending-paused');
  });

  it.each(['alive', 'throttled', 'turned-down', 'neutral'] as const)(
    'never pauses for what is %s, of however many businesses',
    async (sign) => {
      const made = await wideScene({ window: 64 });

      for (const business of named('business', 40)) await sendEach(made, business, [business], sign);

      expect(made.turns).toEqual([]);
      expect(await nextOf(made)).toBe('started');
    },
  );

  it('pauses although nobody wants to be told of it', async () => {
    const dispatcher = createDispatcher<Judgement>({
      ...undisturbed,
      ratePerSecond: 1_000,
      window: 4,
      clock: createVirtualClock(0),
      random: () => 0.5,
      judge: (judgement) => judgement,
    });
    const business = { businessId: 'business-1', number: undefined };
    const refusal = { sign: 'refuses-stage', code: 'secret-not-set' } as const;
    const run = () => Promise.resolve(refusal);

    await dispatcher.dispatch({ ...business, message: 'a', canFinish: () => true, run });
    await Promise.resolve();

    expect(dispatcher.pauseFor('business-1')?.closure.cause).toBe('secret-not-set');
  });

  it('learns nothing from what was started before it paused', async () => {
    const made = await wideScene({ window: 4 });
    const { dispatchAll, clock, probes, names, end } = made;
    dispatchAll('abc');
    await clock.advance(10);
    await end('a', 'stage-fault');
    await clock.advance(dueAt);
    dispatchAll('defg');
    await probes[0]?.say('alive');

    await end('b', 'failing');
    await end('d', 'alive');
    await end('c', 'stage-fault');
    await clock.advance(100);
    await end('e', 'alive');
    await clock.advance(100);

    expect(names().join('')).toBe('abcdefg');
  });

  it('has forgotten what spoke against each business when it pauses for all', async () => {
    const made = await wideScene({ window: 64 });
    await sendEach(made, 'business-1', named('bad', 7), 'turned-down');
    await sendEach(made, 'business-2', named('fail', 10), 'failing');
    await sendEach(made, 'business-3', ['fault'], 'stage-fault');
    await made.clock.advance(dueAt);
    made.dispatchFor('business-3', ['trial']);
    await made.probes[0]?.say('alive');
    await made.clock.advance(1);
    await made.end('trial', 'alive');
    await sendEach(made, 'business-1', ['one more'], 'turned-down');
    await sendEach(made, 'business-2', named('more', 6), 'failing');

    const told = made.turns.map(({ paused, isOver }) => `${paused} ${isOver}`);

    expect(told).toEqual(['sending-paused false', 'sending-paused true']);
  });
});

describe('the one message that is tried while sending pauses', () => {
  it('is of another business than the last time, where one waits that is not in trouble', async () => {
    const { dispatchFor, clock, probes, names, end } = await closedScene();
    await clock.advance(dueAt);
    dispatchFor('business-1', 'a');
    await probes[0]?.say('alive');
    await end('a', 'failing');
    await clock.advance(30_000);

    dispatchFor('business-1', 'bc');
    dispatchFor('business-2', 'd');
    dispatchFor('business-3', 'e');
    await probes[1]?.say('alive');
    await clock.advance(1);

    expect(names()).toEqual(['fault', 'a', 'd']);
  });

  it('is of no business that is paused itself', async () => {
    const { dispatchFor, clock, probes, names, end } = await closedScene();
    await clock.advance(dueAt);
    dispatchFor('business-1', 'a');
    await probes[0]?.say('alive');
    await end('a', 'business-fault');
    dispatchFor('business-2', 'b');
    await clock.advance(1);
    await end('b', 'failing');
    await clock.advance(30_000);

    dispatchFor('business-2', 'c');
    dispatchFor('business-1', 'd');
    await probes[1]?.say('alive');
    await clock.advance(1);

    expect(names()).toEqual(['fault', 'a', 'b', 'c']);
    expect(probes).toHaveLength(2);
  });

  it('leaves its business when it says nothing, where another one waits', async () => {
    const { dispatchFor, clock, probes, names, end } = await closedScene();
    await clock.advance(dueAt);
    dispatchFor('business-1', 'abc');
    dispatchFor('business-2', 'd');
    await probes[0]?.say('alive');

    await end('a', 'turned-down');
    await clock.advance(1);

    expect(names()).toEqual(['fault', 'a', 'd']);
  });

  it('pauses its business in the end when each of its messages is turned down, and nobody else waits', async () => {
    const { dispatchAll, clock, probes, names, end, ended, turns } = await closedScene();
    await clock.advance(dueAt);
    dispatchAll('abcdefghij');
    await probes[0]?.say('alive');

    for (const name of 'abcdefgh') {
      await end(name, 'turned-down');
      await clock.advance(1);
    }

    expect(turns.at(-1)).toMatchObject({ paused: 'business-paused', cause: 'connectly-403', isOver: false });
    expect(names().join(' ')).toBe('fault a b c d e f g h');
    expect(ended.slice(-2)).toEqual([
      { name: 'i', result: 'business-paused' },
      { name: 'j', result: 'business-paused' },
    ]);
  });

  it('changes nothing in the order of those who come after it', async () => {
    const { dispatchFor, clock, probes, names, end } = await closedScene();
    await clock.advance(dueAt);
    dispatchFor('business-1', 'a');
    await probes[0]?.say('alive');
    await end('a', 'alive');
    dispatchFor('business-1', 'bc');
    dispatchFor('business-2', 'd');

    await clock.advance(100);
    await end('b', 'alive');

    expect(names().join(' ')).toBe('fault a b c d');
  });

  it('slows nobody down by a 429, which it met alone', async () => {
    const { dispatchAll, clock, probes, started, end } = await closedScene({ ratePerSecond: 100 });
    await clock.advance(dueAt);
    dispatchAll('abcd');
    await probes[0]?.say('alive');
    await end('a', 'throttled');

    for (const name of 'bcd') {
      await clock.advance(10);
      await end(name, 'alive');
    }

    expect(started.slice(1).map(({ at }) => at - dueAt)).toEqual([0, 10, 20, 30]);
  });

  it('finds room for two when sending goes on, and for more with each answer', async () => {
    const made = await wideScene({ window: 64 });
    await sendEach(made, 'business-1', named('m', 16), 'failing');
    await made.clock.advance(dueAt);
    const before = made.names().length;
    made.dispatchAll('123456789');

    await made.probes[0]?.say('alive');
    await made.end('1', 'throttled');
    await made.clock.advance(1_000);
    const first = made.names().slice(before).join('');
    await made.end('2', 'alive');
    await made.clock.advance(1_000);

    expect(first).toBe('123');
    expect(made.names().slice(before).join('')).toBe('12345678');
  });
});
