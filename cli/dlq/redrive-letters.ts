import {
  DeleteMessageBatchCommand,
  type MessageAttributeValue,
  SendMessageBatchCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { release } from '../../lib/delivery/ledger/entry.ts';
import { type LedgerStore, update } from '../../lib/delivery/ledger/ledger.ts';
import { relayAttributes } from '../../lib/message/attributes.ts';
import type { DeadLetter } from './dead-letter.ts';
import { isInDoubt, isSent, type Plan, planOf } from './plan.ts';

export interface RedrivePorts {
  readonly client: SQSClient;
  readonly sendsQueueUrl: string;
  readonly deadLetterQueueUrl: string;
  readonly ledger: LedgerStore;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** What a letter is told apart by: the same for every copy of one message. */
export function identityOf({ send, originalId }: Pick<DeadLetter, 'send' | 'originalId'>): string {
  return send?.key ?? originalId;
}

/** What is to be done with a letter. */
export interface PlannedLetter {
  readonly letter: DeadLetter;
  readonly plan: Plan;
}

/** Decides about letters, and does nothing yet. `resendUnknown`: a person wants sent again what may have been sent. */
export async function planLetters(
  letters: readonly DeadLetter[],
  { ledger, now }: Pick<RedrivePorts, 'ledger' | 'now'>,
  resendUnknown: boolean,
): Promise<PlannedLetter[]> {
  return Promise.all(
    letters.map(async (letter) => {
      const key = isInDoubt(letter) ? letter.send?.key : undefined;
      const entry = key === undefined ? undefined : (await ledger.read(key))?.entry;
      return { letter, plan: planOf(letter, { entry, resendUnknown, now: now() }) };
    }),
  );
}

/**
 * Moves letters, ten at most, back to the sends queue, with their key and their expiry, so that the sender knows them
 * again, and removes those that are settled; the others stay. The copy first, then the removal: what a crash leaves
 * twice is sent once, because the sender's ledger knows its key. Resolves to those that are gone from here; the rest of
 * them AWS did not take, and a second try is harmless.
 */
export async function redriveLetters(
  planned: readonly PlannedLetter[],
  ports: RedrivePorts,
): Promise<Set<DeadLetter>> {
  const of = (isWanted: (plan: Plan) => boolean) =>
    planned.filter(({ plan }) => isWanted(plan)).map(({ letter }) => letter);
  const due = of(isSent);
  for (const letter of due) await allowSending(letter, ports);
  const queued = await queueAgain(due, ports);
  return removeLetters([...queued, ...of((plan) => plan === 'settled')], {
    client: ports.client,
    queueUrl: ports.deadLetterQueueUrl,
  });
}

/** A person's decision, written down before the copy exists: the sender would park it again otherwise. */
async function allowSending(letter: DeadLetter, { ledger, now }: RedrivePorts): Promise<void> {
  const key = letter.send?.key;
  if (!isInDoubt(letter) || key === undefined) return;
  await update(ledger, key, (entry) => release(entry, now()));
}

/** A request holds 1 MiB, attributes included: so much of it is left to the bodies, in bytes. */
const batchBytes = 960 * 1024;

async function queueAgain(
  letters: readonly DeadLetter[],
  { client, sendsQueueUrl }: RedrivePorts,
): Promise<DeadLetter[]> {
  const queued: DeadLetter[] = [];
  for (const batch of batchesOf(letters)) {
    const command = new SendMessageBatchCommand({
      QueueUrl: sendsQueueUrl,
      Entries: batch.map((letter, index) => ({
        Id: String(index),
        MessageBody: letter.body,
        MessageAttributes: attributesOf(letter),
      })),
    });
    const { Successful: successful = [] } = await client.send(command);
    queued.push(...batch.filter((_, index) => successful.some(({ Id: id }) => id === String(index))));
  }
  return queued;
}

function batchesOf(letters: readonly DeadLetter[]): DeadLetter[][] {
  const batches: DeadLetter[][] = [];
  let bytes = Infinity;
  for (const letter of letters) {
    const size = Buffer.byteLength(letter.body);
    bytes += size;
    if (bytes > batchBytes) {
      batches.push([]);
      bytes = size;
    }
    batches.at(-1)?.push(letter);
  }
  return batches;
}

/** Deletes letters, ten at most, and resolves to those that SQS has confirmed. */
export async function removeLetters(
  letters: readonly DeadLetter[],
  { client, queueUrl }: { client: SQSClient; queueUrl: string },
): Promise<Set<DeadLetter>> {
  if (letters.length === 0) return new Set();
  const command = new DeleteMessageBatchCommand({
    QueueUrl: queueUrl,
    Entries: letters.map(({ receiptHandle }, index) => ({ Id: String(index), ReceiptHandle: receiptHandle })),
  });
  const { Successful: successful = [] } = await client.send(command);
  return new Set(letters.filter((_, index) => successful.some(({ Id: id }) => id === String(index))));
}

/** SQS takes ten message attributes. Room is wanted only for what SQS moved itself: the relay's copies have ours. */
const maximumAttributes = 10;

/**
 * What it had, and its key and its expiry: a letter that SQS itself put there has neither. The reason stays, too: by it
 * the sender knows a copy that has come back.
 */
function attributesOf({
  attributes,
  originalId,
  expiresAt,
}: DeadLetter): Record<string, MessageAttributeValue> {
  const ours: Record<string, MessageAttributeValue> = {
    [relayAttributes.id]: { DataType: 'String', StringValue: originalId },
    [relayAttributes.expiresAt]: { DataType: 'String', StringValue: new Date(expiresAt).toISOString() },
  };
  const others = Object.entries(attributes)
    .filter(([name]) => !Object.hasOwn(ours, name))
    .map(([name, value]) => [name, valueOf(value)] as const)
    .slice(0, maximumAttributes - Object.keys(ours).length);
  return { ...Object.fromEntries(others), ...ours };
}

/** Only what SQS takes: an answer may carry empty lists besides, which it refuses. */
function valueOf({ DataType, StringValue, BinaryValue }: MessageAttributeValue): MessageAttributeValue {
  return {
    DataType,
    ...(StringValue !== undefined && { StringValue }),
    ...(BinaryValue !== undefined && { BinaryValue }),
  };
}
