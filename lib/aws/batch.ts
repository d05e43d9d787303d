import type { SQSBatchResponse } from 'aws-lambda';
import type { SqsRecord } from './sqs-record.ts';

/** Resolves to whether the queue may forget the record. Rejecting means that it may not. */
export type HandleRecord = (record: SqsRecord) => Promise<boolean>;

/**
 * Runs the records of one SQS batch concurrently and reports those that must come back. A record that fails fails
 * alone; one that stands twice in a batch is forgotten only when both went well. Never rejects.
 */
export async function runBatch(
  records: readonly SqsRecord[],
  handle: HandleRecord,
  onBug: (error: unknown, record: SqsRecord) => void,
): Promise<SQSBatchResponse> {
  const failed = new Set<string>();
  const run = async (record: SqsRecord) => {
    try {
      if (!(await handle(record))) failed.add(record.messageId);
    } catch (error) {
      failed.add(record.messageId);
      onBug(error, record);
    }
  };
  // Settled, not all: a log that cannot be written must not bring back what went well.
  await Promise.allSettled(records.map(run));
  return { batchItemFailures: Array.from(failed, (itemIdentifier) => ({ itemIdentifier })) };
}
