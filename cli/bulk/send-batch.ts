import { SendMessageBatchCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { BatchAnswer } from './queue-rows.ts';

/** Queues up to ten messages in one call. A call that is under way is never broken off: its answer is worth the wait. */
export async function sendBatch(
  sqs: SQSClient,
  queueUrl: string,
  bodies: readonly string[],
): Promise<BatchAnswer[]> {
  const command = new SendMessageBatchCommand({
    QueueUrl: queueUrl,
    Entries: bodies.map((MessageBody, index) => ({ Id: String(index), MessageBody })),
  });
  const { Successful: successful = [], Failed: failed = [] } = await sqs.send(command);
  const answers = new Map<string | undefined, BatchAnswer>([
    ...successful.map(
      ({ Id: id, MessageId: sqsMessageId = '' }) => [id, { ok: true, sqsMessageId }] as const,
    ),
    ...failed.map(
      ({ Id: id, Code: code = 'unknown', SenderFault: ours = false }) =>
        [id, { ok: false, code, again: !ours }] as const,
    ),
  ]);
  return bodies.map(
    (_, index) => answers.get(String(index)) ?? { ok: false, code: 'no-answer', again: true },
  );
}
