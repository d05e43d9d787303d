/** A line every so often where there is no terminal that could show one line in place, in milliseconds. */
const logIntervalMs = 5000;
const terminalIntervalMs = 200;

/** Says on stderr how far something is. The figures themselves go to stdout, so that they can be piped. */
export function createProgress(stream: NodeJS.WriteStream) {
  const intervalMs = stream.isTTY ? terminalIntervalMs : logIntervalMs;
  let saidAt = performance.now();

  return {
    say(what: string, done: number, total: number): void {
      const now = performance.now();
      if (now - saidAt < intervalMs) return;
      saidAt = now;
      const line = `${what}: ${done.toLocaleString('en')} of ${total.toLocaleString('en')}`;
      stream.write(stream.isTTY ? `\r\u001b[2K${line}` : `${line}\n`);
    },
    clear(): void {
      if (stream.isTTY) stream.write('\r\u001b[2K');
    },
  };
}
