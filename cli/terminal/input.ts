import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { addAbortSignal, Writable } from 'node:stream';
import { CommandError, exitCodes, interruptedError, systemReason, usageError } from '../errors.ts';
import type { InputStream, Io } from '../io.ts';
import { oneLine } from './lines.ts';
import { textOf } from './text.ts';

/** More than any input of a command that is read whole, in bytes. */
const maximumInputBytes = 64 * 1024 * 1024;

/** All bytes of stdin. */
export async function readStdin(signal: AbortSignal, stdin: InputStream): Promise<Buffer> {
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

/** All bytes of a file that was named on the command line; of stdin for `-`. */
export async function readInput(
  file: string,
  { signal, io }: { readonly signal: AbortSignal; readonly io: Pick<Io, 'stdin' | 'cwd'> },
): Promise<Buffer> {
  if (file === '-') return readStdin(signal, io.stdin);
  try {
    return await readFile(resolve(io.cwd, file), { signal });
  } catch (cause) {
    if (signal.aborted) throw cause;
    throw usageError(`The file ${file} cannot be read${systemReason(cause)}.`, { cause });
  }
}

export interface SecretOptions extends Pick<Io, 'stdin' | 'stderr'> {
  readonly signal: AbortSignal;
}

/**
 * Reads a secret without showing it: from a hidden prompt, or from stdin when that is no terminal. Never from the
 * command line, which other users of the machine can see. The line feed at the end is not part of it.
 */
export async function readSecret(label: string, options: SecretOptions): Promise<string> {
  const { signal, stdin } = options;
  const secret = stdin.isTTY
    ? await askHidden(`${label}: `, options)
    : textOf(await readStdin(signal, stdin), label).replace(/\r?\n$/, '');
  if (secret.trim() === '') throw usageError(`${label} is empty.`);
  return secret;
}

/**
 * One line of a person's, which the terminal does not show: a key may be pasted at any question. What was pasted with it is
 * part of it, so that half a secret is never taken for a whole one. Rejects with `interrupted` at Ctrl-C, which comes as a
 * key and not as a signal while a line is read, and at Ctrl-D or whatever else closes the input.
 */
async function askHidden(prompt: string, { signal, stdin, stderr }: SecretOptions): Promise<string> {
  signal.throwIfAborted();
  // A line is edited as ever; only what would show it goes nowhere.
  const output = new Writable({ write: (_chunk, _encoding, done) => done() });
  const reader = createInterface({ input: stdin, output, terminal: true, historySize: 0 });
  const done = new AbortController();
  stderr.write(prompt);
  try {
    return await new Promise((answered, reject) => {
      const lines: string[] = [];
      const interrupt = () => reject(interruptedError('Interrupted.'));
      const answer = () => answered([...lines, ...(reader.line === '' ? [] : [reader.line])].join('\n'));
      reader.once('SIGINT', interrupt).once('close', () => (lines.length === 0 ? interrupt() : answer()));
      signal.addEventListener('abort', () => reject(signal.reason), { signal: done.signal });
      reader.on('line', (line) => {
        // What was pasted comes at once.
        if (lines.push(line) === 1) setImmediate(answer);
      });
    });
  } finally {
    done.abort();
    reader.close();
    stderr.write('\n');
  }
}

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
  const answer = await askHidden(`${oneLine(question, { styles: false })} [y/N] `, { signal, stdin, stderr });
  if (!/^y(es)?$/i.test(answer.trim()))
    throw new CommandError(exitCodes.interrupted, 'declined', 'Nothing was done.');
}
