import { ReceiveMessageCommand, SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import * as z from 'zod';
import { clientSettings } from './client-settings.ts';

export interface OutgoingMessage {
  /** An object as JSON, a text as it is. */
  readonly body: object | string;
  /** Texts, by name. */
  readonly attributes?: Readonly<Record<string, string>>;
}

export interface ReceivedMessage {
  readonly body: Readonly<Record<string, unknown>>;
  /** The texts of its attributes, by name. */
  readonly attributes: Readonly<Record<string, string | undefined>>;
}

/** A client of the queues of a running local stack. */
export function localQueues(awsUrl: string): SQSClient {
  return new SQSClient(clientSettings(awsUrl, 'us-east-1'));
}

/** Puts messages on a queue, in batches of ten. Rejects when SQS has not taken them all. */
export async function putOn(
  sqs: SQSClient,
  queueUrl: string | undefined,
  messages: readonly OutgoingMessage[],
): Promise<void> {
  for (let start = 0; start < messages.length; start += 10) {
    const Entries = messages.slice(start, start + 10).map(({ body, attributes = {} }, index) => ({
      Id: String(index),
      MessageBody: typeof body === 'string' ? body : JSON.stringify(body),
      MessageAttributes: Object.fromEntries(
        Object.entries(attributes).map(([name, StringValue]) => [name, { DataType: 'String', StringValue }]),
      ),
    }));
    const { Failed: failed = [] } = await sqs.send(
      new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries }),
    );
    if (failed.length > 0) throw new Error(`SQS did not take ${failed.length} messages: ${failed[0]?.Code}`);
  }
}

/** Up to ten messages of a queue, as a consumer receives them: they stay there, out of sight. */
export async function receivedFrom(sqs: SQSClient, queueUrl: string | undefined): Promise<ReceivedMessage[]> {
  const { Messages: messages = [] } = await sqs.send(
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
}
