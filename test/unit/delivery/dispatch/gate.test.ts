import { describe, expect, it } from 'vitest';
import { createGate, type Gate } from '../../../../lib/delivery/dispatch/gate.ts';

const create = (random = 0.5) => createGate(() => random);
const cause = 'connectly-403';

/** How long it stays closed from now on, in milliseconds. */
function closedMsFrom(gate: Gate, now: number): number {
  let afterMs = 0;
  while (gate.state(now + afterMs) === 'closed') afterMs += 100;
  return afterMs;
}

/** Closes, waits, probes and closes again as often as said, and says how long each time was. */
function closedTimes(gate: Gate, times: number): number[] {
  let now = 0;
  return Array.from({ length: times }, () => {
    gate.close(cause, now);
    const closedMs = closedMsFrom(gate, now);
    now += closedMs;
    gate.probe();
    return closedMs;
  });
}

/** Lets one message through that is answered. */
function openAt(gate: Gate, now: number, ticket = 1): void {
  gate.probed('good', now);
  gate.started(ticket);
  gate.endedTrial(ticket, 'good', '', now);
}

/** A gate that closed at time 0 and is due now, at 15,000; its probe is under way. */
function probing(): Gate {
  const gate = create();
  gate.close(cause, 0);
  gate.probe();
  return gate;
}

/** A gate whose trial is under way, by the request 7. */
function trying(): Gate {
  const gate = probing();
  gate.probed('good', 15_000);
  gate.started(7);
  return gate;
}

describe('a gate', () => {
  it('is open at first, with nothing to tell', () => {
    const gate = create();

    expect(gate.state(0)).toBe('open');
    expect(gate.closure).toBeUndefined();
    expect(gate.heeds(1)).toBe(true);
  });

  it('tells since when, why and until when it is closed, stays so for 15 s, then is due', () => {
    const gate = create();

    gate.close(cause, 1_000);

    expect(gate.closure).toEqual({ since: 1_000, cause, nextTryAt: 16_000 });
    expect([1_000, 15_999, 16_000, 1_000_000].map((now) => gate.state(now))).toEqual([
      'closed',
      'closed',
      'due',
      'due',
    ]);
  });

  it('goes through probe and trial back to open, and has nothing to tell then', () => {
    const gate = create();
    gate.close(cause, 0);

    gate.probe();
    const whileProbing = gate.state(15_000);
    gate.probed('good', 15_000);
    const trial = gate.state(15_000);
    gate.started(1);
    const whileTrying = gate.state(15_000);
    const wasTrial = gate.endedTrial(1, 'good', '', 15_000);

    expect([whileProbing, trial, whileTrying, gate.state(15_000)]).toEqual([
      'probing',
      'trial',
      'trying',
      'open',
    ]);
    expect(wasTrial).toBe(true);
    expect(gate.closure).toBeUndefined();
  });

  it('stays closed twice as long each time it closes again, up to two minutes', () => {
    const gate = create();

    const times = closedTimes(gate, 6);

    expect(times).toEqual([15_000, 30_000, 60_000, 120_000, 120_000, 120_000]);
  });

  it.each([
    { random: 0, firstMs: 13_500, longestMs: 108_000 },
    { random: 0.999_999_9, firstMs: 16_500, longestMs: 132_000 },
  ])('spreads its times by a fifth, so that environments do not probe together: $random', (spread) => {
    const gate = create(spread.random);

    const times = closedTimes(gate, 5);

    expect(times[0]).toBe(spread.firstMs);
    expect(times[4]).toBe(spread.longestMs);
  });

  it('takes what comes soon after it opened for the same trouble', () => {
    const gate = create();
    closedTimes(gate, 2);
    openAt(gate, 100_000);

    gate.close(cause, 129_999);

    expect(closedMsFrom(gate, 129_999)).toBe(60_000);
    expect(gate.closure?.since).toBe(129_999);
  });

  it('begins with 15 s again when it was open for as long as it had been closed', () => {
    const gate = create();
    closedTimes(gate, 2);
    openAt(gate, 100_000);

    gate.close(cause, 130_000);

    expect(closedMsFrom(gate, 130_000)).toBe(15_000);
  });
});

