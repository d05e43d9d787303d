import { randomUUID } from 'node:crypto';
import { ChangeMessageVisibilityBatchCommand, SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { SqsRecord } from '../../../lib/aws/sqs-record.ts';
import { type Entry, MessageStore } from '../../../local/aws/sqs/message-store.ts';
import type { Clock } from '../../../local/clock.ts';
import { scripted } from '../../support/scripted-clients.ts';

/** What is put on the outcomes queue. */
export interface Outcome {
  readonly body: string;
  /** Message attributes, each a text. */
  readonly attributes: Readonly<Record<string, string>>;
  /** Epoch milliseconds. */
  readonly sentAt: number;
  /** How often it was received before. */
  readonly receiveCount: number;
}

export interface OutcomesQueueOptions {
  readonly clock: Clock;
  readonly visibilityMs: number;
  /** Takes the copies that settle-send puts on other queues, by the logical id of each. */
  readonly onCopy: (queue: string, body: string) => void;
}

/**
 * The outcomes queue on the SQS emulator's own store of messages by state, without requests, receipts and checksums. What
 * is added first is handed out first: whoever wants no order shuffles.
 */
export function createOutcomesQueue({ clock, visibilityMs, onCopy }: OutcomesQueueOptions) {
  const store = new MessageStore();
  const attributesOf = new Map<string, Outcome['attributes']>();

  function hand(entry: Entry): SqsRecord {
    const { id, content, sentAt } = entry.message;
    entry.message.receiveCount += 1;
    store.hide(entry, 'in-flight', clock.now() + visibilityMs);
    return {
      messageId: id,
      receiptHandle: id,
      body: content.body,
      attributes: {
        ApproximateReceiveCount: String(entry.message.receiveCount),
        SentTimestamp: String(sentAt),
      },
      messageAttributes: Object.fromEntries(
        Object.entries(attributesOf.get(id) ?? {}).map(([name, stringValue]) => [
          name,
          { dataType: 'String', stringValue, binaryValue: null },
        ]),
      ),
    };
  }

  async function operate(command: object): Promise<object> {
    if (command instanceof ChangeMessageVisibilityBatchCommand) {
      const { Entries: entries = [] } = command.input;
      for (const { ReceiptHandle: handle = '', VisibilityTimeout: seconds = 0 } of entries) {
        const entry = store.get(handle);
        if (entry?.state !== 'in-flight') throw new Error('Only a message that somebody has can be hidden.');
        store.hide(entry, 'in-flight', clock.now() + seconds * 1_000);
      }
      return { Successful: entries.map(({ Id }) => ({ Id })), Failed: [] };
    }
    if (!(command instanceof SendMessageCommand)) throw new Error('a command that no adapter uses');
    onCopy(command.input.QueueUrl ?? '', command.input.MessageBody ?? '');
    return { MessageId: randomUUID() };
  }

  return {
    add({ body, attributes, sentAt, receiveCount }: Outcome): void {
      const id = randomUUID();
      attributesOf.set(id, attributes);
      const content = { body, attributes: [], traceHeader: undefined, groupId: undefined };
      const history = { sentAt, receiveCount, firstReceivedAt: undefined, deadLetterSourceArn: undefined };
      store.add({ id, content, ...history }, clock.now(), clock.now());
    },
    receive(maximum: number): readonly SqsRecord[] {
      store.settle(clock.now());
      const records: SqsRecord[] = [];
      while (records.length < maximum) {
        const entry = store.next();
        if (entry === undefined) break;
        records.push(hand(entry));
      }
      return records;
    },
    delete({ messageId }: SqsRecord): void {
      const entry = store.get(messageId);
      if (entry !== undefined) store.remove(entry);
      attributesOf.delete(messageId);
    },
    client: scripted.sqs(operate) satisfies SQSClient,
    get left(): number {
      const { visible, inFlight } = store.counts();
      return visible + inFlight;
    },
  };
}
