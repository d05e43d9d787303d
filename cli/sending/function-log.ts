import { FilterLogEventsCommand, ResourceNotFoundException } from '@aws-sdk/client-cloudwatch-logs';
import type { Target } from '../target/target.ts';
import type { LogLine, ReadLog } from './follow.ts';

/** The logs of a target's functions, from a time on (epoch milliseconds). */
export function functionLogs(target: Target, since: number, signal: AbortSignal): ReadLog {
  return async (of, text) => {
    const logs = await target.aws.logs();
    const lines: LogLine[] = [];
    let nextToken: string | undefined;
    do {
      const command = new FilterLogEventsCommand({
        logGroupName: `/aws/lambda/${target.functions[of]}`,
        filterPattern: `"${text}"`,
        startTime: since,
        nextToken,
      });
      try {
        const page = await logs.send(command, { abortSignal: signal });
        for (const { eventId = '', message = '' } of page.events ?? [])
          lines.push({ id: eventId, text: message });
        nextToken = page.nextToken;
      } catch (error) {
        // Nothing has been logged yet.
        if (error instanceof ResourceNotFoundException) return [];
        throw error;
      }
    } while (nextToken !== undefined);
    return lines;
  };
}
