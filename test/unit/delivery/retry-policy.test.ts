import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type PausedRetry,
  pausedDelaySeconds,
  type Retry,
  retryDelaySeconds,
  secondsAtMost,
} from '../../../lib/delivery/retry-policy.ts';
import { createRandom } from '../../proofs/harness/random.ts';

const almostOne = 1 - Number.EPSILON;
const hour = 3_600;
const minute = 60;

/** An ordinary message: it lives for 4 hours and has most of them left. */
const delay = (retry: Partial<Retry>) =>
  retryDelaySeconds({
    receiveCount: 1,
    lifeSeconds: 4 * hour,
    secondsLeft: 3 * hour,
    random: () => 0.5,
    ...retry,
  });

/** The shortest and the longest that chance can make of it. */
const range = (retry: Partial<Retry>) =>
  [0, almostOne].map((random) => delay({ ...retry, random: () => random }));

describe('without a Retry-After', () => {
  it.each([
    [1, 5],
    [2, 10],
    [3, 20],
    [4, 40],
    [8, 640],
    [9, 1200],
    [50, 1200],
    [100_000, 1200],
    [0, 5],
  ])('try %i waits up to %i seconds', (receiveCount, longest) => {
    const delays = range({ receiveCount });

    expect(delays).toEqual([1, longest]);
  });

  it.each([
    [1, 900],
    [3 * hour, 900],
    [6 * hour, 1800],
    [72 * hour, 21_600],
  ])('a message that lives for %i seconds waits up to %i', (lifeSeconds, longest) => {
    const delays = range({ receiveCount: 50, lifeSeconds, secondsLeft: 80 * hour });

    expect(delays).toEqual([1, longest]);
  });
});

describe('with a Retry-After', () => {
  it.each([
    [-5, 0, 1],
    [0, 0, 1],
    [1, 1, 2],
    [30, 30, 33],
    [600, 600, 660],
    [850, 850, 900],
    [900, 900, 900],
    [86_400, 900, 900],
  ])(
    'of %i seconds, each of the first five tries waits from %i to %i',
    (retryAfterSeconds, shortest, longest) => {
      const delays = range({ receiveCount: 5, retryAfterSeconds });

      expect(delays).toEqual([shortest, longest]);
    },
  );

  it('that stays short does not use up the receives: later tries wait as long as without one', () => {
    const [, longest] = range({ receiveCount: 8, retryAfterSeconds: 1 });

    expect(longest).toBe(range({ receiveCount: 8 })[1]);
  });

  it('that is longer than the growing delay is honoured on later tries, too', () => {
    const [shortest] = range({ receiveCount: 6, retryAfterSeconds: 600 });

    expect(shortest).toBe(600);
  });
});

describe('shortly before the expiry', () => {
  it.each([
    [600, 600],
    [30.2, 31],
    [0.001, 1],
  ])('with %f seconds left, a message comes back after %i at the latest', (secondsLeft, longest) => {
    const delays = [{ retryAfterSeconds: 900 }, { receiveCount: 50, random: () => almostOne }].map((retry) =>
      delay({ ...retry, secondsLeft }),
    );

    expect(delays).toEqual([longest, longest]);
  });

  it.each([0, -0.5, -1_000])(
    'and once it has passed (%f seconds left), tries are no denser than before',
    (secondsLeft) => {
      const delays = [{ retryAfterSeconds: 60 }, { receiveCount: 50 }].map((retry) =>
        delay({ ...retry, secondsLeft }),
      );

      expect(delays).toEqual([63, 600]);
    },
  );
});

describe('a delay', () => {
  const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  const lives = fc.integer({ min: minute, max: 72 * hour });

  it('is a whole number of seconds that SQS takes, not beyond the expiry, and not shorter than asked within 15 minutes', () => {
    const retryAfter = fc.option(fc.nat(), { nil: undefined });
    const left = fc.double({ min: 0, max: 1, minExcluded: true, noNaN: true });

    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1000 }),
        retryAfter,
        lives,
        left,
        random,
        (receiveCount, retryAfterSeconds, lifeSeconds, share, chance) => {
          const secondsLeft = lifeSeconds * share;

          const found = retryDelaySeconds({
            receiveCount,
            retryAfterSeconds,
            lifeSeconds,
            secondsLeft,
            random: () => chance,
          });

          expect(Number.isInteger(found)).toBe(true);
          expect(found).toBeGreaterThanOrEqual(Math.min(retryAfterSeconds ?? 1, 900, Math.ceil(secondsLeft)));
          expect(found).toBeLessThanOrEqual(Math.ceil(secondsLeft));
          expect(found).toBeLessThan(12 * hour);
        },
      ),
    );
  });

  it('without a Retry-After is no longer than a twelfth of a life, or 15 minutes', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1000 }), lives, random, (receiveCount, lifeSeconds, chance) => {
        const found = delay({ receiveCount, lifeSeconds, secondsLeft: lifeSeconds, random: () => chance });

        expect(found).toBeLessThanOrEqual(Math.max(900, Math.ceil(lifeSeconds / 12)));
      }),
    );
  });
});

