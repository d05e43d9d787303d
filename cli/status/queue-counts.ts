import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import type { OutputName } from '../target/outputs.ts';
import type { Target } from '../target/target.ts';

/** How many messages SQS believes a queue to hold. It may be a minute behind. */
export interface QueueCounts {
  readonly waiting: number;
  /** Received and not deleted: with a consumer now, or hidden until another try. */
  readonly outOfSight: number;
  /** Put there with a delay that is not over. */
  readonly delayed: number;
}

/** Counts the messages of a queue without receiving any. */
export async function countMessages(
  { aws, output }: Pick<Target, 'aws' | 'output'>,
  { queue, signal }: { queue: OutputName; signal?: AbortSignal },
): Promise<QueueCounts> {
  const command = new GetQueueAttributesCommand({
    QueueUrl: output(queue),
    AttributeNames: [
      'ApproximateNumberOfMessages',
      'ApproximateNumberOfMessagesNotVisible',
      'ApproximateNumberOfMessagesDelayed',
    ],
  });
  const client = await aws.sqs();
  const { Attributes: counts } = await client.send(
    command,
    signal === undefined ? {} : { abortSignal: signal },
  );
  return {
    waiting: Number(counts?.['ApproximateNumberOfMessages'] ?? 0),
    outOfSight: Number(counts?.['ApproximateNumberOfMessagesNotVisible'] ?? 0),
    delayed: Number(counts?.['ApproximateNumberOfMessagesDelayed'] ?? 0),
  };
}
