import { describe, expect, it } from 'vitest';
import { createBusinesses } from '../../../../lib/delivery/dispatch/businesses.ts';
import { createLane } from '../../../../lib/delivery/dispatch/lane.ts';

const rates = { business: 50, number: 20 };
const create = () => createBusinesses(() => 0.5, createLane(100), rates);
type Businesses = ReturnType<typeof create>;

/** A business whose oldest bad result is of the request with that ticket. */
function withBad(businesses: Businesses, id: string, ticket: number) {
  const business = businesses.of(id);
  business.evidence.bad(`a message of ${id}`, ticket);
  return business;
}

describe('the businesses', () => {
  it('know nothing against one of which they never heard', () => {
    const businesses = create();

    const business = businesses.of('business-1');

    expect(business.gate.state(0)).toBe('open');
    expect(business.evidence.size).toBe(0);
    expect(business.lane.pace.ratePerSecond).toBe(50);
  });

  it('give each one a gate of its own, which they remember', () => {
    const businesses = create();

    businesses.of('business-1').gate.close('connectly-401', 0);

    const states = ['business-1', 'business-2'].map((id) => businesses.of(id).gate.state(0));
    expect(states).toEqual(['closed', 'open']);
  });

  it('remember a thousand, and forget the one that was not used for the longest time', () => {
    const businesses = create();
    for (let number = 1; number <= 1_000; number += 1)
      businesses.of(`business-${number}`).gate.close('connectly-401', 0);
    businesses.of('business-1');

    businesses.of('business-1001');

    // The forgotten one last: asking for it makes it known again.
    const states = [1, 3, 1_000, 2].map((number) => businesses.of(`business-${number}`).gate.state(0));
    expect(states).toEqual(['closed', 'closed', 'closed', 'open']);
  });

  it('forget all that went badly when it is explained', () => {
    const businesses = create();
    const two = [withBad(businesses, 'business-1', 1), withBad(businesses, 'business-2', 2)];

    businesses.forgetEvidence();

    expect(two.map(({ evidence }) => evidence.size)).toEqual([0, 0]);
  });
});

describe('the lane of a number', () => {
  it('has its own rate, and is remembered', () => {
    const businesses = create();
    const business = businesses.of('business-1');

    const lane = businesses.laneOf(business, '+1555');

    expect(lane.pace.ratePerSecond).toBe(20);
    expect(businesses.laneOf(business, '+1555')).toBe(lane);
    expect(businesses.laneOf(business, '+1666')).not.toBe(lane);
    // A stage has one number for all businesses that name none.
    expect(businesses.laneOf(businesses.of('business-2'), '+1555')).not.toBe(lane);
  });

  it('lies within that of its business, and that one within the stage', () => {
    const stage = createLane(100);
    const businesses = createBusinesses(() => 0.5, stage, rates);
    const [one, other] = ['business-1', 'business-2'].map((id) => businesses.of(id));
    if (one === undefined || other === undefined) throw new Error('Two were asked for.');

    for (const lane of [...['+1', '+2'].map((number) => businesses.laneOf(one, number)), other.lane])
      lane.answered();
    for (const number of ['+1', '+2']) businesses.laneOf(one, number).throttled(0);
    const ofTwoNumbers = [one.lane.pace.ratePerSecond, stage.pace.ratePerSecond];
    other.lane.throttled(1);

    expect(ofTwoNumbers).toEqual([35, 100]);
    expect(stage.pace.ratePerSecond).toBe(70);
  });

  it('is that of the business when the number is not known', () => {
    const businesses = create();
    const business = businesses.of('business-1');

    const lane = businesses.laneOf(business, undefined);

    expect(lane).toBe(business.lane);
  });
});

describe('a business whose results are bad', () => {
  it('is alone when another one is well by a request that began after the first of them', () => {
    const businesses = create();
    const business = withBad(businesses, 'business-1', 5);

    businesses.wentWell(businesses.of('business-2'), 5);
    const before = businesses.isAlone(business);
    businesses.wentWell(businesses.of('business-2'), 6);

    expect(before).toBe(false);
    expect(businesses.isAlone(business)).toBe(true);
  });

  it('is not alone when only itself was well, and none is that has no bad result', () => {
    const businesses = create();
    const business = withBad(businesses, 'business-1', 5);

    for (const ticket of [6, 7]) businesses.wentWell(business, ticket);

    expect(businesses.isAlone(business)).toBe(false);
    expect(businesses.isAlone(businesses.of('business-2'))).toBe(false);
  });

  it('is alone although it was well itself later than the other one', () => {
    const businesses = create();
    const business = withBad(businesses, 'business-1', 5);

    businesses.wentWell(businesses.of('business-2'), 6);
    businesses.wentWell(business, 9);

    expect(businesses.isAlone(business)).toBe(true);
  });

  it('is alone although the other one is told of after it, and began before', () => {
    const businesses = create();
    const business = withBad(businesses, 'business-1', 5);

    businesses.wentWell(business, 9);
    businesses.wentWell(businesses.of('business-2'), 6);

    expect(businesses.isAlone(business)).toBe(true);
  });

  it('is not thought well of for what another one did earlier than is known already', () => {
    const businesses = create();
    const business = withBad(businesses, 'business-1', 5);
    businesses.wentWell(business, 9);
    businesses.wentWell(businesses.of('business-2'), 6);

    businesses.wentWell(businesses.of('business-3'), 4);

    expect(businesses.isAlone(business)).toBe(true);
  });

  it('keeps its latest good result, in whatever order results come', () => {
    const businesses = create();
    const other = withBad(businesses, 'business-2', 7);

    businesses.wentWell(businesses.of('business-1'), 9);
    businesses.wentWell(businesses.of('business-1'), 3);

    expect(businesses.isAlone(other)).toBe(true);
  });
});
