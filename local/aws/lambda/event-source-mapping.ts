import type { Clock } from '../../clock.ts';
import type { AwsService } from '../protocols/service.ts';
import { allFailed, allSucceeded, type BatchVerdict, readBatchResponse } from './batch-response.ts';
import { type Invocation, type Invoke, maximumPayloadBytes } from './invocation.ts';
import { openPolledQueue, retryDelayMs } from './polled-queue.ts';
import type { ReceivedMessage } from './sqs-event.ts';

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
  /** Resolves once a pause has taken effect: nothing is received, and what was has gone back. At once when resumed. */
  untilPaused(): Promise<void>;
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
  const { clock, onEvent } = options;
  const windowMs = options.maximumBatchingWindowSeconds * 1000;
  const queue = openPolledQueue({
    ...options,
    onProblem: (operation, problem) => onEvent?.({ kind: 'queue-problem', operation, problem }),
  });

  const running = new Set<Promise<void>>();
  /** Received for a batch that had no room for them: the first of the next one. */
  let carried: readonly ReceivedMessage[] = [];
  const state = { enabled: options.enabled ?? true, closed: false };
  let currentPoll: AbortController | undefined;
  let wakers: (() => void)[] = [];
  const waitingForPause: (() => void)[] = [];

  function isPolling(): boolean {
    return state.enabled && !state.closed;
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

  function takeCarried(): readonly ReceivedMessage[] {
    const taken = carried;
    carried = [];
    return taken;
  }

  async function poll(): Promise<void> {
    while (!state.closed) {
      if (!state.enabled) {
        // Now, not at the next receive: by then their visibility timeout may have passed, and the handles with it.
        await queue.giveBack(takeCarried());
        if (!state.enabled && !state.closed) {
          tellPaused();
          await change();
        }
        continue;
      }
      if (running.size >= options.maximumConcurrency) {
        await change();
        continue;
      }
      const batch = await gather();
      if (!isPolling()) {
        await queue.giveBack(batch);
      } else if (batch.length > 0) {
        const processing = processBatch(batch).finally(() => {
          running.delete(processing);
          wakeUp();
        });
        running.add(processing);
      }
    }
    await queue.giveBack(takeCarried());
    tellPaused();
  }

  function tellPaused(): void {
    for (const tell of waitingForPause.splice(0)) tell();
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

    take(takeCarried());
    while (isPolling() && !isFull()) {
      const remainingMs = windowEndsAt === undefined ? Infinity : windowEndsAt - clock.now();
      if (remainingMs <= 0) break;
      take(await receive(options.batchSize - batch.length, remainingMs));
    }
    return batch;
  }

  async function receive(wanted: number, withinMs: number): Promise<readonly ReceivedMessage[]> {
    const abort = new AbortController();
    currentPoll = abort;
    const messages = await queue.receive({ wanted, withinMs, abort });
    if (messages === 'failed') await change(retryDelayMs);
    return messages === 'failed' ? [] : messages;
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
    await queue.remove(batch.filter(({ messageId }) => !verdict.failed.has(messageId)));
    onEvent?.({
      kind: 'batch',
      messageIds,
      invocation,
      failedMessageIds: messageIds.filter((id) => verdict.failed.has(id)),
      problem: verdict.problem,
    });
  }

  function judge(invocation: Invocation, messageIds: readonly string[]): BatchVerdict {
    if (invocation.kind !== 'success') return allFailed(messageIds, invocation.errorMessage);
    return options.reportBatchItemFailures ? readBatchResponse(invocation.payload, messageIds) : allSucceeded;
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
      state.enabled = false;
      stopPolling();
    },
    untilPaused() {
      return new Promise((resolve) => {
        waitingForPause.push(resolve);
        if (state.enabled) tellPaused();
        else wakeUp();
      });
    },
    resume() {
      state.enabled = true;
      tellPaused();
      wakeUp();
    },
    async close() {
      state.closed = true;
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
}

function refuseOutside(name: string, value: number, minimum: number, maximum: number): void {
  if (!Number.isInteger(value) || value < minimum || value > maximum) {
    throw new RangeError(`${name} is ${value}: Lambda takes ${minimum} to ${maximum}`);
  }
}

function messageOf(problem: unknown): string {
  return problem instanceof Error ? problem.message : String(problem);
}
