import { randomUUID } from 'node:crypto';
import { type Clock, systemClock } from '../../clock.ts';
import { EnvironmentPool } from './environment-pool.ts';
import {
  type ExecutionEnvironment,
  type FinishedInvocation,
  type LogStream,
  startExecutionEnvironment,
} from './execution-environment.ts';
import { refuseReservedNames } from './function-environment.ts';
import { type Invocation, type Invoke, maximumPayloadBytes } from './invocation.ts';
import { type WaitingInvocation, WaitingInvocations } from './waiting-invocations.ts';

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

/**
 * A function whose bundle runs under the official runtime client, in as many processes as invocations need at once, up
 * to `maximumConcurrency`; an idle process is used again before another starts, the latest used first. Throws when the
 * configuration is one that Lambda refuses.
 */
export function createLambdaFunction(options: LambdaFunctionOptions): LambdaFunction {
  const { name, region, maximumConcurrency, onLog } = options;
  refuseReservedNames(options.environment);
  const arn = `arn:aws:lambda:${region}:${options.accountId}:function:${name}`;
  const waiting = new WaitingInvocations();
  const pool = new EnvironmentPool({
    maximum: maximumConcurrency,
    start: (events) =>
      startExecutionEnvironment(
        {
          runtime: 'nodejs24.x',
          logFormat: 'Text',
          nodeBinary: process.execPath,
          clock: systemClock,
          ...options,
          functionName: name,
          functionArn: arn,
          onLine: (line) => onLog({ functionName: name, ...line }),
        },
        events,
      ),
    onRoom: dispatch,
    onInitError: (failure) => waiting.take()?.resolve({ kind: 'init-error', ...failure }),
  });
  const used = new WeakSet<ExecutionEnvironment>();

  function dispatch(): void {
    while (waiting.size > 0) {
      const idle = pool.takeIdle();
      if (idle === undefined) break;
      const next = waiting.take();
      if (next !== undefined) void run(idle, next);
    }
    pool.startFor(waiting.size);
  }

  async function run(environment: ExecutionEnvironment, { resolve, ...invocation }: WaitingInvocation) {
    const isFirst = !used.has(environment);
    used.add(environment);
    const finished = await environment.run(invocation);
    const { logStreamName, initDurationMs } = environment;
    onLog({
      functionName: name,
      logStreamName,
      requestId: finished.requestId,
      stream: 'platform',
      report: reportOn(finished, options.memoryMb, isFirst ? initDurationMs : undefined),
    });
    resolve(finished);
  }

  return {
    name,
    arn,
    async invoke(event, { signal } = {}) {
      if (pool.closed) throw new Error(`${name} is closed`);
      signal?.throwIfAborted();
      const requestId = randomUUID();
      const payload = JSON.stringify(event) ?? 'null';
      if (Buffer.byteLength(payload) > maximumPayloadBytes) return tooLarge(payload, requestId);
      const invocation = waiting.add({ requestId, payload }, signal);
      dispatch();
      return invocation;
    },
    restart() {
      pool.restart();
      dispatch();
    },
    close() {
      waiting.rejectAll(new Error(`${name} is closed`));
      return pool.close();
    },
  };
}

function reportOn(
  finished: FinishedInvocation,
  memoryMb: number,
  initDurationMs: number | undefined,
): InvocationReport {
  return {
    status: finished.kind,
    durationMs: finished.durationMs,
    billedDurationMs: Math.ceil(finished.durationMs + (initDurationMs ?? 0)),
    memoryMb,
    ...(initDurationMs === undefined ? {} : { initDurationMs }),
    ...('errorMessage' in finished ? { errorMessage: finished.errorMessage } : {}),
  };
}

function tooLarge(payload: string, requestId: string): Invocation {
  return {
    kind: 'function-error',
    errorType: 'RequestEntityTooLargeException',
    errorMessage: `${Buffer.byteLength(payload)} byte payload is too large for the RequestResponse invocation type (limit ${maximumPayloadBytes} bytes)`,
    trace: [],
    requestId,
    durationMs: 0,
  };
}