/** How often it is received until it can be told that it expired, this last time included. */
function receivesUntilExpiry(lifeSeconds: number, random: () => number): number {
  let now = 0;
  let receives = 1;
  while (now < lifeSeconds) {
    now += retryDelaySeconds({
      receiveCount: receives,
      lifeSeconds,
      secondsLeft: lifeSeconds - now,
      random,
    });
    receives += 1;
  }
  return receives;
}

describe('a message that is never sent', () => {
  const maximumReceives = 50;

  it.each([minute, 5 * minute, hour, 4 * hour, 12 * hour, 24 * hour, 72 * hour])(
    'lives until its expiry after %i seconds within the 50 receives of its queue',
    (lifeSeconds) => {
      const runs = 2_000;
      const receives = [1, 2].flatMap((seed) => {
        const stream = createRandom(seed, lifeSeconds);
        const random = () => stream.int(2 ** 31) / 2 ** 31;
        return Array.from({ length: runs }, () => receivesUntilExpiry(lifeSeconds, random));
      });

      const cutShort = receives.filter((count) => count > maximumReceives);
      expect(receives).toHaveLength(2 * runs);
      expect(cutShort.length / receives.length).toBeLessThan(0.0005);
    },
  );
});

describe('while sending pauses', () => {
  /** A message of 4 hours that has been received for the first time. */
  const pausedDelay = (retry: Partial<PausedRetry>) =>
    pausedDelaySeconds({
      receiveCount: 1,
      comeBackInSeconds: 30,
      lifeSeconds: 4 * hour,
      secondsLeft: 3 * hour,
      ...retry,
    });

  it.each([
    [0, 1],
    [0.2, 1],
    [1.001, 2],
    [12.3, 13],
    [899.5, 900],
    [5_000, 900],
  ])('a message that shall come back in %f seconds does so in %i', (comeBackInSeconds, seconds) => {
    const found = pausedDelay({ comeBackInSeconds });

    expect(found).toBe(seconds);
  });

  it.each([
    [80, 4 * hour, 30],
    [81, 4 * hour, 144],
    [81, 72 * hour, 2_592],
    [81, minute, 30],
  ])(
    'one that is received for the %ith time, of a life of %i seconds, comes back in %i',
    (receiveCount, lifeSeconds, seconds) => {
      const found = pausedDelay({ receiveCount, lifeSeconds });

      expect(found).toBe(seconds);
    },
  );

  it.each([
    [30.2, 31],
    [0.5, 1],
    [0, 60],
    [-5, 60],
  ])(
    'one with %f seconds left, that shall come back in a minute, comes back in %i',
    (secondsLeft, seconds) => {
      const found = pausedDelay({ comeBackInSeconds: 60, secondsLeft });

      expect(found).toBe(seconds);
    },
  );

  it.each([minute, 4 * hour, 24 * hour, 72 * hour])(
    'one that lives for %i seconds and is never sent is told that it expired within 190 of the 250 receives of its queue',
    (lifeSeconds) => {
      let receiveCount = 1;
      for (let now = 0; now < lifeSeconds; receiveCount += 1) {
        // The gate tries every two minutes.
        now += pausedDelay({
          receiveCount,
          lifeSeconds,
          secondsLeft: lifeSeconds - now,
          comeBackInSeconds: 108,
        });
      }

      expect(receiveCount).toBeLessThanOrEqual(190);
    },
  );
});

it.each([
  [10.5, 5, 5],
  [10.5, 11, 11],
  [10.5, 12, 11],
  [0, 12, 12],
  [-3, 12, 12],
])('with %f seconds left, a delay of %i seconds is one of %i', (secondsLeft, delaySeconds, seconds) => {
  const found = secondsAtMost(secondsLeft, delaySeconds);

  expect(found).toBe(seconds);
});
