import { describe, expect, it } from 'vitest';
import { createPace, type Pace } from '../../../../lib/delivery/dispatch/pace.ts';

/** Starts as often as the pace allows, looking every millisecond, and says when. Times in milliseconds. */
function startsOf(pace: Pace, { from, until }: { from: number; until: number }): number[] {
  const starts: number[] = [];
  for (let now = from; now < until; now += 1) {
    while (pace.waitMs(now) === 0) {
      pace.take(now);
      starts.push(now);
    }
  }
  return starts;
}

describe('the pace', () => {
  it.each([0, -1, Number.NaN])('refuses a rate of %d', (rate) => {
    const create = () => createPace(rate);

    expect(create).toThrow(RangeError);
  });

  it('lets one request start at once, and each further one an interval later', () => {
    const pace = createPace(80);

    const starts = startsOf(pace, { from: 0, until: 100 });

    expect(starts).toEqual([0, 13, 25, 38, 50, 63, 75, 88]);
  });

  it('says how long the next one has to wait', () => {
    const pace = createPace(80);
    pace.take(1_000);

    const waits = [pace.waitMs(1_000), pace.waitMs(1_010), pace.waitMs(1_013)];

    expect(waits).toEqual([12.5, 2.5, 0]);
  });

  it.each([0.5, 1.5, 7, 80, 160])('reaches a rate of %d requests a second', (rate) => {
    const pace = createPace(rate);

    const starts = startsOf(pace, { from: 0, until: 60_000 });

    expect(starts.length).toBeGreaterThanOrEqual(Math.floor(60 * rate) - 1);
    expect(starts.length).toBeLessThanOrEqual(Math.ceil(60 * rate) + 1);
  });

  it('saves nothing up while nobody wants to start', () => {
    const pace = createPace(100);
    startsOf(pace, { from: 0, until: 50 });

    const starts = startsOf(pace, { from: 600_000, until: 600_030 });

    expect(starts).toEqual([600_000, 600_010, 600_020]);
  });

  it('makes good for a timer that came late', () => {
    const pace = createPace(100);
    pace.take(0);
    pace.waitMs(0);

    const starts = startsOf(pace, { from: 35, until: 61 });

    expect(starts).toEqual([35, 35, 35, 40, 50, 60]);
  });

  it('makes good for no more than three intervals, however late the timer came', () => {
    const pace = createPace(100);
    pace.take(0);
    pace.waitMs(0);

    const starts = startsOf(pace, { from: 1_000, until: 1_015 });

    expect(starts).toEqual([1_000, 1_000, 1_000, 1_000, 1_010]);
  });

  it('makes nothing good for somebody who was told to wait more than a second ago', () => {
    const pace = createPace(100);
    pace.take(0);
    pace.waitMs(0);

    const starts = startsOf(pace, { from: 1_001, until: 1_022 });

    expect(starts).toEqual([1_001, 1_011, 1_021]);
  });

  it('never starts more than the rate in a second, not even to make good for late timers', () => {
    const pace = createPace(10);
    startsOf(pace, { from: 0, until: 950 });
    pace.waitMs(950);

    const starts = startsOf(pace, { from: 1_250, until: 3_000 });

    expect(starts.slice(0, 4)).toEqual([1_250, 1_250, 1_250, 1_300]);
    const all = [0, 100, 200, 300, 400, 500, 600, 700, 800, 900, ...starts];
    for (const [index, at] of all.entries()) {
      expect(at - (all[index - 10] ?? -Infinity)).toBeGreaterThanOrEqual(1_000);
    }
  });

  it('cuts the rate to 0.7 of itself on a 429', () => {
    const pace = createPace(100);

    pace.throttled(0);

    expect(pace.ratePerSecond).toBeCloseTo(70);
    expect(startsOf(pace, { from: 0, until: 1_000 })).toHaveLength(70);
  });

  it('cuts once for all 429s within two seconds', () => {
    const pace = createPace(100);

    for (const now of [0, 1, 1_000, 1_999]) pace.throttled(now);
    const afterOne = pace.ratePerSecond;
    pace.throttled(2_000);

    expect(afterOne).toBeCloseTo(70);
    expect(pace.ratePerSecond).toBeCloseTo(49);
  });

  it('never falls below a twentieth of the configured rate', () => {
    const pace = createPace(100);

    for (let now = 0; now < 100_000; now += 2_000) pace.throttled(now);

    expect(pace.ratePerSecond).toBe(5);
  });

  it('regains what it lost with the answers that come, by a factor of e in 30 s, and no more', () => {
    const pace = createPace(100);
    for (let now = 0; now < 100_000; now += 2_000) pace.throttled(now);

    for (let answers = 0; answers < 30 * (5 * Math.E - 5); answers += 1) pace.answered();
    const after30s = pace.ratePerSecond;
    for (let answers = 0; answers < 10_000; answers += 1) pace.answered();

    expect(after30s).toBeCloseTo(5 * Math.E, 1);
    expect(pace.ratePerSecond).toBe(100);
  });
});
