import { describe, expect, it } from 'vitest';
import { createSendWindow, type SendWindow } from '../../../../lib/delivery/dispatch/window.ts';

/** Starts as many as there is room for. */
function fill(window: SendWindow): number[] {
  const tickets: number[] = [];
  while (window.hasRoom) tickets.push(window.enter());
  return tickets;
}

function fail(window: SendWindow, ticket: number): void {
  window.leave();
  window.failed(ticket);
}

function answer(window: SendWindow, ticket: number): void {
  window.leave();
  window.answered(ticket);
}

describe('the window', () => {
  it.each([0, -1, Number.NaN])('refuses a size of %d', (size) => {
    const create = () => createSendWindow(size);

    expect(create).toThrow(RangeError);
  });

  it('has room for as many requests as its size says', () => {
    const window = createSendWindow(64);

    const tickets = fill(window);

    expect(tickets).toHaveLength(64);
    expect(new Set(tickets).size).toBe(64);
  });

  it('has room again for one that ended', () => {
    const window = createSendWindow(2);
    const [first = 0] = fill(window);

    answer(window, first);

    expect(fill(window)).toHaveLength(1);
  });

  it('keeps its size, however many are answered', () => {
    const window = createSendWindow(4);
    for (const ticket of fill(window)) answer(window, ticket);

    const tickets = fill(window);

    expect(tickets).toHaveLength(4);
  });

  it('does not refill the slot of a failure', () => {
    const window = createSendWindow(4);
    const [first = 0] = fill(window);

    fail(window, first);

    expect(window.hasRoom).toBe(false);
  });

  it('gives the slot of a failure back with the answer to a later request', () => {
    const window = createSendWindow(4);
    const [first = 0, second = 0] = fill(window);

    fail(window, first);
    answer(window, second);

    expect(fill(window)).toHaveLength(2);
  });

  it('takes the answer to an earlier request for no sign of life', () => {
    const window = createSendWindow(4);
    const [first = 0, second = 0] = fill(window);

    fail(window, second);
    answer(window, first);

    expect(fill(window)).toHaveLength(1);
  });

  it('remembers the latest request that failed, in whatever order failures come', () => {
    const window = createSendWindow(8);
    const [first = 0, second = 0, third = 0] = fill(window);

    fail(window, third);
    fail(window, first);
    answer(window, second);

    expect(fill(window)).toHaveLength(1);
  });

  it.each([
    { size: 1, failures: 1 },
    { size: 20, failures: 20 },
    { size: 64, failures: 16 },
    { size: 1_000, failures: 20 },
  ])('of size $size is closed by $failures failures without an answer, and not before', (given) => {
    const window = createSendWindow(given.size);
    const tickets = fill(window);

    for (const ticket of tickets.slice(0, given.failures - 1)) fail(window, ticket);
    const before = window.isClosed;
    for (const ticket of tickets.slice(given.failures - 1)) fail(window, ticket);

    expect(before).toBe(false);
    expect(window.isClosed).toBe(true);
    expect(window.hasRoom).toBe(false);
  });

  it('gives back no more than the failures took', () => {
    const window = createSendWindow(64);
    const [first = 0, ...others] = fill(window);
    fail(window, first);

    for (const ticket of others) answer(window, ticket);

    expect(fill(window)).toHaveLength(64);
  });

  it('reopens with little room, which doubles with every round of answers', () => {
    const window = createSendWindow(64);
    for (const ticket of fill(window)) fail(window, ticket);

    window.reopen();
    const rounds = [1, 2, 3, 4].map(() => {
      const tickets = fill(window);
      for (const ticket of tickets) answer(window, ticket);
      return tickets.length;
    });

    expect(rounds).toEqual([8, 40, 64, 64]);
  });

  it('reopens no wider than its size', () => {
    const window = createSendWindow(1);
    for (const ticket of fill(window)) fail(window, ticket);

    window.reopen();

    expect(fill(window)).toHaveLength(1);
  });
});
