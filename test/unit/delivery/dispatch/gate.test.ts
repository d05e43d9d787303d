import { describe, expect, it } from 'vitest';
import { type Breaker, createBreaker } from '../../../../lib/delivery/dispatch/breaker.ts';

const create = (random = 0.5) => createBreaker(() => random);

function repeat(times: number, run: () => void): void {
  for (let done = 0; done < times; done += 1) run();
}

/** How long it stays open from now on, in milliseconds. */
function openMsFrom(breaker: Breaker, now: number): number {
  let afterMs = 0;
  while (breaker.state(now + afterMs) === 'open') afterMs += 100;
  return afterMs;
}

/** Opens, waits, probes and opens again as often as said, and says how long each time was. */
function openTimes(breaker: Breaker, times: number): number[] {
  let now = 0;
  return Array.from({ length: times }, () => {
    breaker.open(now);
    const openMs = openMsFrom(breaker, now);
    now += openMs;
    breaker.probe();
    return openMs;
  });
}

/** Lets one message through that is answered. */
function closeAt(breaker: Breaker, now: number): void {
  breaker.probed(true, now);
  breaker.started(1);
  breaker.endedTrial(1, 'good', now);
}

describe('the breaker', () => {
  it('is closed at first, and stays so however many answers come', () => {
    const breaker = create();

    repeat(1_000, () => breaker.answered(0));

    expect(breaker.state(0)).toBe('closed');
  });

  it('opens at the twentieth failure and not before, when nothing is answered', () => {
    const breaker = create();

    repeat(19, () => breaker.failed(0));
    const before = breaker.state(0);
    breaker.failed(0);

    expect(before).toBe('closed');
    expect(breaker.state(0)).toBe('open');
  });

  it('opens when half of the results are failures', () => {
    const breaker = create();
    repeat(30, () => breaker.answered(0));

    repeat(29, () => breaker.failed(0));
    const before = breaker.state(0);
    breaker.failed(0);

    expect(before).toBe('closed');
    expect(breaker.state(0)).toBe('open');
  });

  it('forgets answers after 10 s', () => {
    const breaker = create();
    repeat(1_000, () => breaker.answered(999));

    repeat(20, () => breaker.failed(9_999));
    const within = breaker.state(9_999);
    breaker.failed(10_000);

    expect(within).toBe('closed');
    expect(breaker.state(10_000)).toBe('open');
  });

  it('forgets failures after 10 s', () => {
    const breaker = create();
    repeat(19, () => breaker.failed(999));

    breaker.failed(10_000);
    repeat(18, () => breaker.failed(19_999));
    const before = breaker.state(19_999);
    breaker.failed(19_999);

    expect(before).toBe('closed');
    expect(breaker.state(19_999)).toBe('open');
  });

  it('counts the seconds of its time together', () => {
    const breaker = create();

    for (let now = 0; now < 10_000; now += 500) breaker.failed(now);

    expect(breaker.state(9_500)).toBe('open');
  });

  it('stays open for 15 s, then is due', () => {
    const breaker = create();

    breaker.open(1_000);

    expect([1_000, 15_999, 16_000, 1_000_000].map((now) => breaker.state(now))).toEqual([
      'open',
      'open',
      'due',
      'due',
    ]);
  });

  it('goes through probe and trial back to closed, and has forgotten what opened it', () => {
    const breaker = create();
    repeat(20, () => breaker.failed(0));

    breaker.probe();
    const probing = breaker.state(15_000);
    breaker.probed(true, 15_000);
    const trial = breaker.state(15_000);
    breaker.started(1);
    const trying = breaker.state(15_000);
    breaker.endedTrial(1, 'good', 15_000);
    repeat(19, () => breaker.failed(15_000));

    expect([probing, trial, trying, breaker.state(15_000)]).toEqual(['probing', 'trial', 'trying', 'closed']);
  });

  it('stays open twice as long each time it has to open again, up to two minutes', () => {
    const breaker = create();

    const times = openTimes(breaker, 6);

    expect(times).toEqual([15_000, 30_000, 60_000, 120_000, 120_000, 120_000]);
  });

  it.each([
    { random: 0, firstMs: 13_500, longestMs: 108_000 },
    { random: 0.999_999_9, firstMs: 16_500, longestMs: 132_000 },
  ])('spreads its times by a fifth, so that environments do not probe together: $random', (spread) => {
    const breaker = create(spread.random);

    const times = openTimes(breaker, 5);

    expect(times[0]).toBe(spread.firstMs);
    expect(times[4]).toBe(spread.longestMs);
  });

  it('takes what comes soon after closing for the same trouble', () => {
    const breaker = create();
    openTimes(breaker, 2);
    closeAt(breaker, 100_000);

    breaker.open(129_999);

    expect(openMsFrom(breaker, 129_999)).toBe(60_000);
  });

  it('begins with 15 s again when it was closed for as long as it had been open', () => {
    const breaker = create();
    openTimes(breaker, 2);
    closeAt(breaker, 100_000);

    breaker.open(130_000);

    expect(openMsFrom(breaker, 130_000)).toBe(15_000);
  });
});
