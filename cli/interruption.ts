import { setMaxListeners } from 'node:events';
import type { Writable } from 'node:stream';
import { exitCodes, interruptedError } from './errors.ts';
import { type Io, signalNames } from './io.ts';

/**
 * A terminal sends Ctrl-C to everybody, and npm passes its own on besides: what comes within this time, in milliseconds,
 * is one key press.
 */
const onePressMs = 500;

export interface Interruption {
  readonly signal: AbortSignal;
  /** Listens no more. */
  stop(): void;
}

/** The first Ctrl-C aborts, so that the command ends in order; a second one ends everything at once. */
export function listenForInterruption(
  { signals, exit }: Pick<Io, 'signals' | 'exit'>,
  now: () => number,
): Interruption {
  const controller = new AbortController();
  // Every request under way listens; from the eleventh on, Node would suspect a leak on stderr.
  setMaxListeners(0, controller.signal);
  let firstAt: number | undefined;
  const onSignal = () => {
    if (firstAt === undefined) {
      firstAt = now();
      controller.abort(interruptedError('Interrupted.'));
    } else if (now() - firstAt > onePressMs) {
      exit(exitCodes.interrupted);
    }
  };
  for (const name of signalNames) signals.on(name, onSignal);
  return {
    signal: controller.signal,
    stop() {
      for (const name of signalNames) signals.off(name, onSignal);
    },
  };
}

/**
 * `relay ... | head` has what it wants: what else is written is lost, and the command goes on, because its work matters
 * and its exit code tells of that. The signal, about stdout, is for one that does nothing but print.
 */
export function listenForUnread({ stdout, stderr }: { stdout: Writable; stderr: Writable }): AbortSignal {
  const unread = new AbortController();
  for (const stream of [stdout, stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
      if (stream === stdout) unread.abort();
    });
  }
  return unread.signal;
}
