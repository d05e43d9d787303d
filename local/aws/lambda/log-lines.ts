import type { Readable } from 'node:stream';

const newline = 0x0a;

/** CloudWatch Logs takes events of up to 1 MiB; a longer line is cut there, so that one without an end fills no memory. */
const maximumLineBytes = 1024 * 1024;

/**
 * Hands every complete line of a stream of UTF-8 to `onLine`, without its line break; what is left without one at the
 * end of the stream counts as a line.
 */
export function eachLine(stream: Readable, onLine: (line: string) => void): void {
  let parts: Buffer[] = [];
  let partBytes = 0;

  function flush(): void {
    const line = Buffer.concat(parts).toString('utf8');
    parts = [];
    partBytes = 0;
    onLine(line.endsWith('\r') ? line.slice(0, -1) : line);
  }

  stream.on('data', (chunk: Buffer) => {
    let start = 0;
    while (start < chunk.length) {
      const lineEnd = chunk.indexOf(newline, start);
      const room = start + maximumLineBytes - partBytes;
      const end = Math.min(lineEnd === -1 ? chunk.length : lineEnd, room);
      parts.push(chunk.subarray(start, end));
      partBytes += end - start;
      start = end;
      if (end === lineEnd) {
        flush();
        start += 1;
      } else if (end === room) {
        flush();
      }
    }
  });
  stream.once('end', () => {
    if (partBytes > 0) flush();
  });
}
