import type { MessageAttribute } from './message-attributes.ts';

/** What a sender put on the queue. */
export interface MessageContent {
  readonly body: string;
  readonly attributes: readonly MessageAttribute[];
  readonly traceHeader: MessageAttribute | undefined;
  /** On a standard queue the mark of a tenant (fair queues); kept and given back, nothing more. */
  readonly groupId: string | undefined;
}

/** A message with its history, which goes with it into a dead-letter queue. Times in epoch milliseconds. */
export interface Message {
  readonly id: string;
  readonly content: MessageContent;
  readonly sentAt: number;
  /** Over all queues, as AWS counts. */
  receiveCount: number;
  firstReceivedAt: number | undefined;
  /** The queue that gave up on it. */
  deadLetterSourceArn: string | undefined;
}

/** A message as one receive hands it out: a snapshot, which later receives do not change. */
export interface ReceivedMessage extends Readonly<Message> {
  readonly receiptHandle: string;
}
