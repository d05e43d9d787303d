import { ChangeMessageVisibilityBatchCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { effectBudgetMs } from '../delivery/time.ts';
import { RelayError } from '../errors.ts';

/** SQS takes so many entries in one request. */
const mostInARequest = 10;

/** Keeps a message out of sight for so long. Resolves once SQS has confirmed. */
export type Hide = (receiptHandle: string, delaySeconds: number) => Promise<void>;

interface Asked {
  readonly receiptHandle: string;
  readonly delaySeconds: number;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Hides messages of a queue, as many as are asked for in one go with one request for ten: while sending pauses, a batch
 * goes back a thousand at a time.
 */
export function sqsHides(client: SQSClient, queueUrl: string): Hide {
  let asked: Asked[] = [];

  function flush(): void {
    const all = asked;
    asked = [];
    for (let index = 0; index < all.length; index += mostInARequest)
      void hideAll(all.slice(index, index + mostInARequest));
  }

  /** Never rejects: each who asked is told. */
  async function hideAll(entries: readonly Asked[]): Promise<void> {
    try {
      const command = new ChangeMessageVisibilityBatchCommand({
        QueueUrl: queueUrl,
        Entries: entries.map(({ receiptHandle, delaySeconds }, index) => ({
          Id: String(index),
          ReceiptHandle: receiptHandle,
          VisibilityTimeout: delaySeconds,
        })),
      });
      const answer = await client.send(command, { abortSignal: AbortSignal.timeout(effectBudgetMs) });
      const done = new Set((answer.Successful ?? []).map(({ Id: id }) => id));
      for (const [index, { resolve, reject }] of entries.entries()) {
        if (done.has(String(index))) resolve();
        else reject(new RelayError('queue-unconfirmed', 'SQS did not hide a message.'));
      }
    } catch (error) {
      for (const { reject } of entries) reject(error);
    }
  }

  return (receiptHandle, delaySeconds) =>
    new Promise((resolve, reject) => {
      asked.push({ receiptHandle, delaySeconds, resolve, reject });
      // Those who are sent away together ask one after the other before this runs.
      if (asked.length === 1) queueMicrotask(flush);
    });
}
