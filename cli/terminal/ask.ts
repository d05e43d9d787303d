import type { Interface } from 'node:readline';
import { interruptedError } from '../errors.ts';

/**
 * One line of a person's. Rejects with `interrupted` at Ctrl-C, which comes as a key and not as a signal while a line is
 * read, and at Ctrl-D or whatever else closes the input, after which no line ever comes.
 */
export async function ask(lines: Interface, question: string, signal: AbortSignal): Promise<string> {
  signal.throwIfAborted();
  const done = new AbortController();
  try {
    return await new Promise((resolve, reject) => {
      const end = () => reject(interruptedError('Interrupted.'));
      lines.once('SIGINT', end).once('close', end);
      signal.addEventListener('abort', () => reject(signal.reason), { signal: done.signal });
      lines.question(question, resolve);
    });
  } finally {
    done.abort();
    lines.close();
  }
}
