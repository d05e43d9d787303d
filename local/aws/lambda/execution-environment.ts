import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Clock } from '../../clock.ts';
import { childEnvironment, type FunctionEnvironment } from './function-environment.ts';
import type { Invocation } from './invocation.ts';
import { endWithThisProcess, killTree } from './live-processes.ts';
import { eachLine } from './log-lines.ts';
import { type FunctionFailure, type RuntimeAnswer, startRuntimeApi } from './runtime-api.ts';

/** Lambda gives a function's code 10 s to load. */
const initTimeoutMs = 10_000;

export type LogStream = 'stdout' | 'stderr';

export interface ExecutionEnvironmentSettings extends FunctionEnvironment {
  /** The folder whose `node_modules` has the runtime client, and whose `local/aws/lambda` what it is started with. */
  readonly projectRoot: string;
  readonly nodeBinary: string;
  readonly timeoutSeconds: number;
  readonly functionArn: string;
  readonly clock: Clock;
  /** Complete lines only. `requestId` is undefined for what is printed outside any invocation. */
  readonly onLine: (line: {
    logStreamName: string;
    requestId: string | undefined;
    stream: LogStream;
    line: string;
  }) => void;
}

export interface EnvironmentEvents {
  /** Waits for an invocation: after its start, and after each one that it has finished. */
  readonly onIdle: (environment: ExecutionEnvironment) => void;
  /** The process is gone. `initError` is there when it never became idle. */
  readonly onEnd: (environment: ExecutionEnvironment, initError: FunctionFailure | undefined) => void;
}

export type FinishedInvocation = Exclude<Invocation, { kind: 'init-error' }>;

/** One process that holds a function's code and runs one invocation at a time. */
export interface ExecutionEnvironment {
  readonly logStreamName: string;
  /** Milliseconds from the start of the process to its first call for an invocation; undefined before that. */
  readonly initDurationMs: number | undefined;
  readonly pid: number | undefined;
  /** True once the process is gone or being ended. */
  readonly ended: boolean;
  /** Only while idle. Never rejects. */
  run(invocation: { requestId: string; payload: string }): Promise<FinishedInvocation>;
  /** Ends the process and whatever it has started, at once. */
  kill(): void;
}

interface Running {
  readonly requestId: string;
  readonly startedAt: number;
  readonly cancelTimeout: () => void;
  readonly finish: (invocation: FinishedInvocation) => void;
  answer?: { readonly at: number; readonly result: RuntimeAnswer };
  timedOut?: true;
}

