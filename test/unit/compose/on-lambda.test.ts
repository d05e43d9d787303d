import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { clock, newId, random, write } from '../../../lib/compose/on-lambda.ts';

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000 });
});

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

describe('the outside on Lambda', () => {
  it('has the time of the machine, and calls after a delay', () => {
    let calls = 0;
    clock.after(500, () => (calls += 1));

    vi.advanceTimersByTime(499);
    const before = calls;
    vi.advanceTimersByTime(1);

    expect([before, calls]).toEqual([0, 1]);
    expect(clock.now()).toBe(1_500);
  });

  it('takes a call back', () => {
    let calls = 0;
    const cancel = clock.after(500, () => (calls += 1));

    cancel();

    vi.advanceTimersByTime(1_000);
    expect(calls).toBe(0);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('writes lines to the standard output as they are', () => {
    const written = vi.spyOn(process.stdout, 'write').mockReturnValue(true);

    write('a line\n');

    expect(written.mock.calls).toEqual([['a line\n']]);
  });

  it('has chances from 0 up to 1, and ids that differ', () => {
    const [one, other] = [newId(), newId()];
    const chances = Array.from({ length: 100 }, () => random());

    expect(one).not.toBe(other);
    expect(one).toMatch(/^[0-9a-f-]{36}$/);
    expect(new Set(chances).size).toBe(100);
    expect(chances.every((chance) => chance >= 0 && chance < 1)).toBe(true);
  });
});
