import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import type { SqsRecord } from '../../../lib/aws/sqs-record.ts';
import type { QueueEffects } from '../../../lib/delivery/deliver.ts';
import { type Entry, MessageStore } from '../../../local/aws/sqs/message-store.ts';
import type { Clock } from '../../../local/clock.ts';
import type { Stage } from '../sends/stage.ts';

/** The sends queue of a stage, and what was copied from it. */
export interface SendsQueue {
  add(body: string): void;
  /** Hands out what is visible, and hides it for the queue's visibility timeout. */
  receive(maximum: number): readonly SqsRecord[];
  delete(record: SqsRecord): void;
  effectsFor(record: SqsRecord): QueueEffects;
  /** How many messages are on it, visible or not. */
  readonly left: number;
  /** Bodies: those given up on by the sender or by the queue itself, and those parked on the outcomes queue. */
  readonly deadLetters: readonly string[];
  readonly parked: readonly string[];
}

const sendsQueueAttributes = z.object({
  VisibilityTimeout: z.coerce.number(),
  RedrivePolicy: z
    .string()
    .transform((text): unknown => JSON.parse(text))
    .pipe(z.object({ maxReceiveCount: z.coerce.number() })),
});

/**
 * A standard queue on the SQS emulator's own store of messages by state, without requests, receipts and checksums: an
 * outage of an hour has a million receives. A handle is the message's id, since no copy of a message is handed out while
 * another one is out.
 */
export function createSendsQueue(stage: Stage, clock: Clock): SendsQueue {
  const name = stage.queueName('SendsQueue');
  const { attributes } = stage.queues.find((queue) => queue.name === name) ?? {};
  const { VisibilityTimeout: visibilitySeconds, RedrivePolicy: policy } =
    sendsQueueAttributes.parse(attributes);
  const store = new MessageStore();
  const deadLetters: string[] = [];
  const parked: string[] = [];

  function hide(entry: Entry, seconds: number): void {
    store.hide(entry, 'in-flight', clock.now() + seconds * 1_000);
  }

  function hand(entry: Entry): SqsRecord {
    const { message } = entry;
    message.receiveCount += 1;
    hide(entry, visibilitySeconds);
    return {
      messageId: message.id,
      receiptHandle: message.id,
      body: message.content.body,
      attributes: {
        ApproximateReceiveCount: String(message.receiveCount),
        SentTimestamp: String(message.sentAt),
      },
      messageAttributes: {},
    };
  }

  return {
    deadLetters,
    parked,
    add(body) {
      const content = { body, attributes: [], traceHeader: undefined, groupId: undefined };
      const now = clock.now();
      const history = { sentAt: now, receiveCount: 0, firstReceivedAt: undefined };
      store.add({ id: randomUUID(), content, ...history, deadLetterSourceArn: undefined }, now, now);
    },
    receive(maximum) {
      store.settle(clock.now());
      const records: SqsRecord[] = [];
      while (records.length < maximum) {
        const entry = store.next();
        if (entry === undefined) break;
        if (entry.message.receiveCount < policy.maxReceiveCount) {
          records.push(hand(entry));
        } else {
          deadLetters.push(entry.message.content.body);
          store.remove(entry);
        }
      }
      return records;
    },
    delete({ messageId }) {
      const entry = store.get(messageId);
      if (entry !== undefined) store.remove(entry);
    },
    effectsFor: ({ messageId, body }) => ({
      deadLetter: async () => void deadLetters.push(String(body)),
      park: async () => void parked.push(String(body)),
      async comeBackIn(delaySeconds) {
        const entry = store.get(messageId);
        if (entry === undefined) throw new Error('A message that is deleted cannot be hidden.');
        hide(entry, delaySeconds);
      },
    }),
    get left() {
      const { visible, inFlight } = store.counts();
      return visible + inFlight;
    },
  };
}