describe('a probe', () => {
  it.each(['bad', 'nothing'] as const)(
    'that says %s closes it for longer, since when and why as before',
    (verdict) => {
      const gate = probing();

      gate.probed(verdict, 15_000);

      expect(gate.closure).toEqual({ since: 0, cause, nextTryAt: 45_000 });
      expect(gate.state(44_999)).toBe('closed');
    },
  );

  it('that fails for the third time in a row lets one message try, and for the second does not', () => {
    const gate = probing();

    gate.probed('bad', 15_000);
    gate.probe();
    gate.probed('bad', 45_000);
    const afterTwo = gate.state(45_000);
    gate.probe();
    gate.probed('bad', 105_000);

    expect(afterTwo).toBe('closed');
    expect(gate.state(105_000)).toBe('trial');
  });

  it('counts anew after the message that was let try', () => {
    const gate = probing();
    for (let failed = 0; failed < 3; failed += 1) gate.probed('bad', 0);
    gate.started(1);
    gate.endedTrial(1, 'bad', cause, 0);

    gate.probed('bad', 0);
    gate.probed('bad', 0);
    const afterTwo = gate.state(0);
    gate.probed('bad', 0);

    expect(afterTwo).toBe('closed');
    expect(gate.state(0)).toBe('trial');
  });

  it('counts anew after the gate was open', () => {
    const gate = probing();
    gate.probed('bad', 15_000);
    gate.probed('bad', 45_000);
    openAt(gate, 105_000);
    gate.close(cause, 200_000);

    gate.probed('bad', 215_000);

    expect(gate.state(215_000)).toBe('closed');
  });

  it('that is answered, and says that nobody would fare better, never leads to a try', () => {
    const gate = probing();

    const states = Array.from({ length: 20 }, (_, index) => {
      gate.probed('nothing', index);
      return gate.state(index);
    });

    expect(new Set(states)).toEqual(new Set(['closed']));
  });
});

describe('the trial', () => {
  it('closes it again, for longer, when it goes badly, for its own reason', () => {
    const gate = trying();

    const wasTrial = gate.endedTrial(7, 'bad', 'no-answer', 16_000);

    expect(wasTrial).toBe(true);
    expect(gate.closure).toEqual({ since: 0, cause: 'no-answer', nextTryAt: 46_000 });
  });

  it('goes to the next message when the first says nothing', () => {
    const gate = trying();

    const wasTrial = gate.endedTrial(7, 'nothing', '', 16_000);
    const next = gate.state(16_000);
    gate.started(8);

    expect(wasTrial).toBe(true);
    expect(next).toBe('trial');
    expect(gate.endedTrial(8, 'good', '', 16_000)).toBe(true);
    expect(gate.state(16_000)).toBe('open');
  });

  it('is the one request that began as the trial, and no other', () => {
    const gate = trying();

    const ends = [6, 8].map((ticket) => gate.endedTrial(ticket, 'good', '', 16_000));

    expect(ends).toEqual([false, false]);
    expect(gate.state(16_000)).toBe('trying');
  });

  it('is no request that began while the gate was open', () => {
    const gate = create();
    gate.started(7);

    const wasTrial = gate.endedTrial(7, 'bad', cause, 0);

    expect(wasTrial).toBe(false);
    expect(gate.state(0)).toBe('open');
  });

  it('parts the requests that count from those that began before it, once the gate is open', () => {
    const gate = trying();
    const whileTrying = gate.heeds(8);

    gate.endedTrial(7, 'good', '', 16_000);

    expect(whileTrying).toBe(false);
    expect([6, 7, 8].map((ticket) => gate.heeds(ticket))).toEqual([false, false, true]);
  });
});

describe('the place of somebody who is turned away', () => {
  const intervalMs = 10;
  const places = (gate: Gate, now: number, many: number) =>
    Array.from({ length: many }, () => gate.placeMs(now, intervalMs));

  it('is at the next try, and behind all who were turned away before, one every interval', () => {
    const gate = create();
    gate.close(cause, 0);

    const first = places(gate, 5_000, 3);
    const later = places(gate, 6_000, 1);

    expect(first).toEqual([10_000, 10_010, 10_020]);
    expect(later).toEqual([9_030]);
  });

  it('is at the try after that, when the next one failed, and behind those who come then', () => {
    const gate = create();
    gate.close(cause, 0);
    places(gate, 0, 3);
    gate.probe();
    gate.probed('bad', 15_000);

    const found = places(gate, 15_000, 2);

    expect(found).toEqual([30_000, 30_010]);
  });

  it('is a quarter of an hour away at most, so that it is near again soon after the many have gone', () => {
    const gate = create();
    gate.close(cause, 0);

    const farthest = places(gate, 0, 200_000).at(-1);
    const tenMinutesLater = places(gate, 600_000, 1);

    expect(farthest).toBe(900_000);
    expect(tenMinutesLater).toEqual([300_010]);
  });

  it('stays behind the many who come after the next try', () => {
    const gate = create();
    gate.close(cause, 0);
    places(gate, 0, 4_000);
    gate.probe();
    gate.probed('bad', 15_000);

    const found = places(gate, 15_000, 1);

    // The 4,000th is at 15,000 + 3,999 x 10, which is after the next try at 45,000.
    expect(found).toEqual([15_000 + 4_000 * 10 - 15_000]);
  });

  it('has nobody before it when the gate closes anew, and is never in the past', () => {
    const gate = create();
    gate.close(cause, 0);
    places(gate, 0, 100_000);
    gate.probe();
    openAt(gate, 15_000);
    gate.close(cause, 100_000);

    const found = [gate.placeMs(100_000, intervalMs), gate.placeMs(200_000, intervalMs)];

    expect(found).toEqual([15_000, 0]);
  });
});
