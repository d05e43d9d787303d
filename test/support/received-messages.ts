import { ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import * as z from 'zod';

export interface ReceivedMessage {
  readonly body: Readonly<Record<string, unknown>>;
  /** The texts of its attributes, by name. */
  readonly attributes: Readonly<Record<string, string | undefined>>;
}

/** Up to ten messages of a queue of the local stack, as a consumer receives them: they stay there, out of sight. */
export async function receivedFrom(awsUrl: string, queueUrl: string): Promise<ReceivedMessage[]> {
  const client = new SQSClient({
    endpoint: awsUrl,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  try {
    const { Messages: messages = [] } = await client.send(
      new ReceiveMessageCommand({
        QueueUrl: queueUrl,
        MaxNumberOfMessages: 10,
        WaitTimeSeconds: 1,
        MessageAttributeNames: ['All'],
      }),
    );
    return messages.map(({ Body: body = '', MessageAttributes: attributes = {} }) => ({
      body: z.record(z.string(), z.unknown()).parse(JSON.parse(body)),
      attributes: Object.fromEntries(
        Object.entries(attributes).map(([name, { StringValue: text }]) => [name, text]),
      ),
    }));
  } finally {
    client.destroy();
  }
}
