import { setImmediate } from 'node:timers/promises';

/** Lets the event loop turn, which hears of Ctrl-C only then; throws when there was one. */
export async function nextTurn(signal: AbortSignal): Promise<void> {
  await setImmediate();
  signal.throwIfAborted();
}
