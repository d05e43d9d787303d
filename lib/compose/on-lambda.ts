// What an execution environment on Lambda has of `Outside`, but for the clients: a function takes what it needs.
import { randomUUID } from 'node:crypto';
import type { Outside } from './outside.ts';

export const clock: Outside['clock'] = {
  now: () => Date.now(),
  // A pending call keeps the process alive, as an invocation that waits for it must.
  after(delayMs, run) {
    const timer = setTimeout(run, delayMs);
    return () => clearTimeout(timer);
  },
};

export const random = (): number => Math.random();

export const newId = (): string => randomUUID();

export const write = (line: string) => process.stdout.write(line);
