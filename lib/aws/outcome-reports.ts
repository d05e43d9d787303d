import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { outcomeAttributes } from '../message/attributes.ts';
import type { OutcomeReports } from '../webhook/receive.ts';

/** How long a report may keep Connectly waiting for its 200, in milliseconds. */
const budgetMs = 1500;

/** Passes delivery statuses on to the outcomes queue: which send, and nothing about whom it went to. */
export function sqsOutcomeReports(client: SQSClient, queueUrl: string): OutcomeReports {
  return {
    async report(send) {
      const command = new SendMessageCommand({
        QueueUrl: queueUrl,
        MessageBody: JSON.stringify(send),
        MessageAttributes: {
          [outcomeAttributes.kind]: { DataType: 'String', StringValue: outcomeAttributes.status },
        },
      });
      await client.send(command, { abortSignal: AbortSignal.timeout(budgetMs) });
    },
  };
}
