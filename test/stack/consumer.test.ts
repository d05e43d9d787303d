import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { expect, it } from 'vitest';
import { consume } from '../../examples/consumer/consumer.mjs';
import { startAwsEndpoint } from '../../local/aws/protocols/endpoint.ts';
import { createSqs } from '../../local/aws/sqs/sqs.ts';
import { systemClock } from '../../local/clock.ts';
import { eventually } from '../support/waiting.ts';

it('The example of a consumer handles each event once, however often it comes, and leaves what it could not handle', async () => {
  const sqs = createSqs({
    clock: systemClock,
    region: 'us-east-1',
    accountId: '000000000000',
    baseUrl: () => endpoint.url,
  });
  const endpoint = await startAwsEndpoint({ services: [sqs.service] });
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const client = new SQSClient({ endpoint: endpoint.url, region: 'us-east-1', credentials });
  const { QueueUrl: queueUrl = '' } = await client.send(new CreateQueueCommand({ QueueName: 'events' }));
  const put = (id: string) =>
    client.send(
      new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: JSON.stringify({ id, topic: 'messages' }) }),
    );
  for (const id of ['one', 'two', 'one', 'broken', 'two', 'one']) await put(id);
  const handled: string[] = [];
  const controller = new AbortController();

  const consuming = consume({
    sqs: client,
    queueUrl,
    signal: controller.signal,
    handle({ id }: { id: string }) {
      if (id === 'broken') return Promise.reject(new Error('not today'));
      handled.push(id);
      return Promise.resolve();
    },
  });
  const left = await eventually('That one message is left', async () => {
    const names = new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: ['All'] });
    const { Attributes: counts = {} } = await client.send(names);
    const visible = Number(counts['ApproximateNumberOfMessages']);
    const inFlight = Number(counts['ApproximateNumberOfMessagesNotVisible']);
    return visible + inFlight === 1 ? { visible, inFlight } : undefined;
  });
  controller.abort();
  await consuming;
  client.destroy();
  await endpoint.close();

  expect(handled.toSorted()).toEqual(['one', 'two']);
  expect(left.visible + left.inFlight).toBe(1);
});
