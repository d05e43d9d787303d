import type { Clock } from '../../clock.ts';
import type { AwsOperation, AwsService } from '../protocols/service.ts';
import { type ReceivedMessage, type RecordSource, readReceivedMessages } from './sqs-event.ts';

/** The most that SQS gives, deletes or changes in one call. */
const maximumPerCall = 10;
/** The longest long poll. */
const maximumWaitSeconds = 20;
const deleteAttempts = 5;

/** How long a call that failed waits for its next attempt. */
export const retryDelayMs = 1_000;

export interface PolledQueueOptions extends RecordSource {
  readonly operations: AwsService['operations'];
  readonly queueUrl: string;
  readonly clock: Clock;
  readonly onProblem: (operation: string, problem: Error) => void;
}

/** What a mapping does with its queue. Nothing here rejects: what goes wrong is reported to `onProblem`. */
export interface PolledQueue {
  /** Waits for messages up to the limit of a long poll or `withinMs`, whichever comes first, or until the abort. */
  receive(request: {
    readonly wanted: number;
    readonly withinMs: number;
    readonly abort: AbortController;
  }): Promise<readonly ReceivedMessage[] | 'failed'>;
  /** Deletes messages, a few times over where SQS does not take it. */
  remove(messages: readonly ReceivedMessage[]): Promise<void>;
  /** Makes messages that no function has seen visible again. */
  giveBack(messages: readonly ReceivedMessage[]): Promise<void>;
}

/** Throws when the service lacks an operation that a mapping needs. */
export function openPolledQueue(options: PolledQueueOptions): PolledQueue {
  const { clock, onProblem, queueUrl } = options;
  const receiveMessage = operation(options.operations, 'ReceiveMessage');
  const deleteMessageBatch = operation(options.operations, 'DeleteMessageBatch');
  const changeVisibilityBatch = operation(options.operations, 'ChangeMessageVisibilityBatch');
  const neverAborted = new AbortController().signal;

  function report(operationName: string, problem: unknown): void {
    onProblem(operationName, problem instanceof Error ? problem : new Error(String(problem)));
  }

  /** Resolves to the messages for which it did not work. */
  async function tryEntries(
    name: string,
    run: AwsOperation,
    messages: readonly ReceivedMessage[],
    fields: object,
  ): Promise<readonly ReceivedMessage[]> {
    const Entries = messages.map(({ receiptHandle }, index) => ({
      Id: String(index),
      ReceiptHandle: receiptHandle,
      ...fields,
    }));
    try {
      const failedIds = readFailedIds(await run({ QueueUrl: queueUrl, Entries }, { signal: neverAborted }));
      const failed = messages.filter((_, index) => failedIds.has(String(index)));
      if (failed.length > 0) report(name, new Error(`${failed.length} of ${messages.length} entries failed`));
      return failed;
    } catch (problem) {
      report(name, problem);
      return messages;
    }
  }

  return {
    async receive({ wanted, withinMs, abort }) {
      const cancelLimit = withinMs === Infinity ? undefined : clock.after(withinMs, () => abort.abort());
      try {
        const answer = await receiveMessage(
          {
            QueueUrl: queueUrl,
            MaxNumberOfMessages: Math.min(maximumPerCall, wanted),
            WaitTimeSeconds: Math.min(maximumWaitSeconds, Math.ceil(withinMs / 1000)),
            MessageSystemAttributeNames: ['All'],
            MessageAttributeNames: ['All'],
          },
          { signal: abort.signal },
        );
        return readReceivedMessages(answer, options);
      } catch (problem) {
        if (abort.signal.aborted) return [];
        report('ReceiveMessage', problem);
        return 'failed';
      } finally {
        cancelLimit?.();
      }
    },

    async remove(messages) {
      for (const chunk of inTens(messages)) {
        let left = chunk;
        for (let attempt = 1; left.length > 0 && attempt <= deleteAttempts; attempt += 1) {
          if (attempt > 1) await new Promise<void>((resolve) => void clock.after(retryDelayMs, resolve));
          left = await tryEntries('DeleteMessageBatch', deleteMessageBatch, left, {});
        }
      }
    },

    async giveBack(messages) {
      for (const chunk of inTens(messages)) {
        await tryEntries('ChangeMessageVisibilityBatch', changeVisibilityBatch, chunk, {
          VisibilityTimeout: 0,
        });
      }
    },
  };
}

function operation(operations: AwsService['operations'], name: string): AwsOperation {
  const found = operations[name];
  if (found === undefined) throw new Error(`the queue service has no ${name}`);
  return found;
}

function readFailedIds(answer: object): Set<string> {
  const failed: unknown = 'Failed' in answer ? answer.Failed : undefined;
  const ids = new Set<string>();
  if (!Array.isArray(failed)) return ids;
  for (const entry of failed) {
    if (typeof entry === 'object' && entry !== null && 'Id' in entry && typeof entry.Id === 'string') {
      ids.add(entry.Id);
    }
  }
  return ids;
}

function inTens<Item>(items: readonly Item[]): (readonly Item[])[] {
  const chunks: (readonly Item[])[] = [];
  for (let start = 0; start < items.length; start += maximumPerCall) {
    chunks.push(items.slice(start, start + maximumPerCall));
  }
  return chunks;
}
