import { randomUUID } from 'node:crypto';
import { ChangeMessageVisibilityBatchCommand, SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import * as z from 'zod';
import type { SqsRecord } from '../../../lib/aws/sqs-record.ts';
import { errorAttributes } from '../../../lib/message/attributes.ts';
import { type Entry, MessageStore } from '../../../local/aws/sqs/message-store.ts';
import { maximumInFlight } from '../../../local/aws/sqs/queue.ts';
import type { Clock } from '../../../local/clock.ts';
import { scripted } from '../../support/scripted-clients.ts';
import type { Stage } from '../harness/simulated/stage.ts';

/** The sends queue of a stage, and what was copied from it. */
export interface SendsQueue {
  add(body: string): void;
  /** Hands out what is visible, as many as may be in flight, and hides it for the queue's visibility timeout. */
  receive(maximum: number): readonly SqsRecord[];
  delete(record: SqsRecord): void;
  /** For the sender: copies to the other queues are kept, and what it hides comes back here. */
  readonly client: SQSClient;
  /** Requests that hid messages. */
  readonly hideRequests: number;
  /** The most messages that were in flight at once: what SQS calls ApproximateNumberOfMessagesNotVisible. */
  readonly mostInFlight: number;
  /** How many messages are on it, visible or not. */
  readonly left: number;
  /** Given up on by the sender, with a code, or by the queue itself. */
  readonly deadLetters: readonly DeadLetter[];
  /** Bodies of those parked on the outcomes queue. */
  readonly parked: readonly string[];
}

export interface DeadLetter {
  readonly body: string;
  readonly code: string | undefined;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** Queues go by their logical ids here. */
const sendsQueueUrl = 'SendsQueue';

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
  const described = stage.queues.find((queue) => queue.name === name);
  const { VisibilityTimeout: visibilitySeconds, RedrivePolicy: policy } = sendsQueueAttributes.parse(
    described?.attributes,
  );
  const store = new MessageStore();
  const deadLetters: DeadLetter[] = [];
  const parked: string[] = [];
  let hideRequests = 0;
  let mostInFlight = 0;

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

  async function operate(command: object): Promise<object> {
    if (command instanceof ChangeMessageVisibilityBatchCommand) {
      const { QueueUrl: url, Entries: entries = [] } = command.input;
      hideRequests += 1;
      for (const { ReceiptHandle: handle = '', VisibilityTimeout: seconds = 0 } of entries) {
        const entry = store.get(handle);
        if (url !== sendsQueueUrl || entry?.state !== 'in-flight')
          throw new Error('Only a message that somebody has can be hidden.');
        hide(entry, seconds);
      }
      return { Successful: entries.map(({ Id }) => ({ Id })), Failed: [] };
    }
    if (!(command instanceof SendMessageCommand)) throw new Error('a command that no adapter uses');
    const { QueueUrl: url, MessageBody: body = '', MessageAttributes: attributes } = command.input;
    const code = attributes?.[errorAttributes.code]?.StringValue;
    if (url === 'SendsDlq') deadLetters.push({ body, code, at: clock.now() });
    else if (url === 'OutcomesQueue') parked.push(body);
    else throw new Error(`a copy to ${url}`);
    return { MessageId: randomUUID() };
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
      while (records.length < maximum && store.counts().inFlight < maximumInFlight) {
        const entry = store.next();
        if (entry === undefined) break;
        if (entry.message.receiveCount < policy.maxReceiveCount) {
          records.push(hand(entry));
        } else {
          deadLetters.push({ body: entry.message.content.body, code: undefined, at: clock.now() });
          store.remove(entry);
        }
      }
      mostInFlight = Math.max(mostInFlight, store.counts().inFlight);
      return records;
    },
    delete({ messageId }) {
      const entry = store.get(messageId);
      if (entry !== undefined) store.remove(entry);
    },
    client: scripted.sqs(operate),
    get hideRequests() {
      return hideRequests;
    },
    get mostInFlight() {
      return mostInFlight;
    },
    get left() {
      const { visible, inFlight } = store.counts();
      return visible + inFlight;
    },
  };
}
