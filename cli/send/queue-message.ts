import { SendMessageCommand } from '@aws-sdk/client-sqs';
import type { Target } from '../target/target.ts';

/** Puts a message on the sends queue; resolves to the id that SQS gave it. */
export async function queueMessage(target: Target, body: string, signal: AbortSignal): Promise<string> {
  const sqs = await target.aws.sqs();
  const command = new SendMessageCommand({ QueueUrl: target.output('SendsQueueUrl'), MessageBody: body });
  const { MessageId: messageId = '' } = await sqs.send(command, { abortSignal: signal });
  return messageId;
}
