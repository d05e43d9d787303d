import { randomUUID } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { type Clock, systemClock } from '../../clock.ts';
import {
  type ExecutionEnvironment,
  type FinishedInvocation,
  type LogStream,
  startExecutionEnvironment,
} from './execution-environment.ts';
import { refuseReservedNames } from './function-environment.ts';
import { type Invocation, type Invoke, type InvokeOptions, maximumPayloadBytes } from './invocation.ts';
import type { FunctionFailure } from './runtime-api.ts';

/** One line of a function's output, or the platform's own report on an invocation. */
export type FunctionLog =
  | {
      readonly functionName: string;
      /** One for each process that runs the function. */
      readonly logStreamName: string;
      readonly requestId: string | undefined;
      readonly stream: LogStream;
      readonly line: string;
    }
  | {
      readonly functionName: string;
      readonly logStreamName: string;
      readonly requestId: string;
      readonly stream: 'platform';
      readonly report: InvocationReport;
    };

/** What Lambda prints as its REPORT line. */
export interface InvocationReport {
  readonly status: FinishedInvocation['kind'];
  readonly durationMs: number;
  /** Rounded up to the next millisecond, the start of the process included, as it is billed. */
  readonly billedDurationMs: number;
  readonly memoryMb: number;
  /** How long the process took to start; only on the first invocation of an environment. */
  readonly initDurationMs?: number;
  /** Why it failed, where it did. */
  readonly errorMessage?: string;
}

export interface LambdaFunctionOptions {
  readonly name: string;
  /** The folder whose `node_modules` has the runtime client; programs are bundled, so no module's own path tells. */
  readonly projectRoot: string;
  /** The folder that the handler's path starts from. */
  readonly codeDirectory: string;
  /** As in the template: `build/functions/receive-webhook.handler`. */
  readonly handler: string;
  readonly timeoutSeconds: number;
  readonly memoryMb: number;
  readonly environment: Readonly<Record<string, string>>;
  readonly region: string;
  readonly accountId: string;
  readonly maximumConcurrency: number;
  readonly onLog: (log: FunctionLog) => void;
  /** The Node.js that runs the function; this process's own by default. */
  readonly nodeBinary?: string;
  /** Lambda's name for the runtime. */
  readonly runtime?: string;
  readonly logFormat?: 'Text' | 'JSON';
  readonly clock?: Clock;
}

export interface LambdaFunction {
  readonly name: string;
  readonly arn: string;
  readonly invoke: Invoke;
  /** Takes new code: running invocations finish where they are, all later ones start in new processes. */
  restart(): void;
  /** Ends every process; running invocations end as `exit`, waiting ones reject. */
  close(): Promise<void>;
}

