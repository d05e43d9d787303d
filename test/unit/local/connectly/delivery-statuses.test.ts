import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { businessNumber, customer, type RunningFake, runFake } from './running-fake.ts';
import { type Receiver, runReceiver } from './webhook-receiver.ts';

let running: RunningFake;
let receiver: Receiver;
beforeEach(async () => {
  [running, receiver] = await Promise.all([runFake({ enforceWindows: false }), runReceiver()]);
});
afterEach(async () => {
  await running.close();
  await receiver.close();
});

const register = (topic: string, address = receiver.url) =>
  running.vendor('POST', '/create/webhooks', { topic, address });
const statuses = () => receiver.received.map(({ json }) => json.statusUpdate);
/** Moves the time on, one webhook after the other. */
async function advance(milliseconds: number): Promise<void> {
  await running.clock.advance(milliseconds);
  await running.fake.webhooksQuiet();
}

describe('delivery statuses', () => {
  test('sent, delivered and read follow an accepted message, each in its time, with its callbackData', async () => {
    await register('delivery_status');
    const callbackData = { order: [1, null, 'é'], more: true };
    const { json } = await running.sendText({ callbackData });

    for (const delay of [20, 40, 60]) await advance(delay);

    expect(statuses()).toEqual(
      ['sent', 'delivered', 'read'].map((status) => ({ id: json.id, status, error: null })),
    );
    expect(receiver.received[1]?.json).toEqual({
      topic: 'delivery_status',
      timestamp: String(Math.floor(running.clock.now() / 1000)),
      sender: { id: businessNumber, channelType: 'whatsapp', name: 'connectlyai' },
      recipient: { id: customer, channelType: 'whatsapp', name: null },
      statusUpdate: { id: json.id, status: 'delivered', error: null },
      metadata: null,
      callbackData,
    });
  });

  test('a message without callbackData has none, and one with null has null', async () => {
    await register('delivery_status');
    await running.sendText();
    await advance(20);
    await running.vendor('POST', '/send/whatsapp_templated_messages', {
      number: customer,
      templateName: 'a',
      campaignName: 'summer',
      callbackData: null,
    });

    await advance(20);

    expect(receiver.received[0]?.json).not.toHaveProperty('callbackData');
    expect(receiver.received[1]?.json).toMatchObject({
      callbackData: null,
      metadata: { campaign_name: 'summer' },
    });
  });

  test('a customer without a number is named by the BSUID in two places', async () => {
    await register('delivery_status');
    await running.sendText({ to: 'US.1' });

    await advance(20);

    expect(receiver.received[0]?.json.recipient).toEqual({
      id: 'US.1',
      channelType: 'whatsapp',
      name: null,
      userId: 'US.1',
      phoneNumber: '',
    });
  });

  test('can be left out', async () => {
    running.fake.configure({ statusDelaysMs: { sent: null, delivered: 5, read: null } });
    await register('delivery_status');
    await running.sendText();

    await advance(1000);

    expect(statuses()).toMatchObject([{ status: 'delivered' }]);
  });

  test('an undeliverable customer gets a failure instead of delivered', async () => {
    running.fake.configure({ undeliverable: [customer] });
    await register('delivery_status');
    await running.sendText();

    for (const delay of [20, 40, 1000]) await advance(delay);

    expect(statuses()).toMatchObject([
      { status: 'sent' },
      { status: 'delivery_failed', error: { code: 'ERROR_CODE_UNSPECIFIED' } },
    ]);
  });

  test('any status can be sent on request, a failure with its code', async () => {
    await register('delivery_status');
    const { json } = await running.sendText();

    const reply = await running.admin('status', {
      messageId: json.id,
      status: 'delivery_failed',
      code: 'ERROR_CODE_BUSINESS_REACHED_LIMITS',
    });
    await receiver.has(1);

    expect(reply.status).toBe(200);
    expect(statuses()).toMatchObject([
      { status: 'delivery_failed', error: { code: 'ERROR_CODE_BUSINESS_REACHED_LIMITS', details: {} } },
    ]);
  });

  test.each([
    ['messageId', { status: 'read' }],
    ['messageId', { messageId: 'nobody', status: 'read' }],
    ['body', []],
  ])('bad input is answered with 400 that names %s', async (field, body) => {
    const reply = await running.admin('status', body);

    expect(reply.status).toBe(400);
    expect(reply.json.field).toBe(field);
  });
});
