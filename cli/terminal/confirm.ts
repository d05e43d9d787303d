import { createInterface } from 'node:readline/promises';
import { CommandError, usageError } from '../command-error.ts';
import { exitCodes } from '../exit-codes.ts';
import type { Terminal } from './terminal.ts';

export interface ConfirmOptions extends Terminal {
  /** Whether `--yes` was given. */
  readonly yes: boolean;
  readonly signal: AbortSignal;
}

/** Asks before something that cannot be taken back. Rejects unless a person or `--yes` agrees. */
export async function confirm(
  question: string,
  { yes, signal, stdin, stderr }: ConfirmOptions,
): Promise<void> {
  if (yes) return;
  if (!stdin.isTTY || !stderr.isTTY) {
    throw usageError(`${question} Nobody can be asked here: to agree, add --yes.`);
  }
  const lines = createInterface({ input: stdin, output: stderr });
  // The terminal is in raw mode while a line is read: Ctrl-C comes as a key, not as a signal.
  lines.once('SIGINT', () => process.kill(process.pid, 'SIGINT'));
  try {
    const answer = await lines.question(`${question} [y/N] `, { signal });
    if (!/^y(es)?$/i.test(answer.trim()))
      throw new CommandError(exitCodes.interrupted, 'declined', 'Nothing was done.');
  } finally {
    lines.close();
  }
}
