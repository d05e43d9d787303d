import { FilterLogEventsCommand, ResourceNotFoundException } from '@aws-sdk/client-cloudwatch-logs';
import { configurationError } from '../errors.ts';
import type { FunctionName, Target } from '../target/target.ts';

/** A line of a function's log. */
export interface LogEvent {
  /** The log's own id of it: unique. */
  readonly id: string;
  readonly function: FunctionName;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly message: string;
}

export interface ReadOptions {
  readonly of: FunctionName;
  /** Epoch milliseconds; both ends count. */
  readonly from: number;
  readonly until?: number;
  /** In CloudWatch's filter syntax. */
  readonly pattern?: string;
  /** Whether a log that is not there counts as one without a line. */
  readonly mayBeMissing?: boolean;
  readonly signal: AbortSignal;
}

/** The lines of a function's log, oldest first. Throws `no-log-group` when there is no such log, unless it may be so. */
export async function* readLog(
  target: Target,
  { of, from, until, pattern, mayBeMissing = false, signal }: ReadOptions,
): AsyncGenerator<LogEvent> {
  const logs = await target.aws.logs();
  const logGroupName = `/aws/lambda/${target.functions[of]}`;
  let nextToken: string | undefined;
  do {
    const command = new FilterLogEventsCommand({
      logGroupName,
      startTime: from,
      endTime: until,
      filterPattern: pattern,
      nextToken,
    });
    const page = await logs.send(command, { abortSignal: signal }).catch((cause: unknown) => {
      if (!(cause instanceof ResourceNotFoundException)) throw cause;
      if (mayBeMissing) return { events: [], nextToken: undefined };
      throw configurationError(
        'no-log-group',
        `There is no log ${logGroupName} at ${target.name}. Deploy it again: npx serverless deploy --stage ${target.stage}`,
        { cause },
      );
    });
    for (const { eventId: id, timestamp: at, message } of page.events ?? []) {
      if (id !== undefined && at !== undefined && message !== undefined)
        yield { id, function: of, at, message };
    }
    // AWS may give a page without a line, and more after it.
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
}

export interface LogSearch extends Pick<ReadOptions, 'of' | 'from' | 'signal'> {
  readonly pattern: string;
  /** A text that makes a line one of those that do not count. */
  readonly ignoring?: string;
}

/** Whether a function has written such a line since then. */
export async function isInLog(target: Target, { ignoring, ...search }: LogSearch): Promise<boolean> {
  for await (const { message } of readLog(target, search))
    if (ignoring === undefined || !message.includes(ignoring)) return true;
  return false;
}
