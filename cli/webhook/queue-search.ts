import {
  DeleteMessageCommand,
  type Message,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { eventAttributes } from '../../lib/message/attributes.ts';
import { batchSize, giveBack } from '../target/queues.ts';

/** How long others stay out of sight should this process die before it gives them back, in seconds. */
const heldSeconds = 30;

/** More than these are not received: each receive counts towards the move to the dead-letter queue. */
const maximumOthers = 30;

/**
 * An event that has been received so often already is left alone: the queue moves those to the dead-letter queue that
 * were received five times, and that must not happen because somebody looked.
 */
const maximumReceives = 2;

/**
 * What a look has found: the event, which is deleted then; events of others, behind which it may be; nothing that can be
 * received; or that as many others were received as may be, so that nobody looked.
 */
export type Sight = 'ours' | 'others' | 'nothing' | 'limit';

export interface QueueSearch {
  /** Receives once. */
  look(signal: AbortSignal): Promise<Sight>;
  /** Events of others that were received, and are held until they are given back. */
  others(): number;
  /** Makes the others visible again. To be called however the search ends. */
  giveBack(): Promise<void>;
}

/** Looks for one event on the events queue. What is not ours is held out of sight and given back in the end. */
export function searchQueue(
  client: SQSClient,
  { queueUrl, eventId }: { readonly queueUrl: string; readonly eventId: string },
): QueueSearch {
  const held: string[] = [];
  let exhausted = false;

  async function take(message: Message): Promise<boolean> {
    const { ReceiptHandle: handle = '', Attributes: attributes, MessageAttributes: named } = message;
    if (named?.[eventAttributes.eventId]?.StringValue === eventId) {
      await client.send(new DeleteMessageCommand({ QueueUrl: queueUrl, ReceiptHandle: handle }));
      return true;
    }
    held.push(handle);
    if (Number(attributes?.ApproximateReceiveCount) > maximumReceives) exhausted = true;
    return false;
  }

  return {
    async look(signal) {
      const left = maximumOthers - held.length;
      if (exhausted || left <= 0) return 'limit';
      const { Messages: messages = [] } = await client.send(
        new ReceiveMessageCommand({
          QueueUrl: queueUrl,
          MaxNumberOfMessages: Math.min(left, batchSize),
          VisibilityTimeout: heldSeconds,
          WaitTimeSeconds: 1,
          MessageSystemAttributeNames: ['ApproximateReceiveCount'],
          MessageAttributeNames: [eventAttributes.eventId],
        }),
        { abortSignal: signal },
      );
      // All of them, even after ours: what has been received has to be given back.
      const found = await Promise.all(messages.map(take));
      if (found.includes(true)) return 'ours';
      return found.length === 0 ? 'nothing' : 'others';
    },
    others: () => held.length,
    giveBack: () => giveBack(client, queueUrl, held),
  };
}
