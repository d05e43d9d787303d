import * as z from 'zod';
import { logLevels } from '../../lib/logger.ts';
import { parseJson } from '../../lib/message/json.ts';
import { present } from '../present.ts';
import type { Output, Style } from '../terminal/output.ts';
import { type FunctionName, functionNames, type LogEvent } from './function-log.ts';
import { logFieldReaders, logLineSchema } from './log-line.ts';

/** Something that a function did: a webhook, an attempt to send, a settlement, or how an invocation failed. */
export const activitySchema = z.strictObject({
  at: z.iso.datetime(),
  function: z.enum(functionNames),
  level: z.enum(logLevels),
  /** What the line is about: `webhook`, `attempt`, `settle`, `invocation`, or what happened beside them. */
  event: z.string(),
  ...logFieldReaders,
});

export type Activity = z.infer<typeof activitySchema>;

/** Lambda's own report of an invocation, in its JSON log format. */
const reportSchema = z.object({
  time: z.iso.datetime(),
  type: z.literal('platform.report'),
  record: z.object({
    requestId: z.string(),
    status: z.string(),
    errorType: z.string().optional(),
  }),
});

/** The same in its text format. */
const reportText = /^REPORT RequestId: (\S+)\t.*\tStatus: (\w+)(?:\tError Type: ([\w.]+))?/;

/**
 * Reads a line of a function's log. Undefined for one that tells nothing here, such as Lambda's report of an invocation
 * that ended well; and for what an uncaught error printed, which may quote anything.
 */
export function readActivity({ function: name, at, message }: Omit<LogEvent, 'id'>): Activity | undefined {
  const [, requestId, status, errorName] = reportText.exec(message) ?? [];
  if (requestId !== undefined && status !== undefined)
    return failedInvocation({ at: new Date(at).toISOString(), name, requestId, status, errorName });
  const json = parseJson(message);
  const line = logLineSchema.safeParse(json);
  if (line.success) {
    const { timestamp, level, event, ...fields } = line.data;
    return { at: timestamp, function: name, level, event, ...fields };
  }
  const report = reportSchema.safeParse(json);
  if (!report.success) return undefined;
  const { time, record } = report.data;
  return failedInvocation({ at: time, name, ...record, errorName: record.errorType });
}

function failedInvocation(report: {
  at: string;
  name: FunctionName;
  requestId: string;
  status: string;
  errorName: string | undefined;
}): Activity | undefined {
  const { at, name, requestId, status, errorName } = report;
  if (status === 'success') return undefined;
  return {
    at,
    function: name,
    level: 'error',
    event: 'invocation',
    result: status,
    requestId,
    ...present({ errorName }),
  };
}

/** Whether somebody who looks for trouble wants to see it. */
export function isFailure({ level }: Activity): boolean {
  return level === 'warn' || level === 'error';
}

/** What the columns before them say already, or only a program wants. */
const leftOut = new Set([
  'at',
  'function',
  'level',
  'event',
  'result',
  'code',
  'requestId',
  'sqsMessageId',
  'stack',
]);

/** Lines that are named by what came of it; the others by what happened. */
const namedByResult = new Set(['webhook', 'attempt', 'settle']);

const styles: Partial<Record<Activity['level'], Style>> = { warn: 'yellow', error: 'red' };

/** An activity as one line: when, who, what, why, and the rest as `name=value`. */
export function activityText(activity: Activity, output: Pick<Output, 'style'>): string {
  const { at, function: name, level, event, result, code } = activity;
  const what = namedByResult.has(event) ? (result ?? event) : [event, result].filter(Boolean).join(' ');
  const details = Object.entries(activity)
    .filter(([field, value]) => !leftOut.has(field) && value !== undefined)
    .map(([field, value]) => `${field}=${String(value)}`);
  const colour = styles[level];
  const told = what.padEnd(12);
  return [
    at,
    name.padEnd(15),
    colour === undefined ? told : output.style(colour, told),
    ...(code === undefined ? [] : [code]),
    ...details,
  ]
    .join('  ')
    .trimEnd();
}
