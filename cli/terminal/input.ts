import { addAbortSignal, type Readable } from 'node:stream';
import { CommandError, usageError } from '../command-error.ts';
import { exitCodes } from '../exit-codes.ts';

/** More than any input of a command that is read whole, in bytes. */
const maximumInputBytes = 64 * 1024 * 1024;

/** All bytes of stdin. */
export async function readStdin(signal: AbortSignal, stdin: Readable = process.stdin): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of addAbortSignal(signal, stdin)) {
    const buffer = Buffer.from(chunk);
    bytes += buffer.length;
    if (bytes > maximumInputBytes) throw usageError('stdin holds more than 64 MiB.');
    chunks.push(buffer);
  }
  return Buffer.concat(chunks);
}

/**
 * Reads a secret without showing it: from a hidden prompt, or from stdin when that is no terminal. Never from the
 * command line, which other users of the machine can see. The line feed at the end is not part of it.
 */
export async function readSecret(label: string, signal: AbortSignal): Promise<string> {
  const secret = process.stdin.isTTY
    ? await askHidden(label, signal)
    : (await readStdin(signal)).toString('utf8').replace(/\r?\n$/, '');
  if (secret.trim() === '') throw usageError(`${label} is empty.`);
  return secret;
}

async function askHidden(label: string, signal: AbortSignal): Promise<string> {
  const { default: password } = await import('@inquirer/password');
  try {
    return await password({ message: label }, { output: process.stderr, signal });
  } catch (error) {
    // In raw mode Ctrl-C comes as a key, not as a signal.
    const ctrlC = error instanceof Error && error.name === 'ExitPromptError';
    throw ctrlC ? new CommandError(exitCodes.interrupted, 'interrupted', 'Interrupted.') : error;
  }
}
