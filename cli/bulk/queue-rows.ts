import { SendMessageBatchCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { batchesOf } from '../target/queues.ts';
import type { QueuedRow } from './ledger-format.ts';
import type { ReadyRow } from './preflight.ts';

/** So many bytes SQS takes in one call. */
const maximumBatchBytes = 256 * 1024;

/** Calls under way at once: the next one leaves while the last one's rows go to the disk. */
const workers = 8;

/** How often what SQS could not take is tried, and the first wait, in milliseconds; it doubles. */
const maximumTries = 5;
const firstWaitMs = 200;

/** What SQS said of one message of a batch. */
export type BatchAnswer =
  | { readonly ok: true; readonly sqsMessageId: string }
  /** `again`: it is SQS's fault, and may go better next time. */
  | { readonly ok: false; readonly code: string; readonly again: boolean };

export interface QueuePorts {
  /** Queues up to ten messages; resolves to what became of each, in their order. */
  readonly send: (bodies: readonly string[]) => Promise<readonly BatchAnswer[]>;
  /** Resolves once nobody can forget that they are queued. */
  readonly record: (rows: readonly QueuedRow[]) => Promise<void>;
  readonly onQueued: (count: number) => void;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Resolves early when the command is interrupted. */
  readonly sleep: (ms: number) => Promise<void>;
  readonly isInterrupted: () => boolean;
}

export interface Queued {
  readonly queued: number;
  /** What SQS would not take, with its code. */
  readonly failed: readonly { readonly ready: ReadyRow; readonly code: string }[];
  /** What ended it before its time; the rest has not been tried. */
  readonly error: unknown;
}

/** Queues rows in batches, at most `rate` a second. Ends in order when interrupted: what is under way is recorded. */
export async function queueRows(
  rows: readonly ReadyRow[],
  rate: number | undefined,
  ports: QueuePorts,
): Promise<Queued> {
  const { send, record, onQueued, now, sleep, isInterrupted } = ports;
  const batches = batchesOf(rows, ({ body }) => Buffer.byteLength(body), maximumBatchBytes).values();
  const failed: { ready: ReadyRow; code: string }[] = [];
  let queued = 0;
  let error: unknown;
  let turn = now();

  async function work(): Promise<void> {
    for (const batch of batches) {
      await waitForTurn(batch.length);
      if (isInterrupted() || error !== undefined) return;
      try {
        await queueBatch(batch);
      } catch (cause) {
        error ??= cause;
      }
    }
  }

  async function waitForTurn(count: number): Promise<void> {
    if (rate === undefined) return;
    const mine = Math.max(turn, now());
    turn = mine + (count * 1000) / rate;
    if (mine > now()) await sleep(mine - now());
  }

  async function queueBatch(batch: readonly ReadyRow[]): Promise<void> {
    let left = batch;
    for (let tries = 1; left.length > 0; tries += 1) {
      const answers = await send(left.map(({ body }) => body));
      const taken: QueuedRow[] = [];
      const again: ReadyRow[] = [];
      left.forEach((ready, index) => {
        const answer = answers[index] ?? { ok: false, code: 'no-answer', again: true };
        if (answer.ok) taken.push([ready.row.number, answer.sqsMessageId]);
        else if (answer.again && tries < maximumTries) again.push(ready);
        else failed.push({ ready, code: answer.code });
      });
      // Queued they are, also where that cannot be recorded.
      queued += taken.length;
      if (taken.length > 0) await record(taken);
      onQueued(taken.length);
      // What is left at an interruption has not been refused: --resume queues it.
      left = isInterrupted() ? [] : again;
      if (left.length > 0) await sleep(firstWaitMs * 2 ** (tries - 1));
    }
  }

  await Promise.all(Array.from({ length: workers }, work));
  return { queued, failed, error };
}

/**
 * Queues up to ten messages in one call. `group` is the tenant that SQS takes them for: a queue is shared fairly between
 * groups, and whoever names none is one of its own, so what is urgent goes past a file. A call that is under way is never broken off: its answer is worth the wait. */
export async function sendBatch(
  sqs: SQSClient,
  { queueUrl, group }: { readonly queueUrl: string; readonly group: string },
  bodies: readonly string[],
): Promise<BatchAnswer[]> {
  const command = new SendMessageBatchCommand({
    QueueUrl: queueUrl,
    Entries: bodies.map((MessageBody, index) => ({ Id: String(index), MessageBody, MessageGroupId: group })),
  });
  const { Successful: successful = [], Failed: failed = [] } = await sqs.send(command);
  return bodies.map((_, index) => {
    const isIt = ({ Id: id }: { readonly Id: string | undefined }) => id === String(index);
    const taken = successful.find(isIt);
    if (taken !== undefined) return { ok: true, sqsMessageId: taken.MessageId ?? '' };
    const { Code: code = 'no-answer', SenderFault: ours = false } = failed.find(isIt) ?? {};
    return { ok: false, code, again: !ours };
  });
}
