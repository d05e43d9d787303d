import { describe, expect, it } from 'vitest';
import { named, type Scene, sendEach, wideScene } from './dispatcher-scene.ts';

/** Dispatches messages from a number of a business. */
function dispatchFrom(
  { dispatch }: Scene,
  businessId: string,
  number: string,
  names: Iterable<string>,
): void {
  for (const name of names) dispatch(name, { businessId, number });
}

const startsOf = ({ started }: Scene) => started.map(({ name, at }) => `${name} ${at}`);

describe('a number with a rate of its own', () => {
  it('waits when it has had its share, and lets others past, of its own business, too', async () => {
    const made = await wideScene({ window: 64, laneRates: { number: 10 } });
    dispatchFrom(made, 'business-1', '+1', 'ab');
    dispatchFrom(made, 'business-1', '+2', 'c');
    dispatchFrom(made, 'business-2', '+3', 'd');

    await made.clock.advance(1_000);

    expect(startsOf(made)).toEqual(['a 0', 'c 1', 'd 2', 'b 100']);
  });

  it('has the rate of its business and of the stage where no number is known', async () => {
    const made = await wideScene({ window: 64, laneRates: { number: 10 } });
    made.dispatchAll('ab');

    await made.clock.advance(1_000);

    expect(startsOf(made)).toEqual(['a 0', 'b 1']);
  });
});

describe('a business with a rate of its own', () => {
  it('waits with all its numbers when it has had its share, and lets others past', async () => {
    const made = await wideScene({ window: 64, laneRates: { business: 10 } });
    dispatchFrom(made, 'business-1', '+1', 'ab');
    dispatchFrom(made, 'business-1', '+2', 'c');
    dispatchFrom(made, 'business-2', '+3', 'd');

    await made.clock.advance(1_000);

    expect(startsOf(made)).toEqual(['a 0', 'd 1', 'b 100', 'c 200']);
  });
});

describe('the rate of all', () => {
  it('binds those whose own rates would allow more', async () => {
    const made = await wideScene({
      ratePerSecond: 100,
      window: 64,
      laneRates: { business: 500, number: 500 },
    });
    dispatchFrom(made, 'business-1', '+1', 'ab');
    dispatchFrom(made, 'business-2', '+2', 'c');

    await made.clock.advance(1_000);

    expect(startsOf(made)).toEqual(['a 0', 'b 10', 'c 20']);
  });

  it('wakes those who wait when their own rate allows it sooner than others', async () => {
    const made = await wideScene({ window: 64, laneRates: { business: 2, number: 10 } });
    dispatchFrom(made, 'business-1', '+1', 'ab');
    await made.clock.advance(0);

    await made.clock.advance(500);

    expect(startsOf(made)).toEqual(['a 0', 'b 500']);
  });
});

describe('a 429', () => {
  it('slows its own number, and neither its business nor others', async () => {
    const made = await wideScene({ ratePerSecond: 100, window: 64 });
    dispatchFrom(made, 'business-1', '+1', 'a');
    await made.end('a', 'throttled');

    dispatchFrom(made, 'business-1', '+1', 'bcde');
    await made.clock.advance(5_000);
    dispatchFrom(made, 'business-1', '+2', 'xyz');
    await made.clock.advance(1_000);

    // 70 a second after the one start that it was granted before.
    expect(startsOf(made)).toEqual(['a 0', 'b 10', 'c 25', 'd 39', 'e 53', 'x 5000', 'y 5010', 'z 5020']);
  });

  it('leaves the rates of others alone when the business is paused for it', async () => {
    const made = await wideScene({ ratePerSecond: 100, window: 64 });
    await sendEach(made, 'business-1', ['m-1'], 'throttled');
    await sendEach(made, 'business-2', ['well'], 'alive');
    for (const name of named('n', 4)) {
      await made.clock.advance(2_000);
      await sendEach(made, 'business-1', [name], 'throttled');
    }
    await made.clock.advance(2_000);
    const before = made.clock.now();

    made.dispatchFor('business-2', 'abc');
    await made.clock.advance(100);

    expect(made.started.slice(-3).map(({ at }) => at - before)).toEqual([0, 10, 20]);
    expect(made.turns).toMatchObject([{ paused: 'business-paused', cause: 'connectly-429' }]);
  });
});
