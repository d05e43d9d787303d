import type { AwsOperation, AwsService } from '../aws/service.ts';
import type { Clock } from '../clock.ts';
import { allFailed, allSucceeded, type BatchVerdict, readBatchResponse } from './batch-response.ts';
import { type Invocation, type Invoke, maximumPayloadBytes } from './invocation.ts';
import { type ReceivedMessage, readReceivedMessages } from './sqs-event.ts';

/** The most that SQS gives, deletes or changes in one call. */
const maximumPerCall = 10;
/** The longest long poll. */
const maximumWaitSeconds = 20;
const retryDelayMs = 1_000;
const deleteAttempts = 5;

export interface EventSourceMappingOptions {
  readonly operations: AwsService['operations'];
  readonly queueUrl: string;
  readonly queueArn: string;
  readonly region: string;
  /** 1 to 10,000; above 10 it needs a window. */
  readonly batchSize: number;
  /** 0 to 300. */
  readonly maximumBatchingWindowSeconds: number;
  /** How many batches may be with the function at once: 2 to 1,000. */
  readonly maximumConcurrency: number;
  /** Whether the function's answer names the messages that failed (`ReportBatchItemFailures`). */
  readonly reportBatchItemFailures: boolean;
  /** Refused when present: filters are not emulated, and ignoring one would show the function what AWS would not. */
  readonly filterCriteria?: unknown;
  /** Whether it starts polling at once; true by default. */
  readonly enabled?: boolean;
  readonly clock: Clock;
  readonly invoke: Invoke;
  readonly onEvent?: (event: MappingEvent) => void;
}

export type MappingEvent =
  | {
      readonly kind: 'batch';
      readonly messageIds: readonly string[];
      readonly invocation: Invocation['kind'];
      /** Left on the queue until their visibility timeout passes. */
      readonly failedMessageIds: readonly string[];
      /** Why all of them failed, where they did for a reason that the function did not give. */
      readonly problem: string | undefined;
    }
  | { readonly kind: 'queue-problem'; readonly operation: string; readonly problem: Error };

export interface EventSourceMapping {
  readonly enabled: boolean;
  /** How many batches are with the function now. */
  readonly inFlight: number;
  /** Stops polling; what was received and not handed over goes back. Batches with the function go on. */
  pause(): void;
  resume(): void;
  /** As pause, for good; resolves when the last running batch is settled. */
  close(): Promise<void>;
}

/**
 * Polls a queue for a function as Lambda does: gathers messages up to the batch size, the window or 6 MB, invokes,
 * deletes what succeeded and leaves the rest to its visibility timeout. One thing is not emulated: without partial
 * batch responses, Lambda polls more slowly while the function fails. Throws on settings that Lambda refuses.
 */
