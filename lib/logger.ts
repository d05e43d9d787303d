import { faultOf } from './errors.ts';
import { type LogFields, logFields } from './log-fields.ts';
import { metricDirectives, type Namespace } from './metrics.ts';

/** How bad it is; also the least that is written. */
export const logLevels = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof logLevels)[number];

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
  /** The namespaces of metrics that count a line besides that of its event. */
  readonly countedBesides?: (event: string, fields: LogFields) => readonly Namespace[];
}

/**
 * A logger that writes one JSON line for each event: when, how bad, what, and allowed fields. Lines that carry metrics
 * are written at any level: without them CloudWatch would count nothing.
 */
export function createLogger({ stage, level, output, now, countedBesides }: LoggerOptions): Logger {
  const least = logLevels.indexOf(level);
  return {
    write(at, event, given) {
      const time = now();
      const fields: LogFields = { stage, ...pickAllowed(given) };
      const directives = metricDirectives(event, fields, time, countedBesides?.(event, fields));
      if (directives === undefined && logLevels.indexOf(at) < least) return;
      const head = { timestamp: new Date(time).toISOString(), level: at, event };
      const line =
        directives === undefined
          ? { ...head, ...fields }
          : { ...head, count: 1, ...fields, _aws: directives };
      output(`${escapeControls(JSON.stringify(line))}\n`);
    },
  };
}

function pickAllowed(fields: LogFields): LogFields {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => Object.hasOwn(logFields, name)));
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
