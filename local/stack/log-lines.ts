import { sameOnEachLine } from '../../lib/log-fields.ts';
import type { AccessRecord } from '../aws/api-gateway/http-api.ts';
import type { MappingEvent } from '../aws/lambda/event-source-mapping.ts';
import type { FunctionLog } from '../aws/lambda/lambda-function.ts';

/** One line for a terminal about what a function printed; undefined for what says nothing new. */
export function functionLine({ functionName, ...log }: FunctionLog): string | undefined {
  const name = shortName(functionName);
  if (log.stream !== 'platform') return line(name, readable(log.line));
  const { status, errorMessage } = log.report;
  return status === 'success'
    ? undefined
    : line(name, `ended with ${status}: ${errorMessage ?? 'no reason given'}`);
}

/** One line about a request to the front. */
export function accessLine({ method, path, status, problem }: AccessRecord): string {
  return line('api-gateway', `${method} ${path} -> ${status}${problem === undefined ? '' : ` (${problem})`}`);
}

/** One line about what went wrong between a queue and its function; undefined when nothing did. */
export function mappingLine(event: MappingEvent): string | undefined {
  if (event.kind === 'queue-problem')
    return line('event-source', `${event.operation}: ${event.problem.message}`);
  return event.problem === undefined
    ? undefined
    : line('event-source', `whole batch failed: ${event.problem}`);
}

/** A line with its source in front. */
export function line(source: string, text: string): string {
  return `${source.padEnd(16)} ${text}`;
}

/** `connectly-relay-local-send-message` is the template's name for what people know as `send-message`. */
function shortName(functionName: string): string {
  return functionName.split('-').slice(-2).join('-');
}

/** What every line has, and what only CloudWatch reads. */
const notForTerminals = new Set<string>([...sameOnEachLine, 'timestamp', 'requestId', '_aws']);

/** A JSON line of the relay's logger as words; anything else as it is. */
function readable(text: string): string {
  try {
    const json: unknown = JSON.parse(text);
    if (typeof json !== 'object' || json === null || !('event' in json)) return text;
    const { event, level, ...fields } = { level: '', ...json };
    const words = Object.entries(fields)
      // Most lines stand for one thing, as everybody takes it.
      .filter(([name, value]) => !notForTerminals.has(name) && !(name === 'count' && value === 1))
      .map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`);
    return `${level} ${String(event)} ${words.join(' ')}`;
  } catch {
    return text;
  }
}
