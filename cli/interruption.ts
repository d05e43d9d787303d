import { setMaxListeners } from 'node:events';
import { CommandError } from './command-error.ts';
import { exitCodes } from './exit-codes.ts';

/**
 * A terminal sends Ctrl-C to everybody, and npm passes its own on besides: what comes within this time, in milliseconds,
 * is one key press.
 */
const onePressMs = 500;

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** The parts of `process` that this needs. */
export interface InterruptedProcess {
  on(signal: (typeof signals)[number], listener: () => void): unknown;
  off(signal: (typeof signals)[number], listener: () => void): unknown;
  exit(code: number): unknown;
}

export interface Interruption {
  readonly signal: AbortSignal;
  /** Gives the signals back to Node. */
  stop(): void;
}

/** The first Ctrl-C aborts, so that the command ends in order; a second one ends the process at once. */
export function listenForInterruption(process: InterruptedProcess, now: () => number): Interruption {
  const controller = new AbortController();
  // Every request under way listens; from the eleventh on, Node would suspect a leak on stderr.
  setMaxListeners(0, controller.signal);
  let firstAt: number | undefined;
  const onSignal = () => {
    if (firstAt === undefined) {
      firstAt = now();
      controller.abort(new CommandError(exitCodes.interrupted, 'interrupted', 'Interrupted.'));
    } else if (now() - firstAt > onePressMs) {
      process.exit(exitCodes.interrupted);
    }
  };
  for (const signal of signals) process.on(signal, onSignal);
  return {
    signal: controller.signal,
    stop() {
      for (const signal of signals) process.off(signal, onSignal);
    },
  };
}
