import { describe, expect, test } from 'vitest';
import { businessNumber, customer } from './running-fake.ts';
import { standForEachTest, type WebhookStand } from './webhook-stand.ts';

let stand: WebhookStand;
standForEachTest((started) => (stand = started));

describe('delivery statuses', () => {
  test('sent, delivered and read follow an accepted message, each in its time, with its callbackData', async () => {
    await stand.register('delivery_status');
    const callbackData = { order: [1, null, 'é'], more: true };
    const { json } = await stand.sendText({ callbackData });

    for (const delay of [20, 40, 60]) await stand.advance(delay);

    expect(stand.statuses()).toEqual(
      ['sent', 'delivered', 'read'].map((status) => ({ id: json.id, status, error: null })),
    );
    expect(stand.receiver.received[1]?.json).toEqual({
      topic: 'delivery_status',
      timestamp: String(Math.floor(stand.clock.now() / 1000)),
      sender: { id: businessNumber, channelType: 'whatsapp', name: 'connectlyai' },
      recipient: { id: customer, channelType: 'whatsapp', name: null },
      statusUpdate: { id: json.id, status: 'delivered', error: null },
      metadata: null,
      callbackData,
    });
  });

  test('a message without callbackData has none, and one with null has null', async () => {
    await stand.register('delivery_status');
    await stand.sendText();
    await stand.advance(20);
    await stand.vendor('POST', '/send/whatsapp_templated_messages', {
      number: customer,
      templateName: 'a',
      campaignName: 'summer',
      callbackData: null,
    });

    await stand.advance(20);

    expect(stand.receiver.received[0]?.json).not.toHaveProperty('callbackData');
    expect(stand.receiver.received[1]?.json).toMatchObject({
      callbackData: null,
      metadata: { campaign_name: 'summer' },
    });
  });

  test('a customer without a number is named by the BSUID in two places', async () => {
    await stand.register('delivery_status');
    await stand.sendText({ to: 'US.1' });

    await stand.advance(20);

    expect(stand.receiver.received[0]?.json.recipient).toEqual({
      id: 'US.1',
      channelType: 'whatsapp',
      name: null,
      userId: 'US.1',
      phoneNumber: '',
    });
  });

  test('can be left out', async () => {
    stand.fake.configure({ statusDelaysMs: { sent: null, delivered: 5, read: null } });
    await stand.register('delivery_status');
    await stand.sendText();

    await stand.advance(1000);

    expect(stand.statuses()).toMatchObject([{ status: 'delivered' }]);
  });

  test('an undeliverable customer gets a failure instead of delivered', async () => {
    stand.fake.configure({ undeliverable: [customer] });
    await stand.register('delivery_status');
    await stand.sendText();

    for (const delay of [20, 40, 1000]) await stand.advance(delay);

    expect(stand.statuses()).toMatchObject([
      { status: 'sent' },
      { status: 'delivery_failed', error: { code: 'ERROR_CODE_UNSPECIFIED' } },
    ]);
  });

  test('any status can be sent on request, a failure with its code', async () => {
    await stand.register('delivery_status');
    const { json } = await stand.sendText();

    const reply = await stand.admin('status', {
      messageId: json.id,
      status: 'delivery_failed',
      code: 'ERROR_CODE_BUSINESS_REACHED_LIMITS',
    });
    await stand.receiver.has(1);

    expect(reply.status).toBe(200);
    expect(stand.statuses()).toMatchObject([
      { status: 'delivery_failed', error: { code: 'ERROR_CODE_BUSINESS_REACHED_LIMITS', details: {} } },
    ]);
  });

  test.each([
    ['messageId', { status: 'read' }],
    ['messageId', { messageId: 'nobody', status: 'read' }],
    ['body', []],
  ])('bad input is answered with 400 that names %s', async (field, body) => {
    const reply = await stand.admin('status', body);

    expect(reply.status).toBe(400);
    expect(reply.json.field).toBe(field);
  });
});
