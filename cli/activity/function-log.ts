import { FilterLogEventsCommand, ResourceNotFoundException } from '@aws-sdk/client-cloudwatch-logs';
import { configurationError } from '../command-error.ts';
import type { FunctionNames, Target } from '../target/target.ts';
import type { FunctionName, LoggedLine } from './activity.ts';

/** A line, and what tells it from all others. */
export interface LogEvent extends LoggedLine {
  readonly id: string;
}

const keys = {
  'receive-webhook': 'receiveWebhook',
  'send-message': 'sendMessage',
  'settle-send': 'settleSend',
} as const satisfies Record<FunctionName, keyof FunctionNames>;

export interface ReadOptions {
  readonly of: FunctionName;
  /** Epoch milliseconds; both ends count. */
  readonly from: number;
  readonly until?: number;
  /** In CloudWatch's filter syntax. */
  readonly pattern?: string;
  readonly signal: AbortSignal;
}

/** The lines of a function's log, oldest first. Throws `no-log-group` when there is no such log. */
export async function* readLog(
  target: Target,
  { of, from, until, pattern, signal }: ReadOptions,
): AsyncGenerator<LogEvent> {
  const logs = await target.aws.logs();
  const logGroupName = `/aws/lambda/${target.functions[keys[of]]}`;
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
