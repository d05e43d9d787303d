import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { RelayError } from '../errors.ts';
import { eventAttributes } from '../message/attributes.ts';
import type { EventQueue } from '../webhook/receive.ts';

/** SQS must confirm within this time, retries included, in milliseconds: Connectly is waiting for the answer. */
const budgetMs = 5000;

/** The events queue on SQS. The client compares SQS's MD5 of the body with its own. */
export function sqsEventQueue(client: SQSClient, queueUrl: string): EventQueue {
  return {
    async publish({ id, topic, body }) {
      const command = new SendMessageCommand({
        QueueUrl: queueUrl,
        MessageBody: body,
        MessageAttributes: {
          [eventAttributes.topic]: { DataType: 'String', StringValue: topic },
          [eventAttributes.eventId]: { DataType: 'String', StringValue: id },
        },
      });
      const answer = await client.send(command, { abortSignal: AbortSignal.timeout(budgetMs) });
      if (answer.MessageId === undefined) {
        throw new RelayError('queue-unconfirmed', 'SQS answered without a message id.');
      }
    },
  };
}
