import { describe, expect, it } from 'vitest';
import { createLane } from '../../../../lib/delivery/dispatch/lane.ts';

/** Two numbers of one business, of a stage. Rates are 100 requests a second. */
function lanes() {
  const stage = createLane(100);
  const business = createLane(100, stage);
  const [one, other] = [createLane(100, business), createLane(100, business)];
  return { stage, business, one, other, rates: () => [one, other, business, stage].map(rateOf) };
}

/** The same, and each number has been answered well. */
function lanesThatAreWell() {
  const all = lanes();
  for (const lane of [all.one, all.other]) lane.answered();
  return all;
}

/** Ten businesses of a stage. */
function businesses() {
  const stage = createLane(100);
  return { stage, all: Array.from({ length: 10 }, () => createLane(100, stage)) };
}

const rateOf = ({ pace }: ReturnType<typeof createLane>) => Math.round(pace.ratePerSecond * 100) / 100;

describe('a 429', () => {
  it('slows the lane that it is of, and no other', () => {
    const { one, rates } = lanes();

    for (const now of [0, 2_000, 4_000]) one.throttled(now);

    expect(rates()).toEqual([34.3, 100, 100, 100]);
  });

  it('slows no lane around it, however soon and often the next one of the same lane comes', () => {
    const { one, rates } = lanesThatAreWell();

    for (const now of [0, 1, 2, 3, 4, 1_999]) {
      one.throttled(now);
      one.answered();
    }

    expect(rates().slice(1)).toEqual([100, 100, 100]);
  });

  it('slows the lane around two that meet 429s within two seconds between good answers, and not the one around that', () => {
    const { one, other, rates } = lanesThatAreWell();

    one.throttled(1_000);
    other.throttled(2_999);

    expect(rates()).toEqual([70, 70, 70, 100]);
  });

  it('slows nobody else when the other one met its own two seconds ago', () => {
    const { one, other, rates } = lanesThatAreWell();

    one.throttled(1_000);
    other.throttled(3_000);

    expect(rates()).toEqual([70, 70, 100, 100]);
  });

  it('slows the outermost lane when lanes of two that belong to it meet 429s together', () => {
    const { stage, one, rates } = lanesThatAreWell();
    const neighbour = createLane(100, stage);
    neighbour.answered();

    neighbour.throttled(0);
    const before = rateOf(stage);
    one.throttled(1);

    expect(before).toBe(100);
    // Its business has one number in trouble.
    expect(rates()).toEqual([70, 100, 100, 70]);
  });

  it('slows a lane that has no other around it', () => {
    const stage = createLane(100);

    stage.throttled(0);

    expect(rateOf(stage)).toBe(70);
  });
});

describe('lanes that meet nothing but 429s', () => {
  it.each([
    ['none of two has been answered well', false, false],
    ['only the first one has been', true, false],
    ['only the second one has been', false, true],
  ])('have limits of their own while others are well: %s', (_, first, second) => {
    const { one, other, rates } = lanes();
    if (first) one.answered();
    if (second) other.answered();

    one.throttled(0);
    other.throttled(1);

    expect(rates()).toEqual([70, 70, 100, 100]);
  });

  it('have been well once, and are no more', () => {
    const { one, other, rates } = lanesThatAreWell();
    one.throttled(0);
    one.throttled(3_000);

    other.throttled(3_001);

    expect(rates().slice(2)).toEqual([100, 100]);
  });

  it('have limits of their own, however many they are, while a good answer comes before the fifth', () => {
    const { stage, all } = businesses();
    const neighbour = createLane(100, stage);

    for (const [index, lane] of all.entries()) {
      lane.throttled(index);
      if (index % 4 === 3) neighbour.answered();
    }

    expect(rateOf(stage)).toBe(100);
  });

  it('have one limit when nobody else is answered well: at the fifth in a row', () => {
    const { stage, all } = businesses();

    const rates = all.slice(0, 5).map((lane, index) => {
      lane.throttled(index);
      return rateOf(stage);
    });

    expect(rates).toEqual([100, 100, 100, 100, 70]);
  });
});

it('an answer gives a part of its rate back to the lane and to all around it', () => {
  const { one, other, rates } = lanesThatAreWell();
  one.throttled(0);
  other.throttled(0);

  for (let answers = 0; answers < 30; answers += 1) one.answered();

  expect(rates()).toEqual([71, 70, 71, 100]);
});

it.each([0, -1, Number.NaN])('refuses a rate of %d', (rate) => {
  const create = () => createLane(rate);

  expect(create).toThrow(RangeError);
});
