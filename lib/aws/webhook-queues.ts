import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { RelayError } from '../errors.ts';
import { eventAttributes, outcomeAttributes } from '../message/attributes.ts';
import type { EventQueue, SendStatusQueue } from '../webhook/receive.ts';

/** SQS must confirm an event within this time, retries included, in milliseconds: Connectly is waiting for the answer. */
const eventBudgetMs = 5000;

/** How long a status may keep Connectly waiting for its 200, in milliseconds. */
const statusBudgetMs = 1500;

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
      const answer = await client.send(command, { abortSignal: AbortSignal.timeout(eventBudgetMs) });
      if (answer.MessageId === undefined) {
        throw new RelayError('queue-unconfirmed', 'SQS answered without a message id.');
      }
    },
  };
}

/** Passes delivery statuses on to the outcomes queue: which send, and nothing about whom it went to. */
export function sqsSendStatusQueue(client: SQSClient, queueUrl: string): SendStatusQueue {
  return {
    async publish(status) {
      const command = new SendMessageCommand({
        QueueUrl: queueUrl,
        MessageBody: JSON.stringify(status),
        MessageAttributes: {
          [outcomeAttributes.kind]: { DataType: 'String', StringValue: outcomeAttributes.status },
        },
      });
      await client.send(command, { abortSignal: AbortSignal.timeout(statusBudgetMs) });
    },
  };
}
