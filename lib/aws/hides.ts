import { ChangeMessageVisibilityBatchCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { effectBudgetMs } from '../delivery/time.ts';
import { RelayError } from '../errors.ts';

/** SQS takes so many entries in one request. */
const mostInARequest = 10;

/**
 * So many requests are under way at once. A request that waits for one of the client's 50 connections uses up the time of
 * its attempt, and 50 attempts that run out of it use up all the retries that the SDK grants: where SQS took 400 ms, 150
 * of 1,000 hides failed.
 */
const mostAtOnce = 20;

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
  const waiting: (() => Promise<void>)[] = [];
  let atOnce = 0;

  function flush(): void {
    const all = asked;
    asked = [];
    // The time in the line counts.
    const abortSignal = AbortSignal.timeout(effectBudgetMs);
    for (let index = 0; index < all.length; index += mostInARequest) {
      const entries = all.slice(index, index + mostInARequest);
      waiting.push(() => hideAll(entries, abortSignal));
    }
    while (waiting.length > 0 && atOnce < mostAtOnce) void runSome();
  }

  async function runSome(): Promise<void> {
    atOnce += 1;
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await next();
    atOnce -= 1;
  }

  /** Never rejects: each who asked is told. */
  async function hideAll(entries: readonly Asked[], abortSignal: AbortSignal): Promise<void> {
    try {
      const command = new ChangeMessageVisibilityBatchCommand({
        QueueUrl: queueUrl,
        Entries: entries.map(({ receiptHandle, delaySeconds }, index) => ({
          Id: String(index),
          ReceiptHandle: receiptHandle,
          VisibilityTimeout: delaySeconds,
        })),
      });
      const answer = await client.send(command, { abortSignal });
      const done = new Set(answer.Successful?.map(({ Id: id }) => id));
      const codes = new Map(answer.Failed?.map(({ Id: id, Code: code }) => [id, code]));
      for (const [index, { resolve, reject }] of entries.entries()) {
        const id = String(index);
        if (done.has(id)) resolve();
        else reject(unconfirmed(codes.get(id)));
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

/** `code` is SQS's own: the log has it for the fault, without what stands before its name, as in `AWS.SimpleQueueService`. */
function unconfirmed(code: string | undefined): RelayError {
  const cause = new Error('SQS said so.');
  cause.name = code?.split('.').at(-1) ?? '';
  return new RelayError('queue-unconfirmed', 'SQS did not hide a message.', { cause });
}
