import { describe, expect, test } from 'vitest';
import { businessNumber, customer, webhookSecret } from './running-fake.ts';
import { standForEachTest, type WebhookStand } from './webhook-stand.ts';

let stand: WebhookStand;
standForEachTest((started) => (stand = started));

/** What the receiver got for it. */
const event = async (spec: object) => {
  await stand.register('messages');
  await stand.register('report');
  const reply = await stand.admin('inbound', spec);
  expect(reply.status).toBe(200);
  await stand.receiver.has(1);
  return stand.receiver.received[0]?.json;
};

describe('inbound', () => {
  test('text as real messages have it', async () => {
    const json = await event({ text: 'hi' });

    expect(json?.message).toEqual({ id: expect.any(String), text: 'hi', attachments: [], location: null });
  });

  test('media', async () => {
    const attachment = { type: 'audio', url: 'https://cdn.example.com/a' };

    const json = await event({ kind: 'media', attachment, bare: true });

    expect(json?.message).toEqual({ attachments: [attachment] });
  });

  test('location', async () => {
    const json = await event({ kind: 'location', location: { latitude: 1, longitude: 2 } });

    expect(json?.message).toMatchObject({
      text: '',
      attachments: [],
      location: { latitude: 1, longitude: 2 },
    });
  });

  test('referral', async () => {
    const json = await event({ kind: 'referral', referral: { sourceType: 'post' } });

    expect(json?.message).toMatchObject({
      text: 'Hello!',
      referral: { sourceType: 'post', mediaType: 'image' },
    });
  });

  test('button reply, to a message that it names as a UUID and whose callbackData comes back', async () => {
    const sent = await stand.sendText({ callbackData: { order: 1 } });

    const json = await event({ kind: 'button', replyTo: sent.json.id, payload: 'yes' });

    expect(json).toMatchObject({
      topic: 'messages',
      sender: { id: customer },
      recipient: { id: businessNumber },
      context: { replyToId: expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/) },
      buttonResponse: { id: expect.any(String), text: 'Yes', payload: 'yes' },
      callbackData: { order: 1 },
    });
    expect(json).not.toHaveProperty('message');
  });

  test('button reply in the oldest form', async () => {
    const json = await event({ kind: 'legacy-button', text: 'TEST' });

    expect(json?.message).toEqual({ text: 'TEST', isButtonResponse: true });
  });

  test('report, to the address of its own topic', async () => {
    const json = await event({ kind: 'report' });

    expect(json).toMatchObject({
      topic: 'report',
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:]+Z$/),
      report: { last_run: { status: 'completed', result: { url: expect.any(String) } } },
    });
    expect(stand.fake.state().webhooks.newest[0]?.topic).toBe('report');
  });

  test('raw: any text, signed as it is', async () => {
    await event({ kind: 'raw', body: '{"not": json' });

    expect(stand.receiver.received[0]?.text).toBe('{"not": json');
    expect(stand.receiver.received[0]?.signedWith(webhookSecret)).toBe(true);
  });

  test.each([
    ['kind', { kind: 'fax' }],
    ['from', { from: '123' }],
    ['body', { kind: 'raw' }],
    ['replyTo', { replyTo: 'nobody' }],
    ['txt', { txt: 'hi' }],
  ])('bad input is answered with 400 that names %s', async (field, body) => {
    const reply = await stand.admin('inbound', body);

    expect(reply.status).toBe(400);
    expect(reply.json).toEqual({ field, message: expect.stringContaining(field) });
  });

  test('goes to the one business that has registered, and asks which when there are several', async () => {
    await stand.register('messages');
    const alone = await stand.admin('inbound', {});
    await stand.call('POST', '/v1/businesses/b2/create/webhooks', {
      body: { topic: 'messages', address: stand.receiver.url },
    });

    const ambiguous = await stand.admin('inbound', {});
    const named = await stand.admin('inbound', { businessId: 'b2' });

    expect(alone.json).toMatchObject({ webhook: { businessId: 'b1' } });
    expect([ambiguous.status, ambiguous.json.field]).toEqual([400, 'businessId']);
    expect(named.json).toMatchObject({ webhook: { businessId: 'b2' } });
  });
});
