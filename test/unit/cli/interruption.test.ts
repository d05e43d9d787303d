import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { listenForInterruption } from '../../../cli/interruption.ts';
import type { Signals } from '../../../cli/io.ts';

function scene() {
  const listeners = new Map<string, () => void>();
  const exits: number[] = [];
  const clock = { now: 1000 };
  const signals: Signals = {
    on: (signal, listener) => listeners.set(signal, listener),
    off: (signal) => listeners.delete(signal),
  };
  const exit = (code: number) => void exits.push(code);
  const interruption = listenForInterruption({ signals, exit }, () => clock.now);
  const press = (signal = 'SIGINT') => listeners.get(signal)?.();
  return { interruption, press, exits, clock, listeners };
}

describe('an interruption', () => {
  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'])('aborts at the first %s, with the error to end with', (signal) => {
    const { interruption, press, exits } = scene();

    press(signal);

    expect(interruption.signal.reason).toMatchObject({ code: 'interrupted', exitCode: 130 });
    expect(exits).toEqual([]);
  });

  it('lets any number of requests listen without a warning', async () => {
    const { interruption } = scene();
    const warnings: string[] = [];
    const onWarning = ({ name }: Error) => void warnings.push(name);
    process.on('warning', onWarning);

    for (let count = 0; count < 50; count += 1) interruption.signal.addEventListener('abort', () => {});
    await setImmediate();
    process.off('warning', onWarning);

    expect(warnings).toEqual([]);
  });

  it('takes a copy that npm passes on at once for the same key press', () => {
    const { press, exits, clock } = scene();

    press();
    clock.now += 500;
    press();

    expect(exits).toEqual([]);
  });

  it('ends the process at the second Ctrl-C', () => {
    const { press, exits, clock } = scene();

    press();
    clock.now += 501;
    press();

    expect(exits).toEqual([130]);
  });

  it('gives the signals back in the end', () => {
    const { interruption, listeners } = scene();

    interruption.stop();

    expect(listeners.size).toBe(0);
  });
});