export function startEventSourceMapping(options: EventSourceMappingOptions): EventSourceMapping {
  refuseIllegalSettings(options);
  const { clock, onEvent, queueUrl } = options;
  const windowMs = options.maximumBatchingWindowSeconds * 1000;
  const receiveMessage = operation(options.operations, 'ReceiveMessage');
  const deleteMessageBatch = operation(options.operations, 'DeleteMessageBatch');
  const changeVisibilityBatch = operation(options.operations, 'ChangeMessageVisibilityBatch');
  const neverAborted = new AbortController().signal;

  const running = new Set<Promise<void>>();
  /** Received for a batch that had no room for them: the first of the next one. */
  let carried: ReceivedMessage[] = [];
  let enabled = options.enabled ?? true;
  let closed = false;
  let currentPoll: AbortController | undefined;
  let wakers: (() => void)[] = [];

  function isPolling(): boolean {
    return enabled && !closed;
  }

  function wakeUp(): void {
    for (const wake of wakers.splice(0)) wake();
  }

  function change(delayMs?: number): Promise<void> {
    return new Promise((resolve) => {
      const cancel = delayMs === undefined ? undefined : clock.after(delayMs, resolve);
      wakers.push(() => {
        cancel?.();
        resolve();
      });
    });
  }

  async function poll(): Promise<void> {
    while (!closed) {
      if (!enabled || running.size >= options.maximumConcurrency) {
        await change();
        continue;
      }
      const batch = await gather();
      if (!isPolling()) {
        await giveBack([...batch, ...carried.splice(0)]);
      } else if (batch.length > 0) {
        const processing = processBatch(batch).finally(() => {
          running.delete(processing);
          wakeUp();
        });
        running.add(processing);
      }
    }
    await giveBack(carried.splice(0));
  }

  async function gather(): Promise<ReceivedMessage[]> {
    const batch: ReceivedMessage[] = [];
    let bytes = Buffer.byteLength('{"Records":[]}');
    let windowEndsAt: number | undefined;

    function isFull(): boolean {
      return batch.length >= options.batchSize || carried.length > 0;
    }
    function take(messages: readonly ReceivedMessage[]): void {
      for (const [index, message] of messages.entries()) {
        const fits = batch.length === 0 || bytes + message.recordBytes <= maximumPayloadBytes;
        if (!fits || batch.length >= options.batchSize) {
          carried = messages.slice(index);
          break;
        }
        batch.push(message);
        bytes += message.recordBytes;
      }
      if (batch.length > 0) windowEndsAt ??= clock.now() + windowMs;
    }

    take(carried.splice(0));
    while (isPolling() && !isFull()) {
      const remainingMs = windowEndsAt === undefined ? Infinity : windowEndsAt - clock.now();
      if (remainingMs <= 0) break;
      take(await receive(options.batchSize - batch.length, remainingMs));
    }
    return batch;
  }

  /** Waits for messages up to the limit of a long poll or `withinMs`, whichever comes first. */
  async function receive(wanted: number, withinMs: number): Promise<ReceivedMessage[]> {
    const abort = new AbortController();
    currentPoll = abort;
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
      if (!abort.signal.aborted) {
        report('ReceiveMessage', problem);
        await change(retryDelayMs);
      }
      return [];
    } finally {
      cancelLimit?.();
    }
  }

  async function processBatch(batch: readonly ReceivedMessage[]): Promise<void> {
    const messageIds = batch.map(({ messageId }) => messageId);
    let invocation: Invocation['kind'] = 'exit';
    let verdict: BatchVerdict;
    try {
      const result = await options.invoke({ Records: batch.map(({ record }) => record) });
      invocation = result.kind;
      verdict = judge(result, messageIds);
    } catch (problem) {
      verdict = allFailed(messageIds, messageOf(problem));
    }
    await remove(batch.filter(({ messageId }) => !verdict.failed.has(messageId)));
    onEvent?.({
      kind: 'batch',
      messageIds,
      invocation,
      failedMessageIds: messageIds.filter((id) => verdict.failed.has(id)),
      problem: verdict.problem,
    });
  }

  function judge(invocation: Invocation, messageIds: readonly string[]): BatchVerdict {
    switch (invocation.kind) {
      case 'success':
        return options.reportBatchItemFailures
          ? readBatchResponse(invocation.payload, messageIds)
          : allSucceeded;
      case 'throttled':
        return allFailed(messageIds, 'the function was throttled');
      default:
        return allFailed(messageIds, invocation.errorMessage);
    }
  }

  async function remove(messages: readonly ReceivedMessage[]): Promise<void> {
    for (const chunk of inTens(messages)) {
      let left = chunk;
      for (let attempt = 1; left.length > 0 && attempt <= deleteAttempts; attempt += 1) {
        if (attempt > 1) await new Promise<void>((resolve) => void clock.after(retryDelayMs, resolve));
        left = await tryEntries('DeleteMessageBatch', deleteMessageBatch, left, {});
      }
    }
  }

  /** Makes messages that no function has seen visible again. */
  async function giveBack(messages: readonly ReceivedMessage[]): Promise<void> {
    for (const chunk of inTens(messages)) {
      await tryEntries('ChangeMessageVisibilityBatch', changeVisibilityBatch, chunk, {
        VisibilityTimeout: 0,
      });
    }
  }

  /** Resolves to the messages for which it did not work. */
  async function tryEntries(
    name: string,
    run: AwsOperation,
    messages: readonly ReceivedMessage[],
    fields: object,
  ): Promise<readonly ReceivedMessage[]> {
    try {
      const answer = await run(
        {
          QueueUrl: queueUrl,
          Entries: messages.map(({ receiptHandle }, index) => ({
            Id: String(index),
            ReceiptHandle: receiptHandle,
            ...fields,
          })),
        },
        { signal: neverAborted },
      );
      const failedIds = readFailedIds(answer);
      if (failedIds.size > 0)
        report(name, new Error(`${failedIds.size} of ${messages.length} entries failed`));
      return messages.filter((_, index) => failedIds.has(String(index)));
    } catch (problem) {
      report(name, problem);
      return messages;
    }
  }

  function report(operationName: string, problem: unknown): void {
    onEvent?.({
      kind: 'queue-problem',
      operation: operationName,
      problem: problem instanceof Error ? problem : new Error(String(problem)),
    });
  }

  function stopPolling(): void {
    currentPoll?.abort();
    wakeUp();
  }

  const polling = poll();

  return {
    get enabled() {
      return isPolling();
    },
    get inFlight() {
      return running.size;
    },
    pause() {
      enabled = false;
      stopPolling();
    },
    resume() {
      enabled = true;
      wakeUp();
    },
    async close() {
      closed = true;
      stopPolling();
      await polling;
      await Promise.all(running);
    },
  };
}

function refuseIllegalSettings(options: EventSourceMappingOptions): void {
  const { batchSize, maximumBatchingWindowSeconds, maximumConcurrency } = options;
  refuseOutside('batchSize', batchSize, 1, 10_000);
  refuseOutside('maximumBatchingWindowSeconds', maximumBatchingWindowSeconds, 0, 300);
  refuseOutside('maximumConcurrency', maximumConcurrency, 2, 1_000);
  if (batchSize > 10 && maximumBatchingWindowSeconds < 1) {
    throw new RangeError('a batchSize above 10 needs a maximumBatchingWindowSeconds of at least 1');
  }
  if (options.filterCriteria !== undefined) throw new Error('filterCriteria are not emulated');
}

function refuseOutside(name: string, value: number, minimum: number, maximum: number): void {
  if (!Number.isInteger(value) || value < minimum || value > maximum) {
    throw new RangeError(`${name} is ${value}: Lambda takes ${minimum} to ${maximum}`);
  }
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

function messageOf(problem: unknown): string {
  return problem instanceof Error ? problem.message : String(problem);
}
