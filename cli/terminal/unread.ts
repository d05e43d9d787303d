import type { Writable } from 'node:stream';

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
