import { GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import {
  ChangeMessageVisibilityBatchCommand,
  GetQueueAttributesCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import * as z from 'zod';
import type { OutputName } from './outputs.ts';
import type { Target } from './target.ts';

/** How many messages SQS believes a queue to hold. It may be a minute behind. */
export const queueCountsSchema = z.strictObject({
  waiting: z.int(),
  /** Received and not deleted: with a consumer now, or hidden until another try. */
  outOfSight: z.int(),
  /** Put there with a delay that is not over. */
  delayed: z.int(),
});

/** Counts the messages of a queue without receiving any. */
export async function countMessages(
  client: SQSClient,
  queueUrl: string,
  signal: AbortSignal,
): Promise<z.infer<typeof queueCountsSchema>> {
  const command = new GetQueueAttributesCommand({
    QueueUrl: queueUrl,
    AttributeNames: [
      'ApproximateNumberOfMessages',
      'ApproximateNumberOfMessagesNotVisible',
      'ApproximateNumberOfMessagesDelayed',
    ],
  });
  const { Attributes: counts } = await client.send(command, { abortSignal: signal });
  return {
    waiting: Number(counts?.['ApproximateNumberOfMessages'] ?? 0),
    outOfSight: Number(counts?.['ApproximateNumberOfMessagesNotVisible'] ?? 0),
    delayed: Number(counts?.['ApproximateNumberOfMessagesDelayed'] ?? 0),
  };
}

/** The oldest message of a queue. */
export interface OldestMessage {
  readonly ageSeconds: number;
  /** Epoch milliseconds, a minute or two too early: SQS measures once a minute, and tells it late. */
  readonly queuedAt: number;
}

const minuteMs = 60_000;

/** SQS's numbers come some minutes late. */
const windowMs = 10 * minuteMs;

/**
 * The oldest message of each queue, by output, as CloudWatch has it; no entry where it has no number or the queue is
 * empty. SQS leaves out what has been received more than three times. `now` in epoch milliseconds.
 */
export async function oldestMessages<Queue extends OutputName>(
  { aws, output }: Pick<Target, 'aws' | 'output'>,
  { queues, now, signal }: { queues: readonly Queue[]; now: number; signal: AbortSignal },
): Promise<ReadonlyMap<Queue, OldestMessage>> {
  const command = new GetMetricDataCommand({
    StartTime: new Date(now - windowMs),
    EndTime: new Date(now),
    ScanBy: 'TimestampDescending',
    MetricDataQueries: queues.map((queue, index) => ({
      Id: `queue${index}`,
      MetricStat: {
        Metric: {
          Namespace: 'AWS/SQS',
          MetricName: 'ApproximateAgeOfOldestMessage',
          Dimensions: [{ Name: 'QueueName', Value: nameOf(output(queue)) }],
        },
        Period: 60,
        Stat: 'Maximum',
      },
    })),
  });
  const cloudWatch = await aws.cloudWatch();
  const { MetricDataResults: results = [] } = await cloudWatch.send(command, { abortSignal: signal });
  return new Map(
    queues.flatMap((queue, index) => {
      const result = results.find(({ Id: id }) => id === `queue${index}`);
      const ageSeconds = result?.Values?.[0];
      const measuredAt = result?.Timestamps?.[0];
      if (ageSeconds === undefined || ageSeconds === 0 || measuredAt === undefined) return [];
      return [[queue, { ageSeconds, queuedAt: measuredAt.getTime() - ageSeconds * 1000 }] as const];
    }),
  );
}

/** The last part of a queue's URL. */
function nameOf(queueUrl: string): string {
  return queueUrl.slice(queueUrl.lastIndexOf('/') + 1);
}

/** SQS hands out ten messages at most, and takes ten at most. */
export const batchSize = 10;

/** How many batches are given back at once. */
const atOnce = 8;

/** Packs what is sent together: ten in a batch at most, and no more bytes than `maximumBytes` unless one alone has them. */
export function batchesOf<Item>(
  items: readonly Item[],
  bytesOf: (item: Item) => number,
  maximumBytes: number,
): Item[][] {
  const batches: Item[][] = [];
  let bytes = 0;
  for (const item of items) {
    const size = bytesOf(item);
    const batch = batches.at(-1);
    bytes += size;
    if (batch !== undefined && batch.length < batchSize && bytes <= maximumBytes) {
      batch.push(item);
    } else {
      batches.push([item]);
      bytes = size;
    }
  }
  return batches;
}

/**
 * Makes messages visible again, by their receipt handles. Not aborted by Ctrl-C: giving back is what makes an interruption
 * harmless. Never rejects: what cannot be given back comes back by itself.
 */
export async function giveBack(
  client: SQSClient,
  queueUrl: string,
  handles: readonly string[],
): Promise<void> {
  const giveBackBatch = async (from: number) => {
    const Entries = handles
      .slice(from, from + batchSize)
      .map((ReceiptHandle, index) => ({ Id: String(index), ReceiptHandle, VisibilityTimeout: 0 }));
    if (Entries.length === 0) return;
    const command = new ChangeMessageVisibilityBatchCommand({ QueueUrl: queueUrl, Entries });
    await client.send(command).catch(() => undefined);
  };
  // Some at once: one after the other, those of a large queue would take minutes.
  for (let from = 0; from < handles.length; from += atOnce * batchSize) {
    await Promise.all(Array.from({ length: atOnce }, (_, index) => giveBackBatch(from + index * batchSize)));
  }
}
