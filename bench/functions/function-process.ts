import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { Readable } from 'node:stream';
import { childEnvironment } from '../../local/aws/lambda/function-environment.ts';
import { type RuntimeAnswer, startRuntimeApi } from '../../local/aws/lambda/runtime-api.ts';

/** What the process has used since it started. CPU is user and system time of all its threads. */
export interface Usage {
  readonly cpuMs: number;
  readonly peakMemoryMb: number;
}

export interface FunctionProcess {
  /** From the start of the process until it asks for its first event, in milliseconds. */
  readonly readyMs: number;
  /** Resolves to the milliseconds until the answer. Rejects when the function fails. */
  invoke(event: unknown): Promise<{ readonly answerMs: number; readonly answer: unknown }>;
  usage(): Promise<Usage>;
  stop(): Promise<void>;
}

export interface FunctionProcessOptions {
  readonly projectRoot: string;
  readonly nodeBinary: string;
  /** The CommonJS file that exports `handler`. */
  readonly bundle: string;
  readonly memoryMb: number;
  readonly environment: Readonly<Record<string, string>>;
}

/** No invocation of the bench takes so long. */
const timeoutMs = 120_000;

/** Starts a built function as Lambda does: under the official runtime client, with a Runtime API of its own. */
export async function startFunctionProcess(options: FunctionProcessOptions): Promise<FunctionProcess> {
  const { projectRoot, nodeBinary, bundle, memoryMb } = options;
  const codeDirectory = dirname(bundle);
  let onReady: (() => void) | undefined;
  let onAnswer: ((answer: RuntimeAnswer) => void) | undefined;
  let output = '';
  const ready = () => new Promise<void>((resolve) => (onReady = resolve));

  const api = await startRuntimeApi({
    functionArn: 'arn:aws:lambda:eu-west-1:000000000000:function:bench',
    onReady: () => onReady?.(),
    onAnswer: (_, answer) => onAnswer?.(answer),
    onInitError: ({ errorType, errorMessage }) => (output += `${errorType}: ${errorMessage}\n`),
  });
  const environment = childEnvironment(
    {
      functionName: 'bench',
      handler: `${basename(bundle, '.cjs')}.handler`,
      codeDirectory,
      memoryMb,
      region: 'eu-west-1',
      runtime: 'nodejs24.x',
      logFormat: 'JSON',
      environment: options.environment,
    },
    { runtimeApi: api.address, logStreamName: 'bench' },
  );
  const first = ready();
  const startedAt = performance.now();
  const child = spawn(
    nodeBinary,
    [
      `--max-old-space-size=${Math.floor(memoryMb * 0.9)}`,
      '--import',
      join(projectRoot, 'bench/functions/meter.mjs'),
      '--import',
      join(projectRoot, 'bench/functions/runtime-client.mjs'),
      createRequire(join(projectRoot, 'package.json')).resolve('aws-lambda-ric'),
    ],
    { cwd: codeDirectory, env: environment, stdio: ['ignore', 'pipe', 'pipe', 'pipe'] },
  );
  // The log is read, as Lambda does. What comes last says why a function failed.
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (text: string) => (output = `${output}${text}`.slice(-2_000)));
  const ended = failureOf(child, () => output);
  await Promise.race([first, ended]);
  const readyMs = performance.now() - startedAt;
  let requests = 0;

  async function invoke(event: unknown) {
    const answered = new Promise<RuntimeAnswer>((resolve) => (onAnswer = resolve));
    const idle = ready();
    const payload = JSON.stringify(event);
    const invokedAt = performance.now();
    const requestId = `00000000-0000-4000-8000-${String(++requests).padStart(12, '0')}`;
    api.hand({ requestId, payload, deadlineAt: Date.now() + timeoutMs });
    const result = await Promise.race([answered, ended]);
    const answerMs = performance.now() - invokedAt;
    await Promise.race([idle, ended]);
    if (result.kind === 'error') throw new Error(`${bundle}: ${result.failure.errorMessage}\n${output}`);
    const answer: unknown = JSON.parse(result.payload);
    return { answerMs, answer };
  }

  return {
    readyMs,
    invoke,
    async usage() {
      const line = nextLine(child.stdio[3]);
      child.kill('SIGUSR2');
      const { cpuMs, peakMemoryMb } = Object(JSON.parse(await Promise.race([line, ended])));
      return { cpuMs: Number(cpuMs), peakMemoryMb: Number(peakMemoryMb) };
    },
    async stop() {
      ended.catch(() => {});
      child.kill('SIGKILL');
      await once(child, 'close');
      api.close();
    },
  };
}

function failureOf(child: ChildProcess, output: () => string): Promise<never> {
  const ended = new Promise<never>((_, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`The function ended with ${code}: ${output()}`)));
  });
  // It is raced with what is waited for. Nobody may be waiting when it ends.
  ended.catch(() => {});
  return ended;
}

/** The meter writes one line at a time, shorter than a pipe's buffer. */
async function nextLine(pipe: ChildProcess['stdio'][number] | undefined): Promise<string> {
  if (!(pipe instanceof Readable)) throw new TypeError('The meter has no pipe.');
  const [line] = await once(pipe, 'data');
  return String(line);
}
