import { describe, expect, it } from 'vitest';
import { sqsEventQueue } from '../../../lib/aws/event-queue.ts';
import type { QueuedEvent } from '../../../lib/webhook/event.ts';
import { recordingSqs } from './sqs-scene.ts';

describe('the events queue', () => {
  const event: QueuedEvent = {
    id: 'M1',
    topic: 'messages',
    parsed: true,
    body: '{"id":"M1","text":"é😀"}',
    deliveryStatus: undefined,
    reports: undefined,
  };

  it('takes an event with its id and topic as attributes', async () => {
    const { client, calls } = await recordingSqs();

    await sqsEventQueue(client, 'http://q/events').publish(event);

    expect(calls.map(({ input }) => input)).toEqual([
      {
        QueueUrl: 'http://q/events',
        MessageBody: event.body,
        MessageAttributes: {
          topic: { DataType: 'String', StringValue: 'messages' },
          eventId: { DataType: 'String', StringValue: 'M1' },
        },
      },
    ]);
  });

  it('has not taken it without a message id', async () => {
    const { client } = await recordingSqs({});

    const published = sqsEventQueue(client, 'http://q/events').publish(event);

    await expect(published).rejects.toMatchObject({ code: 'queue-unconfirmed' });
  });

  it('has not taken it when the MD5 of the body is another', async () => {
    const { client } = await recordingSqs({ MessageId: 'm', MD5OfMessageBody: '0'.repeat(32) });

    const published = sqsEventQueue(client, 'http://q/events').publish(event);

    await expect(published).rejects.toThrow();
  });
});
