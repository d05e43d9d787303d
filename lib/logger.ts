import { faultOf } from './errors.ts';
import { metricDirectives } from './metrics.ts';

/** How bad it is; also the least that is written. */
export const logLevels = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof logLevels)[number];

/**
 * Everything that may stand in a log line. A field that is not here cannot be logged: no phone number, text, name, key,
 * secret, signature or vendor message has a place to slip in.
 */
export interface LogFields {
  readonly stage?: string;
  /** How many of these the line stands for: 1 where metrics are counted. */
  readonly count?: number;
  /** Lambda's id of the invocation. */
  readonly requestId?: string;
  /** What became of a webhook request or of an attempt to send. */
  readonly result?: string;
  /** An error code of ours or Connectly's. */
  readonly code?: string;
  /** HTTP status, ours to Connectly or Connectly's to us. */
  readonly status?: number;
  readonly topic?: string;
  /** sent, delivered, read, failed or other. */
  readonly deliveryStatus?: string;
  readonly eventId?: string;
  readonly parsed?: boolean;
  /** Size of a webhook's body. */
  readonly bytes?: number;
  /** Which live secret a webhook was signed with: only, newest or older. It tells when a rotation may be finished. */
  readonly secretAge?: string;
  /** The id that SQS gave the message. */
  readonly sqsMessageId?: string;
  /** The start of the SHA-256 of the message's key: the same for every copy of one message. */
  readonly key?: string;
  readonly type?: string;
  /** Connectly's id of an accepted message. */
  readonly vendorId?: string;
  /** Connectly's trace id of a failure. */
  readonly traceId?: string;
  readonly receiveCount?: number;
  readonly secondsInQueue?: number;
  readonly durationMs?: number;
  /** When the message will be tried again. */
  readonly retryInSeconds?: number;
  /** Class name of an error that is not ours, and where it was thrown; never its message. */
  readonly errorName?: string;
  /** What lies underneath a failure: a connection fault such as ECONNREFUSED, or the name of AWS's error. */
  readonly fault?: string;
  readonly stack?: readonly string[];
}

/** Typed as a record so that a field added to `LogFields` and forgotten here does not compile. */
const allowed: Readonly<Record<keyof LogFields, true>> = {
  stage: true,
  count: true,
  requestId: true,
  result: true,
  code: true,
  status: true,
  topic: true,
  deliveryStatus: true,
  eventId: true,
  parsed: true,
  bytes: true,
  secretAge: true,
  sqsMessageId: true,
  key: true,
  type: true,
  vendorId: true,
  traceId: true,
  receiveCount: true,
  secondsInQueue: true,
  durationMs: true,
  retryInSeconds: true,
  errorName: true,
  fault: true,
  stack: true,
};

export interface Logger {
  write(level: LogLevel, event: string, fields: LogFields): void;
}

export interface LoggerOptions {
  /** Stands in every line. */
  readonly stage: string;
  readonly level: LogLevel;
  /** Takes one line, its line feed included. */
  readonly output: (line: string) => void;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/**
 * A logger that writes one JSON line for each event: when, how bad, what, and allowed fields. Lines that carry metrics
 * are written at any level: without them CloudWatch would count nothing.
 */
export function createLogger({ stage, level, output, now }: LoggerOptions): Logger {
  const least = logLevels.indexOf(level);
  return {
    write(at, event, given) {
      const time = now();
      const fields: LogFields = { stage, ...pickAllowed(given) };
      const directives = metricDirectives(event, fields, time);
      if (directives === undefined && logLevels.indexOf(at) < least) return;
      const head = { timestamp: new Date(time).toISOString(), level: at, event };
      const line =
        directives === undefined
          ? { ...head, ...fields }
          : { ...head, ...fields, count: 1, _aws: directives };
      output(`${escapeControls(JSON.stringify(line))}\n`);
    },
  };
}

function pickAllowed(fields: LogFields): LogFields {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => Object.hasOwn(allowed, name)));
}

/** What an error may tell a log: its code when it is ours, else its class; what caused it; and where it was thrown. */
export function errorFields(error: unknown): LogFields {
  if (!(error instanceof Error)) return { errorName: typeof error };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  // The first lines of a stack repeat the message, which may quote a message text, even one that looks like a place.
  const stack = error.stack
    ?.replace(error.message, () => '')
    .split('\n')
    .filter((line) => /^\s+at .*:\d+:\d+\)?$/.test(line))
    .slice(0, 8)
    .map((line) => line.trim());
  const fault = faultOf(error.cause);
  return {
    errorName: error.name,
    ...(code !== undefined && { code }),
    ...(fault !== undefined && { fault }),
    ...(stack !== undefined && { stack }),
  };
}

/** JSON allows these unescaped: line separators, at which log viewers break lines, and a terminal's control codes. */
function escapeControls(json: string): string {
  return json.replaceAll(
    /[\u007f-\u009f\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
