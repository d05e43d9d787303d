import { createInterface } from 'node:readline';
import { CommandError, exitCodes, usageError } from '../errors.ts';
import type { Io } from '../io.ts';
import { ask } from './ask.ts';

export interface ConfirmOptions extends Pick<Io, 'stdin' | 'stderr'> {
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
  const answer = await ask(createInterface({ input: stdin, output: stderr }), `${question} [y/N] `, signal);
  if (!/^y(es)?$/i.test(answer.trim()))
    throw new CommandError(exitCodes.interrupted, 'declined', 'Nothing was done.');
}
