import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const host = fileURLToPath(new URL('./function-host.mjs', import.meta.url));

export interface Invocation {
  /** What the handler resolved to. */
  readonly result?: unknown;
  /** What it, or loading it, threw. */
  readonly thrown?: { readonly code?: string; readonly message: string };
}

export interface RunningFunction {
  /** `laterMs`: how far the function's clock is ahead. */
  invoke(event: unknown, options?: { remainingMs?: number; laterMs?: number }): Promise<Invocation>;
  /** Everything that it wrote, to either stream. */
  output(): string;
  /** Its log lines. */
  log(): Record<string, unknown>[];
  /** Stops its process as Lambda does between two invocations, until `thaw`. What is sent to it meanwhile waits. */
  freeze(): void;
  thaw(): void;
  stop(): void;
}

/** Runs a built function in a process of its own, with this environment and nothing else. */
export function runFunction(bundle: string, environment: Readonly<Record<string, string>>): RunningFunction {
  const child = fork(host, [bundle], {
    env: {
      ...environment,
      AWS_REGION: 'eu-west-1',
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'local',
    },
    execArgv: ['--no-warnings'],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => (output += text));
  }
  return {
    invoke: (event, { remainingMs = 60_000, laterMs = 0 } = {}) =>
      new Promise((resolve, reject) => {
        const exited = (code: number | null) =>
          reject(new Error(`The function ended with ${code}: ${output}`));
        child.once('exit', exited);
        child.once('message', (answer: Invocation) => {
          child.off('exit', exited);
          // Streams and messages travel apart: one turn lets what was written before arrive.
          setImmediate(() => resolve(answer));
        });
        child.send({ event, remainingMs, laterMs });
      }),
    output: () => output,
    log: () =>
      output
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => Object(JSON.parse(line))),
    freeze: () => void child.kill('SIGSTOP'),
    thaw: () => void child.kill('SIGCONT'),
    stop: () => void child.kill('SIGKILL'),
  };
}
