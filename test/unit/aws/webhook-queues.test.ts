import { describe, expect, it } from 'vitest';
import { toOutcomeMessage } from '../../../lib/aws/send-queues.ts';
import { sqsEventQueue, sqsSendStatusQueue } from '../../../lib/aws/webhook-queues.ts';
import type { QueuedEvent } from '../../../lib/webhook/event.ts';
import { passAllDeadlines } from './deadlines.ts';
import { kindStatus, recordingSqs, refusingSqs, silentSqs, sqsRecord, status } from './sqs-scene.ts';

describe('the events queue', () => {
  const event: QueuedEvent = {
    id: 'M1',
    topic: 'messages',
    parsed: true,
    body: '{"id":"M1","text":"é😀"}',
    deliveryStatus: undefined,
    sendStatus: undefined,
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

  it('has not taken it when SQS has not confirmed it within 5 seconds', async () => {
    const client = await silentSqs();
    const deadlines = passAllDeadlines();

    const published = sqsEventQueue(client, 'http://q/events').publish(event);

    await expect(published).rejects.toMatchObject({ name: 'AbortError' });
    expect(deadlines).toEqual([5_000]);
  });

  it('has not taken it when the MD5 of the body is another', async () => {
    const { client } = await recordingSqs({ MessageId: 'm', MD5OfMessageBody: '0'.repeat(32) });

    const published = sqsEventQueue(client, 'http://q/events').publish(event);

    await expect(published).rejects.toThrow();
  });
});

describe('the status of a send', () => {
  it('goes onto the outcomes queue as what it is, and comes back from there', async () => {
    const { client, calls } = await recordingSqs();

    await sqsSendStatusQueue(client, 'http://q/outcomes').publish(status);

    const [call] = calls;
    expect(calls).toHaveLength(1);
    expect(call?.input).toEqual({
      QueueUrl: 'http://q/outcomes',
      MessageBody: JSON.stringify(status),
      MessageAttributes: { 'relay.kind': { DataType: 'String', StringValue: 'status' } },
    });
    expect(toOutcomeMessage(sqsRecord(kindStatus, String(call?.input['MessageBody'])))).toEqual({
      kind: 'status',
      status,
      received: { queuedAt: 1_795_341_600_000, receiveCount: 3 },
    });
  });

  it('that SQS has not confirmed within 1.5 seconds is a failure', async () => {
    const client = await silentSqs();
    const deadlines = passAllDeadlines();

    const published = sqsSendStatusQueue(client, 'http://q/outcomes').publish(status);

    await expect(published).rejects.toMatchObject({ name: 'AbortError' });
    expect(deadlines).toEqual([1_500]);
  });

  it('that SQS refuses is a failure', async () => {
    const client = await refusingSqs();

    const published = sqsSendStatusQueue(client, 'http://q/outcomes').publish(status);

    await expect(published).rejects.toThrow('no');
  });
});
