import { describe, expect, it } from 'vitest';
import { createSendWindow, type SendWindow } from '../../../../lib/delivery/dispatch/window.ts';

const none = 0;

/** Starts as many as there is room for. */
function fill(window: SendWindow, doubt = none): number[] {
  const tickets: number[] = [];
  while (window.hasRoom(doubt)) tickets.push(window.enter());
  return tickets;
}

/** So many requests end, each with an answer. */
function answer(window: SendWindow, requests: number): void {
  for (let ended = 0; ended < requests; ended += 1) {
    window.leave();
    window.answered();
  }
}

/** How many start in each of so many rounds, each of which is answered as a whole. */
const rounds = (window: SendWindow, times: number) =>
  Array.from({ length: times }, () => {
    const started = fill(window).length;
    answer(window, started);
    return started;
  });

/** A window that has room for all it can hold, of which none are taken. */
function wide(size: number): SendWindow {
  const window = createSendWindow(size);
  rounds(window, 10);
  return window;
}

describe('the window', () => {
  it.each([0, -1, Number.NaN])('refuses a size of %d', (size) => {
    const create = () => createSendWindow(size);

    expect(create).toThrow(RangeError);
  });

  it('has room for two at first, and for four more with each answer, up to its size', () => {
    const window = createSendWindow(64);

    const started = rounds(window, 5);

    expect(started).toEqual([2, 10, 50, 64, 64]);
  });

  it.each([1, 2, 3])('of size %i never has room for more', (size) => {
    const window = createSendWindow(size);

    const started = rounds(window, 3);

    expect(started).toEqual([Math.min(2, size), size, size]);
  });

  it('gives each request a ticket of its own, and later ones greater ones', () => {
    const window = wide(64);

    const tickets = fill(window);

    expect(tickets).toHaveLength(64);
    expect(tickets.toSorted((one, other) => one - other)).toEqual(tickets);
    expect(new Set(tickets).size).toBe(64);
    expect(tickets[0]).toBeGreaterThan(0);
  });

  it('has room again for one that ended without an answer, and for no more', () => {
    const window = createSendWindow(64);
    fill(window);

    window.leave();

    expect(fill(window)).toHaveLength(1);
  });

  it.each([
    { doubt: 0, room: 64 },
    { doubt: 1 / 16, room: 60 },
    { doubt: 0.5, room: 32 },
    { doubt: 15 / 16, room: 4 },
    { doubt: 0.99, room: 1 },
    { doubt: 1, room: 0 },
  ])('takes $doubt of its slots away for as much doubt', ({ doubt, room }) => {
    const window = wide(64);

    const tickets = fill(window, doubt);

    expect(tickets).toHaveLength(room);
  });

  it('has its room back when the doubt is over', () => {
    const window = wide(8);
    const doubtful = fill(window, 0.5).length;

    const more = fill(window).length;

    expect([doubtful, more]).toEqual([4, 4]);
  });

  it('begins anew with room for two, and grows as at first', () => {
    const window = wide(64);

    window.restart();

    expect(rounds(window, 4)).toEqual([2, 10, 50, 64]);
  });

  it('begins anew no wider than its size', () => {
    const window = wide(1);

    window.restart();

    expect(fill(window)).toHaveLength(1);
  });
});
