import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import type { Server } from './emulator.ts';

/** Starts the server of an emulator, which says where it is; it ends with this process, however that ends. */
export async function startServer(options: {
  readonly name: string;
  readonly file: string;
  readonly arguments: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly logFile: string;
  /** What it prints once it is ready, with its address as the first group. */
  readonly readyLine: RegExp;
}): Promise<Server> {
  const { name, file, environment, logFile, readyLine } = options;
  const child = spawn(file, options.arguments, {
    // Its standard input is open for as long as this process lives. In a group of its own, so that Ctrl-C reaches
    // this process first.
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
    // Nothing is left beside the launchers.
    env: { ...environment, PYTHONDONTWRITEBYTECODE: '1' },
  });
  const log = createWriteStream(logFile);
  const exited = once(child, 'exit');
  const url = await new Promise<string>((resolve, reject) => {
    let printed = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => {
        log.write(text);
        if (printed.length > 100_000) return;
        printed += text;
        const [, found] = readyLine.exec(printed) ?? [];
        if (found !== undefined) resolve(found);
      });
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`${name} ended with ${code}: ${printed.slice(-2_000)}`)));
  });
  return {
    url,
    async close() {
      child.kill('SIGTERM');
      // One that is in the middle of something may not listen.
      const patience = setTimeout(() => child.kill('SIGKILL'), 10_000);
      await exited;
      clearTimeout(patience);
      log.end();
    },
  };
}
