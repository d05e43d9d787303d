import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';

export interface Moto {
  /** Without a slash at its end. */
  readonly url: string;
  close(): Promise<void>;
}

/** Starts moto's server on a free port of 127.0.0.1; it ends with this process, however that ends. */
export async function startMoto(options: {
  readonly projectRoot: string;
  /** The folder of moto's commands. */
  readonly commands: string;
  readonly logFile: string;
}): Promise<Moto> {
  const { projectRoot, commands, logFile } = options;
  const launcher = join(projectRoot, 'test/proofs/deploy/moto-launcher.py');
  const child = spawn(join(commands, 'python'), [launcher, '-H', '127.0.0.1', '-p', '0'], {
    // Its standard input is open for as long as this process lives. In a group of its own, so that Ctrl-C reaches
    // this process first.
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'] },
  });
  const log = createWriteStream(logFile);
  child.stdout.pipe(log, { end: false });
  const exited = once(child, 'exit');
  const url = await new Promise<string>((resolve, reject) => {
    let printed = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      log.write(text);
      printed += text;
      const [, found] = /Running on (http:\/\/127\.0\.0\.1:\d+)/.exec(printed) ?? [];
      if (found !== undefined) resolve(found);
    });
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`moto ended with ${code}: ${printed.slice(-2_000)}`)));
  });
  return {
    url,
    async close() {
      child.kill('SIGTERM');
      await exited;
      log.end();
    },
  };
}
