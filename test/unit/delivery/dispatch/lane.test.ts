import { describe, expect, it } from 'vitest';
import { createLane } from '../../../../lib/delivery/dispatch/lane.ts';

/** Two numbers of one business, of a stage. Rates are 100 requests a second. */
function lanes() {
  const stage = createLane(100);
  const business = createLane(100, stage);
  const [one, other] = [createLane(100, business), createLane(100, business)];
  return { stage, business, one, other, rates: () => [one, other, business, stage].map(rateOf) };
}

const rateOf = ({ pace }: ReturnType<typeof createLane>) => Math.round(pace.ratePerSecond * 100) / 100;

describe('a 429', () => {
  it('slows the lane that it is of, and no other', () => {
    const { one, rates } = lanes();

    for (const now of [0, 2_000, 4_000]) one.throttled(now);

    expect(rates()).toEqual([34.3, 100, 100, 100]);
  });

  it('slows no lane around it, however soon the next one of the same lane comes', () => {
    const { one, rates } = lanes();

    for (const now of [0, 1, 1_999]) one.throttled(now);

    expect(rates().slice(1)).toEqual([100, 100, 100]);
  });

  it('slows the lane around two that meet 429s within two seconds, and not the one around that', () => {
    const { one, other, rates } = lanes();

    one.throttled(1_000);
    other.throttled(2_999);

    expect(rates()).toEqual([70, 70, 70, 100]);
  });

  it('slows nobody else when the other one met its own two seconds ago', () => {
    const { one, other, rates } = lanes();

    one.throttled(1_000);
    other.throttled(3_000);

    expect(rates()).toEqual([70, 70, 100, 100]);
  });

  it('slows the outermost lane when two of its lanes are slowed together by their own', () => {
    const { stage, business, one, other, rates } = lanes();
    const neighbour = createLane(100, stage);

    neighbour.throttled(0);
    one.throttled(0);
    const ofOneNumber = rateOf(stage);
    other.throttled(1);

    expect(ofOneNumber).toBe(100);
    expect(rates()).toEqual([70, 70, 70, 70]);
    expect(rateOf(business)).toBe(70);
  });

  it('slows a lane that has no other around it', () => {
    const stage = createLane(100);

    stage.throttled(0);

    expect(rateOf(stage)).toBe(70);
  });
});

it('an answer gives a part of its rate back to the lane and to all around it', () => {
  const { one, other, rates } = lanes();
  one.throttled(0);
  other.throttled(0);

  for (let answers = 0; answers < 30; answers += 1) one.answered();

  expect(rates()).toEqual([71, 70, 71, 100]);
});

it.each([0, -1, Number.NaN])('refuses a rate of %d', (rate) => {
  const create = () => createLane(rate);

  expect(create).toThrow(RangeError);
});
