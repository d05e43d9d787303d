import {
  CloudWatchLogsClient,
  CreateLogStreamCommand,
  type InputLogEvent,
  PutLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';

/** What functions wrote, on its way to moto's logs. */
export interface MotoLogs {
  /** Puts a line of a function into its log group, in their order. */
  write(functionName: string, message: string): void;
  /** Resolves once everything is there. Rejects with what went wrong. */
  close(): Promise<void>;
}

export function openMotoLogs(place: { readonly endpoint: string; readonly region: string }): MotoLogs {
  const client = new CloudWatchLogsClient({
    ...place,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  // The lines of a process have a stream of their own in each group, as Lambda's instances have.
  const logStreamName = `since-${Date.now()}`;
  const streams = new Map<string, Promise<unknown>>();
  let last: Promise<unknown> = Promise.resolve();

  async function put(functionName: string, event: InputLogEvent): Promise<void> {
    const logGroupName = `/aws/lambda/${functionName}`;
    const stream =
      streams.get(logGroupName) ?? client.send(new CreateLogStreamCommand({ logGroupName, logStreamName }));
    streams.set(logGroupName, stream);
    await stream;
    await client.send(new PutLogEventsCommand({ logGroupName, logStreamName, logEvents: [event] }));
  }

  return {
    write(functionName, message) {
      const timestamp = Date.now();
      last = last.then(() => put(functionName, { timestamp, message }));
      // It is told in the end.
      last.catch(() => {});
    },
    async close() {
      await last.finally(() => client.destroy());
    },
  };
}
