import type { Output, Style } from '../terminal/output.ts';
import type { Activity } from './activity.ts';

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