/** Starts a process for the function under the official runtime client, with a Runtime API of its own. */
export async function startExecutionEnvironment(
  settings: ExecutionEnvironmentSettings,
  events: EnvironmentEvents,
): Promise<ExecutionEnvironment> {
  const { clock, timeoutSeconds } = settings;
  const logStreamName = newLogStreamName();
  const startedAt = performance.now();
  let initDurationMs: number | undefined;
  let initError: FunctionFailure | undefined;
  let running: Running | undefined;

  const api = await startRuntimeApi({
    functionArn: settings.functionArn,
    onReady() {
      cancelInitTimeout();
      initDurationMs ??= performance.now() - startedAt;
      // What the process printed before it answered is in its pipes by now, and read in this turn of the event loop
      // at the latest: only then is the invocation over, so that each line is logged under the right request.
      setImmediate(() => {
        if (running !== undefined) finishAnswered(running);
        if (!ending) events.onIdle(environment);
      });
    },
    onAnswer(requestId, result) {
      if (running?.requestId === requestId) running.answer ??= { at: performance.now(), result };
    },
    onInitError(failure) {
      initError = failure;
    },
  });

  const runtimeClient = createRequire(join(settings.projectRoot, 'package.json')).resolve('aws-lambda-ric');
  const child = spawn(
    settings.nodeBinary,
    [
      // As Lambda's own runtime does: the heap may take 90 % of the function's memory.
      `--max-old-space-size=${Math.floor(settings.memoryMb * 0.9)}`,
      '--import',
      join(settings.projectRoot, 'local/aws/lambda/runtime-client.mjs'),
      runtimeClient,
    ],
    {
      cwd: settings.codeDirectory,
      env: childEnvironment(settings, { runtimeApi: api.address, logStreamName }),
      stdio: ['ignore', 'pipe', 'pipe'],
      // In a group of its own, so that Ctrl-C in a terminal reaches the stack alone, which then ends it in order.
      detached: process.platform !== 'win32',
      windowsHide: true,
    },
  );
  endWithThisProcess(child);
  for (const stream of ['stdout', 'stderr'] as const)
    eachLine(child[stream], (line) =>
      settings.onLine({ logStreamName, requestId: running?.requestId, stream, line }),
    );

  const cancelInitTimeout = clock.after(initTimeoutMs, () => {
    initError = {
      errorType: 'Sandbox.Timedout',
      errorMessage: `the code was not loaded within ${initTimeoutMs / 1000} seconds`,
      trace: [],
    };
    end();
  });

  let ending = false;
  function end(): void {
    ending = true;
    killTree(child);
  }

  let ended = false;
  function onProcessEnd(exitCode: number | null, signal: NodeJS.Signals | null, problem?: Error): void {
    if (ended) return;
    ended = true;
    ending = true;
    cancelInitTimeout();
    api.close();
    setImmediate(() => {
      if (running !== undefined) finishEnded(running, exitCode, signal);
      const neverReady = initDurationMs === undefined;
      events.onEnd(
        environment,
        neverReady
          ? (initError ?? exitFailure(problem?.message ?? exitMessage(exitCode, signal)))
          : undefined,
      );
    });
  }
  child.once('exit', (exitCode, signal) => onProcessEnd(exitCode, signal));
  child.once('error', (problem) => onProcessEnd(null, null, problem));

  function settle(invocation: Running, result: FinishedInvocation): void {
    running = undefined;
    invocation.cancelTimeout();
    invocation.finish(result);
  }

  function finishAnswered(invocation: Running): boolean {
    if (invocation.answer === undefined) return false;
    const { requestId } = invocation;
    const { at, result } = invocation.answer;
    const durationMs = at - invocation.startedAt;
    settle(
      invocation,
      result.kind === 'response'
        ? { kind: 'success', payload: result.payload, requestId, durationMs }
        : { kind: 'function-error', ...result.failure, requestId, durationMs },
    );
    return true;
  }

  function finishEnded(invocation: Running, exitCode: number | null, signal: NodeJS.Signals | null): void {
    if (finishAnswered(invocation)) return;
    const { requestId } = invocation;
    const durationMs = performance.now() - invocation.startedAt;
    settle(
      invocation,
      invocation.timedOut
        ? {
            kind: 'timeout',
            errorMessage: `Task timed out after ${timeoutSeconds.toFixed(2)} seconds`,
            requestId,
            durationMs,
          }
        : {
            kind: 'exit',
            exitCode,
            signal,
            errorMessage: exitMessage(exitCode, signal),
            requestId,
            durationMs,
          },
    );
  }

  const environment: ExecutionEnvironment = {
    logStreamName,
    get initDurationMs() {
      return initDurationMs;
    },
    pid: child.pid,
    get ended() {
      return ending;
    },
    run({ requestId, payload }) {
      return new Promise((finish) => {
        const timeoutMs = timeoutSeconds * 1000;
        const invocation: Running = {
          requestId,
          startedAt: performance.now(),
          finish,
          cancelTimeout: clock.after(timeoutMs, () => {
            invocation.timedOut = true;
            end();
          }),
        };
        running = invocation;
        // The process reads the real time, whatever clock enforces the limit.
        api.hand({ requestId, payload, deadlineAt: Date.now() + timeoutMs });
      });
    },
    kill: end,
  };
  return environment;
}

function exitFailure(errorMessage: string): FunctionFailure {
  return { errorType: 'Runtime.ExitError', errorMessage, trace: [] };
}

function exitMessage(exitCode: number | null, signal: NodeJS.Signals | null): string {
  if (signal !== null) return `Runtime exited with error: signal: ${signal}`;
  return exitCode === 0
    ? 'Runtime exited without providing a reason'
    : `Runtime exited with error: exit status ${exitCode ?? 'unknown'}`;
}

/** Lambda's form: the date, the version in brackets, 32 hexadecimal digits. */
function newLogStreamName(): string {
  const date = new Date().toISOString().slice(0, 10).replaceAll('-', '/');
  return `${date}/[$LATEST]${randomUUID().replaceAll('-', '')}`;
}
