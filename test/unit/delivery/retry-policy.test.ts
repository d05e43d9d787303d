import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { retryDelaySeconds } from '../../../lib/delivery/retry-policy.ts';

const almostOne = 1 - Number.EPSILON;

describe('without a Retry-After', () => {
  it.each([
    [1, 5],
    [2, 10],
    [3, 20],
    [4, 40],
    [8, 640],
    [9, 900],
    [50, 900],
    [0, 5],
  ])('try %i waits up to %i seconds', (receiveCount, longest) => {
    const delays = [0, almostOne].map((random) => retryDelaySeconds({ receiveCount, random: () => random }));

    expect(delays).toEqual([1, longest]);
  });
});

describe('with a Retry-After', () => {
  it.each([
    [0, 0, 1],
    [1, 1, 2],
    [30, 30, 33],
    [600, 600, 660],
    [850, 850, 900],
    [900, 900, 900],
    [86_400, 900, 900],
  ])('of %i seconds, a try waits from %i to %i', (retryAfterSeconds, shortest, longest) => {
    const delays = [0, almostOne].map((random) =>
      retryDelaySeconds({ receiveCount: 7, retryAfterSeconds, random: () => random }),
    );

    expect(delays).toEqual([shortest, longest]);
  });
});

it('a delay is always a whole number of seconds that SQS takes, and never shorter than asked within 15 minutes', () => {
  const retryAfter = fc.option(fc.nat(), { nil: undefined });
  const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 1000 }),
      retryAfter,
      random,
      (receiveCount, retryAfterSeconds, chance) => {
        const delay = retryDelaySeconds({ receiveCount, retryAfterSeconds, random: () => chance });

        expect(Number.isInteger(delay)).toBe(true);
        expect(delay).toBeGreaterThanOrEqual(Math.min(retryAfterSeconds ?? 1, 900));
        expect(delay).toBeLessThanOrEqual(900);
      },
    ),
  );
});
