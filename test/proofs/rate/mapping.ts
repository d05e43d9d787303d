import type { SqsRecord } from '../../../lib/aws/sqs-record.ts';
import type { Clock } from '../../../local/clock.ts';
import type { Handler } from '../harness/shipped.ts';
import type { StageFunction } from '../harness/simulated/stage.ts';
import type { SendsQueue } from './sends-queue.ts';

export interface MappingOptions {
  readonly queue: Pick<SendsQueue, 'receive' | 'delete'>;
  readonly clock: Clock;
  readonly settings: StageFunction;
  /** One function for each execution environment that may work at once. */
  readonly environments: readonly (Handler<'send-message'> | Handler<'settle-send'>)[];
}

export interface MappingCounts {
  invocations: number;
  longestInvocationMs: number;
  /** Of all messages together. */
  receives: number;
  /** The most that one message needed. */
  mostReceives: number;
}

/** How often it looks at the queue while a batch is not full, in milliseconds. */
const lookEveryMs = 100;

/**
 * Brings batches from the queue to the environments: full ones at once, others when the window is over, which begins with the first
 * message. What the answer does not name is deleted, the rest is left to its visibility.
 */
export function startMapping({
  queue,
  clock,
  settings,
  environments,
}: MappingOptions): Readonly<MappingCounts> {
  const { batchSize, batchingWindowSeconds, timeoutMs } = settings;
  const counts: MappingCounts = { invocations: 0, longestInvocationMs: 0, receives: 0, mostReceives: 0 };
  const pause = (delayMs: number) => new Promise<void>((resolve) => void clock.after(delayMs, resolve));

  async function gather(): Promise<readonly SqsRecord[]> {
    const batch: SqsRecord[] = [];
    let endsAt = Infinity;
    for (;;) {
      batch.push(...queue.receive(batchSize - batch.length));
      if (batch.length > 0) endsAt = Math.min(endsAt, clock.now() + batchingWindowSeconds * 1_000);
      if (batch.length === batchSize || clock.now() >= endsAt) return batch;
      await pause(lookEveryMs);
    }
  }

  async function serve(handle: MappingOptions['environments'][number]): Promise<never> {
    for (;;) {
      const batch = await gather();
      const startedAt = clock.now();
      counts.invocations += 1;
      counts.receives += batch.length;
      for (const { attributes } of batch)
        counts.mostReceives = Math.max(counts.mostReceives, Number(attributes?.ApproximateReceiveCount));
      const { batchItemFailures } = await handle(
        { Records: [...batch] },
        {
          awsRequestId: `invocation-${counts.invocations}`,
          getRemainingTimeInMillis: () => startedAt + timeoutMs - clock.now(),
        },
      );
      const failed = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
      for (const record of batch) if (!failed.has(record.messageId)) queue.delete(record);
      counts.longestInvocationMs = Math.max(counts.longestInvocationMs, clock.now() - startedAt);
    }
  }

  for (const handle of environments) void serve(handle);
  return counts;
}