interface Waiting {
  readonly requestId: string;
  readonly payload: string;
  readonly resolve: (invocation: Invocation) => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * A function whose bundle runs under the official runtime client, in as many processes as invocations need at once, up
 * to `maximumConcurrency`; an idle process is used again before another starts, the latest used first. Throws when the
 * configuration is one that Lambda refuses.
 */
export function createLambdaFunction(options: LambdaFunctionOptions): LambdaFunction {
  refuseReservedNames(options.environment);
  const { name, onLog } = options;
  const arn = `arn:aws:lambda:${options.region}:${options.accountId}:function:${name}`;
  // Starting a process takes all of a core: more at once would only delay the first of them.
  const maximumStarting = Math.max(2, availableParallelism());

  const waiting: Waiting[] = [];
  const idle: ExecutionEnvironment[] = [];
  const current = new Set<ExecutionEnvironment>();
  const all = new Set<ExecutionEnvironment>();
  const used = new WeakSet<ExecutionEnvironment>();
  const beginnings = new Set<Promise<void>>();
  const ending = new Set<() => void>();
  let starting = 0;
  let generation = 0;
  let closed = false;

  function dispatch(): void {
    while (waiting.length > 0) {
      const environment = idle.pop();
      if (environment === undefined) break;
      // It has ended by itself since: nothing was handed to it, so the invocation goes to another one.
      if (environment.ended) continue;
      const next = waiting.shift();
      if (next !== undefined) void run(environment, next);
    }
    const room = Math.min(options.maximumConcurrency - current.size, maximumStarting) - starting;
    for (let missing = Math.min(waiting.length - starting, room); missing > 0; missing -= 1) {
      const beginning = begin();
      beginnings.add(beginning);
      void beginning.finally(() => beginnings.delete(beginning));
    }
  }

  async function begin(): Promise<void> {
    const born = generation;
    let counted = true;
    starting += 1;
    function started(): void {
      if (counted && born === generation) starting -= 1;
      counted = false;
    }
    try {
      const environment = await startExecutionEnvironment(
        {
          functionName: name,
          functionArn: arn,
          handler: options.handler,
          codeDirectory: options.codeDirectory,
          projectRoot: options.projectRoot,
          memoryMb: options.memoryMb,
          timeoutSeconds: options.timeoutSeconds,
          region: options.region,
          environment: options.environment,
          runtime: options.runtime ?? 'nodejs24.x',
          logFormat: options.logFormat ?? 'Text',
          nodeBinary: options.nodeBinary ?? process.execPath,
          clock: options.clock ?? systemClock,
          onLine: (line) => onLog({ functionName: name, ...line }),
        },
        {
          onIdle(idleEnvironment) {
            started();
            if (born !== generation || closed) {
              idleEnvironment.kill();
              return;
            }
            current.add(idleEnvironment);
            idle.push(idleEnvironment);
            dispatch();
          },
          onEnd(endedEnvironment, initError) {
            started();
            all.delete(endedEnvironment);
            current.delete(endedEnvironment);
            const index = idle.indexOf(endedEnvironment);
            if (index !== -1) idle.splice(index, 1);
            if (initError !== undefined && born === generation) failFirstWaiting(initError);
            for (const ended of ending) ended();
            dispatch();
          },
        },
      );
      all.add(environment);
      if (born !== generation || closed) environment.kill();
    } catch (problem) {
      started();
      failFirstWaiting({ errorType: 'Runtime.InitError', errorMessage: String(problem), trace: [] });
      dispatch();
    }
  }

  function failFirstWaiting(failure: FunctionFailure): void {
    waiting.shift()?.resolve({ kind: 'init-error', ...failure });
  }

  async function run(environment: ExecutionEnvironment, invocation: Waiting): Promise<void> {
    const isFirst = !used.has(environment);
    used.add(environment);
    const finished = await environment.run(invocation);
    const initDurationMs = isFirst ? environment.initDurationMs : undefined;
    onLog({
      functionName: name,
      logStreamName: environment.logStreamName,
      requestId: finished.requestId,
      stream: 'platform',
      report: {
        status: finished.kind,
        durationMs: finished.durationMs,
        billedDurationMs: Math.ceil(finished.durationMs + (initDurationMs ?? 0)),
        memoryMb: options.memoryMb,
        ...(initDurationMs === undefined ? {} : { initDurationMs }),
        ...('errorMessage' in finished ? { errorMessage: finished.errorMessage } : {}),
      },
    });
    invocation.resolve(finished);
  }

  function invoke(event: unknown, { signal, whenBusy = 'wait' }: InvokeOptions = {}): Promise<Invocation> {
    if (closed) return Promise.reject(new Error(`${name} is closed`));
    if (signal?.aborted) return Promise.reject(signal.reason);
    const requestId = randomUUID();
    const payload = JSON.stringify(event) ?? 'null';
    const payloadBytes = Buffer.byteLength(payload);
    if (payloadBytes > maximumPayloadBytes) {
      return Promise.resolve({
        kind: 'function-error',
        errorType: 'RequestEntityTooLargeException',
        errorMessage: `${payloadBytes} byte payload is too large for the RequestResponse invocation type (limit ${maximumPayloadBytes} bytes)`,
        trace: [],
        requestId,
        durationMs: 0,
      });
    }
    const busy = current.size - idle.length + waiting.length;
    if (whenBusy === 'throttle' && busy >= options.maximumConcurrency) {
      return Promise.resolve({ kind: 'throttled' });
    }
    return new Promise((resolve, reject) => {
      const entry: Waiting = { requestId, payload, resolve, reject };
      waiting.push(entry);
      signal?.addEventListener(
        'abort',
        () => {
          const index = waiting.indexOf(entry);
          if (index === -1) return;
          waiting.splice(index, 1);
          reject(signal.reason);
        },
        { once: true },
      );
      dispatch();
    });
  }

  return {
    name,
    arn,
    invoke,
    restart() {
      generation += 1;
      starting = 0;
      for (const environment of all) {
        if (idle.includes(environment) || environment.initDurationMs === undefined) environment.kill();
      }
      idle.length = 0;
      current.clear();
      dispatch();
    },
    async close() {
      closed = true;
      for (const { reject } of waiting.splice(0)) reject(new Error(`${name} is closed`));
      await Promise.all(beginnings);
      for (const environment of all) environment.kill();
      await new Promise<void>((resolve) => {
        function check(): void {
          if (all.size > 0) return;
          ending.delete(check);
          resolve();
        }
        ending.add(check);
        check();
      });
    },
  };
}
