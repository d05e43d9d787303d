import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Sight, searchQueue } from '../../../../cli/webhook/queue-search.ts';
import { clientSettings } from '../../../support/client-settings.ts';
import { type SqsEmulator, startSqsEmulator } from '../../../support/sqs-emulator.ts';

const { signal } = new AbortController();

let emulator: SqsEmulator;
let client: SQSClient;
let queueUrl = '';

beforeEach(async () => {
  emulator = await startSqsEmulator();
  client = new SQSClient(clientSettings(emulator.endpoint.url, 'eu-central-1'));
  const created = await client.send(new CreateQueueCommand({ QueueName: 'events' }));
  queueUrl = created.QueueUrl ?? '';
});

afterEach(async () => {
  client.destroy();
  await emulator.endpoint.close();
});

async function publish(eventId: string): Promise<void> {
  await client.send(
    new SendMessageCommand({
      QueueUrl: queueUrl,
      MessageBody: eventId,
      MessageAttributes: { eventId: { DataType: 'String', StringValue: eventId } },
    }),
  );
}

/** How many messages are visible, and how many are not. */
async function counts(): Promise<{ visible: string | undefined; held: string | undefined }> {
  const { Attributes: attributes } = await client.send(
    new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: ['All'] }),
  );
  return {
    visible: attributes?.ApproximateNumberOfMessages,
    held: attributes?.ApproximateNumberOfMessagesNotVisible,
  };
}

describe('searchQueue', () => {
  it('deletes its own event, holds the others, and gives them back', async () => {
    for (const id of ['one', 'ours', 'two']) await publish(id);
    const search = searchQueue(client, { queueUrl, eventId: 'ours' });

    const found = await search.look(signal);
    const during = await counts();
    await search.giveBack();

    expect(found).toBe('ours');
    expect(during).toEqual({ visible: '0', held: '2' });
    expect(search.others()).toBe(2);
    expect(await counts()).toEqual({ visible: '2', held: '0' });
  });

  it('receives no more than thirty events of others', async () => {
    for (let each = 0; each < 45; each += 1) await publish(`event-${each}`);
    const search = searchQueue(client, { queueUrl, eventId: 'ours' });

    const sights: Sight[] = [];
    for (let look = 0; look < 5; look += 1) sights.push(await search.look(signal));
    const during = await counts();
    await search.giveBack();

    expect(sights).toEqual(['others', 'others', 'others', 'limit', 'limit']);
    expect(during).toEqual({ visible: '15', held: '30' });
    expect(await counts()).toEqual({ visible: '45', held: '0' });
  });

  it('receives no more than thirty where looks come back with less than ten', async () => {
    const search = searchQueue(client, { queueUrl, eventId: 'ours' });
    for (let each = 0; each < 5; each += 1) await publish(`early-${each}`);
    await search.look(signal);
    for (let each = 0; each < 40; each += 1) await publish(`late-${each}`);

    for (let look = 0; look < 4; look += 1) await search.look(signal);

    expect(await counts()).toEqual({ visible: '15', held: '30' });
  });

  it('stops at an event that has been received often already', async () => {
    await publish('other');
    for (let each = 0; each < 2; each += 1) {
      const earlier = searchQueue(client, { queueUrl, eventId: 'ours' });
      await earlier.look(signal);
      await earlier.giveBack();
    }
    const search = searchQueue(client, { queueUrl, eventId: 'ours' });
    await search.look(signal);
    await search.giveBack();

    const found = await search.look(signal);

    expect(found).toBe('limit');
    expect(await counts()).toEqual({ visible: '1', held: '0' });
  });
});
