import * as z from 'zod';
import { logLevels } from '../../lib/logger.ts';
import { parseJson } from '../../lib/message/json.ts';
import { present } from '../present.ts';
import { type FunctionName, functionNames } from '../target/target.ts';
import type { Output, Style } from '../terminal/output.ts';
import type { LogEvent } from './function-log.ts';
import { logFieldReaders, logLineSchema } from './log-line.ts';

/** Something that a function did: a webhook, an attempt to send, a settlement, or how an invocation failed. */
export const activitySchema = z.strictObject({
  at: z.iso.datetime(),
  function: z.enum(functionNames),
  level: z.enum(logLevels),
  /** What the line is about: `webhook`, `attempt`, `settle`, `report`, `invocation`, or what happened beside them. */
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
  const [, requestId, status, errorType] = reportText.exec(message) ?? [];
  if (requestId !== undefined && status !== undefined)
    return failedInvocation(new Date(at).toISOString(), name, { requestId, status, errorType });
  const json = parseJson(message);
  const line = logLineSchema.safeParse(json);
  if (line.success) {
    const { timestamp, level, event, count, ...fields } = line.data;
    // Most lines stand for one thing, as everybody takes it.
    const many = count === 1 ? undefined : count;
    return { at: timestamp, function: name, level, event, ...fields, ...present({ count: many }) };
  }
  const report = reportSchema.safeParse(json);
  return report.success ? failedInvocation(report.data.time, name, report.data.record) : undefined;
}

function failedInvocation(
  at: string,
  name: FunctionName,
  { requestId, status: result, errorType: errorName }: z.infer<typeof reportSchema>['record'],
): Activity | undefined {
  if (result === 'success') return undefined;
  return {
    at,
    function: name,
    level: 'error',
    event: 'invocation',
    result,
    requestId,
    ...present({ errorName }),
  };
}

/** Whether somebody who looks for trouble wants to see it. */
export function isFailure({ level }: Activity): boolean {
  return level === 'warn' || level === 'error';
}

/** Lines that are named by what came of it; the others by what happened. */
const namedByResult = new Set(['webhook', 'attempt', 'settle', 'report']);

const styles: Partial<Record<Activity['level'], Style>> = { warn: 'yellow', error: 'red' };

/** An activity as one line: when, who, what, why, and the rest as `name=value`. */
export function activityText(activity: Activity, output: Pick<Output, 'style'>): string {
  // What only a program wants is left out.
  const { requestId: _request, sqsMessageId: _message, stack: _stack, ...told } = activity;
  const { at, function: name, level, event, result, code, ...others } = told;
  const what = namedByResult.has(event) ? (result ?? event) : [event, result].filter(Boolean).join(' ');
  const details = Object.entries(others)
    .filter(([, value]) => value !== undefined)
    .map(([field, value]) => `${field}=${String(value)}`);
  const colour = styles[level];
  const inColumn = what.padEnd(12);
  return [
    at,
    name.padEnd(15),
    colour === undefined ? inColumn : output.style(colour, inColumn),
    ...(code === undefined ? [] : [code]),
    ...details,
  ]
    .join('  ')
    .trimEnd();
}
