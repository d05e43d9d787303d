import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { describe, expect, it } from 'vitest';
import { consume } from '../../examples/consumer/consumer.mjs';
import { startAwsEndpoint } from '../../local/aws/protocols/endpoint.ts';
import { createSqs } from '../../local/aws/sqs/sqs.ts';
import { systemClock } from '../../local/clock.ts';
import { localQueues, putOn } from '../support/queue-messages.ts';
import { eventually } from '../support/waiting.ts';

/** Runs the example over events, until all but `left` of them are deleted. Resolves to the ids of what was handled. */
async function consumeEvents(events: readonly object[], left: number): Promise<string[]> {
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
  for (const event of events)
    await client.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: JSON.stringify(event) }));
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
  await eventually(`That as many messages as expected are left: ${left}`, async () => {
    const names = new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: ['All'] });
    const { Attributes: counts = {} } = await client.send(names);
    const visible = Number(counts['ApproximateNumberOfMessages']);
    const inFlight = Number(counts['ApproximateNumberOfMessagesNotVisible']);
    return visible === 0 && inFlight === left ? true : undefined;
  });
  controller.abort();
  await consuming;
  client.destroy();
  await endpoint.close();
  return handled.toSorted();
}

describe('The example of a consumer', () => {
  it('handles each event once, however often it comes, and leaves what it could not handle', async () => {
    const events = ['one', 'two', 'one', 'broken', 'two', 'one'].map((id) => ({ id, topic: 'messages' }));

    const handled = await consumeEvents(events, 1);

    expect(handled).toEqual(['one', 'two']);
  });

  it('leaves an event that is older than the ids it should remember: that may be a replay', async () => {
    const receivedAt = '2026-11-22T10:00:00.000Z';
    const secondsBefore = (seconds: number) => String(Date.parse(receivedAt) / 1000 - seconds);
    const sevenDays = 7 * 24 * 60 * 60;
    const events = [
      { id: 'late', receivedAt, event: { timestamp: secondsBefore(sevenDays) } },
      { id: 'replayed', receivedAt, event: { timestamp: secondsBefore(sevenDays + 1) } },
      { id: 'report', receivedAt, event: { timestamp: '2026-11-15T10:00:00Z' } },
      { id: 'replayed-report', receivedAt, event: { timestamp: '2026-11-15T09:59:59Z' } },
      { id: 'unparsed', receivedAt, event: null, raw: 'e30=' },
    ];

    const handled = await consumeEvents(events, 2);

    expect(handled).toEqual(['late', 'report', 'unparsed']);
  });
});

it('The example of a consumer prints what others chose on one line, and nothing that hides', async () => {
  const sqs = createSqs({
    clock: systemClock,
    region: 'us-east-1',
    accountId: '000000000000',
    baseUrl: () => endpoint.url,
  });
  const endpoint = await startAwsEndpoint({ services: [sqs.service] });
  const env = { AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local', AWS_REGION: 'us-east-1' };
  const client = localQueues(endpoint.url);
  const { QueueUrl: queueUrl = '' } = await client.send(new CreateQueueCommand({ QueueName: 'events' }));
  const word = 'a\n\u001b]0;t\u0007\u202e\u{e0041}b';
  await putOn(client, queueUrl, [{ body: { id: word, topic: word, sendId: word } }]);
  const script = fileURLToPath(new URL('../../examples/consumer/consumer.mjs', import.meta.url));

  const consumer = spawn(process.execPath, [script], {
    env: { ...env, PATH: process.env['PATH'], AWS_ENDPOINT_URL: endpoint.url, EVENTS_QUEUE_URL: queueUrl },
  });
  let printed = '';
  consumer.stdout.on('data', (chunk: Buffer) => {
    printed += chunk.toString();
  });
  await eventually('a line', () => printed.endsWith('\n'));
  consumer.kill('SIGINT');
  client.destroy();
  await endpoint.close();

  const shown = String.raw`a\u000a\u001b]0;t\u0007\u202e\udb40\udc41b`;
  expect(printed).toBe(`${shown} ${shown} about ${shown}\n`);
});
