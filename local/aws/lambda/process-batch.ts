import { allFailed, allSucceeded, type BatchVerdict, readBatchResponse } from './batch-response.ts';
import type { Invocation, Invoke } from './invocation.ts';
import type { PolledQueue } from './polled-queue.ts';
import type { ReceivedMessage } from './sqs-event.ts';

export interface BatchEvent {
  readonly kind: 'batch';
  readonly messageIds: readonly string[];
  readonly invocation: Invocation['kind'];
  /** Left on the queue until their visibility timeout passes. */
  readonly failedMessageIds: readonly string[];
  /** Why all of them failed, where they did for a reason that the function did not give. */
  readonly problem: string | undefined;
}

export interface ProcessOptions {
  readonly queue: Pick<PolledQueue, 'remove'>;
  readonly invoke: Invoke;
  readonly reportBatchItemFailures: boolean;
}

/** Invokes the function with a batch, and deletes what succeeded. Never rejects. */
export async function processBatch(
  batch: readonly ReceivedMessage[],
  { queue, invoke, reportBatchItemFailures }: ProcessOptions,
): Promise<BatchEvent> {
  const messageIds = batch.map(({ messageId }) => messageId);
  const judge = (result: Invocation): BatchVerdict => {
    if (result.kind !== 'success') return allFailed(messageIds, result.errorMessage);
    return reportBatchItemFailures ? readBatchResponse(result.payload, messageIds) : allSucceeded;
  };
  let invocation: Invocation['kind'] = 'exit';
  let verdict: BatchVerdict;
  try {
    const result = await invoke({ Records: batch.map(({ record }) => record) });
    invocation = result.kind;
    verdict = judge(result);
  } catch (problem) {
    verdict = allFailed(messageIds, problem instanceof Error ? problem.message : String(problem));
  }
  const { failed, problem } = verdict;
  await queue.remove(batch.filter(({ messageId }) => !failed.has(messageId)));
  const failedMessageIds = messageIds.filter((id) => failed.has(id));
  return { kind: 'batch', messageIds, invocation, failedMessageIds, problem };
}
