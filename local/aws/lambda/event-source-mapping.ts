import type { Clock } from '../../clock.ts';
import type { AwsService } from '../protocols/service.ts';
import { createBatchGatherer } from './batch-gatherer.ts';
import type { Invoke } from './invocation.ts';
import { openPolledQueue } from './polled-queue.ts';
import { type BatchEvent, processBatch } from './process-batch.ts';
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
  | BatchEvent
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
  const { clock, maximumConcurrency, onEvent } = options;
  const queue = openPolledQueue({
    ...options,
    onProblem: (operation, problem) => onEvent?.({ kind: 'queue-problem', operation, problem }),
  });
  const changes = createChanges(clock);
  const state = { enabled: options.enabled ?? true, closed: false };
  const isPolling = () => state.enabled && !state.closed;
  const gatherer = createBatchGatherer({ ...options, queue, isPolling, wait: changes.next });
  const running = new Set<Promise<void>>();
  const waitingForPause: (() => void)[] = [];

  async function poll(): Promise<void> {
    while (!state.closed) {
      if (!state.enabled) await rest();
      else if (running.size >= maximumConcurrency) await changes.next();
      else await handOver(await gatherer.gather());
    }
    await queue.giveBack(gatherer.takeCarried());
    tellPaused();
  }

  async function rest(): Promise<void> {
    // Now, not at the next receive: by then their visibility timeout may have passed, and the handles with it.
    await queue.giveBack(gatherer.takeCarried());
    if (state.enabled || state.closed) return;
    tellPaused();
    await changes.next();
  }

  async function handOver(batch: readonly ReceivedMessage[]): Promise<void> {
    if (!isPolling()) return queue.giveBack(batch);
    if (batch.length === 0) return;
    const processing = processBatch(batch, { ...options, queue })
      .then((event) => onEvent?.(event))
      .finally(() => {
        running.delete(processing);
        changes.tell();
      });
    running.add(processing);
  }

  function tellPaused(): void {
    for (const tell of waitingForPause.splice(0)) tell();
  }

  function stopPolling(): void {
    gatherer.abort();
    changes.tell();
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
        else changes.tell();
      });
    },
    resume() {
      state.enabled = true;
      tellPaused();
      changes.tell();
    },
    async close() {
      state.closed = true;
      stopPolling();
      await polling;
      await Promise.all(running);
    },
  };
}

interface Changes {
  /** Resolves when something has changed, or after this time. */
  readonly next: (delayMs?: number) => Promise<void>;
  readonly tell: () => void;
}

function createChanges(clock: Clock): Changes {
  let wakers: (() => void)[] = [];
  return {
    next: (delayMs) =>
      new Promise((resolve) => {
        const cancel = delayMs === undefined ? undefined : clock.after(delayMs, resolve);
        wakers.push(() => {
          cancel?.();
          resolve();
        });
      }),
    tell() {
      const woken = wakers;
      wakers = [];
      for (const wake of woken) wake();
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
