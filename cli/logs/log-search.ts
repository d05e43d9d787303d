import { type CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';

export interface LogSearch {
  readonly functionName: string;
  /** A filter pattern of CloudWatch Logs. */
  readonly pattern: string;
  /** Epoch milliseconds, of Lambda's clock. */
  readonly since: number;
  /** A text that makes a line one of those that do not count. */
  readonly ignoring?: string;
}

/** Whether a function has written such a line since then. */
export async function isInLog(
  client: CloudWatchLogsClient,
  { functionName, pattern, since, ignoring }: LogSearch,
  signal: AbortSignal,
): Promise<boolean> {
  let nextToken: string | undefined;
  // A page may be empty and have others behind it.
  do {
    const page = await client.send(
      new FilterLogEventsCommand({
        logGroupName: `/aws/lambda/${functionName}`,
        filterPattern: pattern,
        startTime: since,
        ...(nextToken !== undefined && { nextToken }),
      }),
      { abortSignal: signal },
    );
    const lines = (page.events ?? []).map(({ message = '' }) => message);
    if (lines.some((line) => ignoring === undefined || !line.includes(ignoring))) return true;
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
  return false;
}
