import type { Clock } from '../../clock.ts';
import { maximumPayloadBytes } from './invocation.ts';
import { type PolledQueue, retryDelayMs } from './polled-queue.ts';
import type { ReceivedMessage } from './sqs-event.ts';

export interface GathererOptions {
  readonly queue: PolledQueue;
  readonly clock: Clock;
  readonly batchSize: number;
  readonly maximumBatchingWindowSeconds: number;
  /** When it is false, a batch ends with what it has. */
  readonly isPolling: () => boolean;
  /** Resolves after this time, or earlier when something has changed. */
  readonly wait: (delayMs: number) => Promise<void>;
}

export interface BatchGatherer {
  /** The next batch: up to the batch size, the end of the window, or 6 MB. */
  gather(): Promise<readonly ReceivedMessage[]>;
  /** Takes away what was received for a batch that had no room for it. */
  takeCarried(): readonly ReceivedMessage[];
  /** Ends the receive that is under way. */
  abort(): void;
}

export function createBatchGatherer(options: GathererOptions): BatchGatherer {
  const { queue, clock, batchSize, isPolling, wait } = options;
  const windowMs = options.maximumBatchingWindowSeconds * 1000;
  /** The first of the next batch. */
  let carried: readonly ReceivedMessage[] = [];
  let currentPoll: AbortController | undefined;

  function takeCarried(): readonly ReceivedMessage[] {
    const taken = carried;
    carried = [];
    return taken;
  }

  async function receive(wanted: number, withinMs: number): Promise<readonly ReceivedMessage[]> {
    const abort = new AbortController();
    currentPoll = abort;
    const messages = await queue.receive({ wanted, withinMs, abort });
    if (messages === 'failed') await wait(retryDelayMs);
    return messages === 'failed' ? [] : messages;
  }

  return {
    async gather() {
      const batch: Batch = { messages: [], bytes: Buffer.byteLength('{"Records":[]}') };
      let windowEndsAt: number | undefined;
      let received = takeCarried();
      for (;;) {
        carried = fill(batch, received, batchSize);
        const { length } = batch.messages;
        if (length > 0) windowEndsAt ??= clock.now() + windowMs;
        const remainingMs = windowEndsAt === undefined ? Infinity : windowEndsAt - clock.now();
        const isFull = length >= batchSize || carried.length > 0;
        if (!isPolling() || isFull || remainingMs <= 0) return batch.messages;
        received = await receive(batchSize - length, remainingMs);
      }
    },
    takeCarried,
    abort: () => currentPoll?.abort(),
  };
}

interface Batch {
  readonly messages: ReceivedMessage[];
  bytes: number;
}

/** Puts messages into a batch for as long as there is room, and returns the others. One alone always has room. */
function fill(
  batch: Batch,
  messages: readonly ReceivedMessage[],
  batchSize: number,
): readonly ReceivedMessage[] {
  for (const [index, message] of messages.entries()) {
    const fits = batch.messages.length === 0 || batch.bytes + message.recordBytes <= maximumPayloadBytes;
    if (!fits || batch.messages.length >= batchSize) return messages.slice(index);
    batch.messages.push(message);
    batch.bytes += message.recordBytes;
  }
  return [];
}
