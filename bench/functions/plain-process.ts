import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { performance } from 'node:perf_hooks';

export interface PlainRun {
  /** From the start of the process until the bundle is loaded, in milliseconds. */
  readonly loadedMs: number;
  /** From the start of the process until the first event is answered, in milliseconds. */
  readonly answeredMs: number;
}

const lineFeed = 10;

/** Runs bench/functions/plain-host.cjs. Rejects when it fails. */
export async function runPlainProcess(options: {
  readonly nodeBinary: string;
  readonly host: string;
  readonly bundle: string;
  readonly eventFile: string;
  readonly environment: Readonly<Record<string, string>>;
}): Promise<PlainRun> {
  const { nodeBinary, host, bundle, eventFile, environment } = options;
  const times: number[] = [];
  const startedAt = performance.now();
  const child = spawn(nodeBinary, [host, bundle, eventFile], {
    env: environment,
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
  });
  let words = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (words += text));
  child.stdio[3]?.on('data', (lines: Buffer) => {
    const now = performance.now() - startedAt;
    // Two that come at once are one chunk.
    for (const byte of lines) if (byte === lineFeed) times.push(now);
  });
  await once(child, 'close');
  const [loadedMs, answeredMs] = times;
  if (loadedMs === undefined || answeredMs === undefined)
    throw new Error(`${bundle} did not answer: ${words}`);
  return { loadedMs, answeredMs };
}
