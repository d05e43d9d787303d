import { expect, test } from 'vitest';
import { apiKey, customer, webhookSecret } from './running-fake.ts';
import { standForEachTest, type WebhookStand } from './webhook-stand.ts';

// The requests of the vendor's page for beginners, in the form in which a shell sends them: indented JSON after a line
// break, an Accept header, no sender, no language, parameters with names of one's own.

let stand: WebhookStand;
standForEachTest((started) => (stand = started), { enforceWindows: true });

const headers = { accept: 'application/json', 'x-api-key': apiKey };
const post = (path: string, json: object) =>
  stand.call('POST', `/v1/businesses/0d8c1a9e-6f6c-4f0b-9a7e-3a1c1b0f7a11/${path}`, {
    headers,
    body: `\n${JSON.stringify(json, null, 5)}`,
  });

test('the text is accepted once the customer has written first, and refused before', async () => {
  const text = { recipient: { channelType: 'whatsapp', id: customer }, message: { text: 'hello!' } };

  const before = await post('send/messages', text);
  stand.fake.inbound({ from: customer });
  const after = await post('send/messages', text);

  expect(before.json.code).toBe('ERROR_CODE_MESSAGE_CUSTOMER_NO_CONVERSATION_INITIATION');
  expect(after.json).toEqual({ id: expect.stringMatching(/^[0-9A-HJKMNP-TV-Z]{26}$/) });
});

test('the template is accepted at any time', async () => {
  const reply = await post('send/whatsapp_templated_messages', {
    parameters: [
      { name: 'var1', value: 'value1' },
      { name: 'var2', value: 'value2' },
    ],
    number: customer,
    templateName: 'order_ready',
  });

  expect(reply.status).toBe(201);
});

test('the registration is accepted with the public address that is printed', async () => {
  const reply = await post('create/webhooks', { topic: 'messages', address: 'https://example.com/webhook' });

  expect(reply.status).toBe(200);
});

test('the webhook comes in the oldest printed form, to a business number without +', async () => {
  await post('create/webhooks', { topic: 'messages', address: stand.receiver.url });

  stand.fake.inbound({ from: '+16315555500', to: '123456123', text: 'TEST 11', bare: true });
  await stand.receiver.has(1);

  const [webhook] = stand.receiver.received;
  expect(webhook?.signedWith(webhookSecret)).toBe(true);
  expect(webhook?.json).toMatchObject({
    timestamp: expect.stringMatching(/^\d{10}$/),
    sender: { id: '+16315555500', channelType: 'whatsapp' },
    recipient: { id: '123456123', channelType: 'whatsapp' },
    message: { text: 'TEST 11' },
  });
});
