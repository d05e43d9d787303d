import { expect, test } from 'vitest';
import { createVirtualClock } from '../../../../support/virtual-clock.ts';

test('timers run in the order of their time, and of their making when it is the same', async () => {
  const clock = createVirtualClock(0);
  const ran: string[] = [];
  clock.after(20, () => ran.push(`c at ${clock.now()}`));
  clock.after(10, () => ran.push(`a at ${clock.now()}`));
  clock.after(10, () => ran.push(`b at ${clock.now()}`));

  await clock.advance(20);

  expect(ran).toEqual(['a at 10', 'b at 10', 'c at 20']);
  expect(clock.now()).toBe(20);
});

test('a timer that is not due yet waits, and a cancelled one never runs', async () => {
  const clock = createVirtualClock(0);
  const ran: string[] = [];
  const cancel = clock.after(5, () => ran.push('cancelled'));
  clock.after(11, () => ran.push('late'));
  cancel();

  await clock.advance(10);

  expect(ran).toEqual([]);
  expect(clock.pendingTimers()).toBe(1);
});

test('a timer that is set on the way runs when it falls due in time, after all promises have settled', async () => {
  const clock = createVirtualClock(0);
  const ran: number[] = [];
  const chain = async () => {
    for (let i = 0; i < 3; i += 1) {
      await new Promise<void>((resolve) => void clock.after(10, resolve));
      ran.push(clock.now());
    }
  };
  const done = chain();

  await clock.advance(30);

  await done;
  expect(ran).toEqual([10, 20, 30]);
});
