import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import type { Outcome } from '../../../lib/delivery/outcome.ts';

/** For the rests of connections alone, time goes so much faster: the limits of minutes and seconds are met sooner. */
export const timesFaster = 10;

/** What one invocation sends, side by side: one message to each server. */
export type Invocation = readonly { readonly url: string; readonly serial: number }[];

/** What became of one message, with times of `monotonicMs`. */
export interface Sent {
  readonly kind: Outcome['kind'];
  readonly beganAt: number;
  readonly endedAt: number;
}

/** The sender in a process that stands still whenever it is told to. */
export interface FrozenSender {
  invoke(sends: Invocation): Promise<readonly Sent[]>;
  /** Resolves when the process stands still. */
  freeze(): Promise<void>;
  thaw(): void;
  stop(): void;
}

/** One clock for all processes of a machine, in milliseconds. */
export function monotonicMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

export function startFrozenSender(bundle: string): FrozenSender {
  const child: ChildProcess = fork(bundle, { env: {}, execArgv: [] });
  const ended = once(child, 'exit').then(() => []);
  return {
    async invoke(sends) {
      const answered = once(child, 'message');
      child.send(sends);
      const [sent]: readonly (readonly Sent[])[] = await Promise.race([answered, ended]);
      if (sent === undefined) throw new Error('The sender has crashed.');
      return sent;
    },
    async freeze() {
      child.kill('SIGSTOP');
      while (!(await standsStill(child.pid))) await pause(1);
    },
    thaw: () => void child.kill('SIGCONT'),
    stop: () => void child.kill('SIGKILL'),
  };
}

/** Where the kernel does not say so, after a moment. */
async function standsStill(pid: number | undefined): Promise<boolean> {
  try {
    return /\) [Tt] /.test(await readFile(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return pause(50, true);
  }
}
