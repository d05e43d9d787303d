import { describe, expect, test } from 'vitest';
import { businessNumber, webhookSecret } from './running-fake.ts';
import { standForEachTest, type WebhookStand } from './webhook-stand.ts';

let stand: WebhookStand;
standForEachTest((started) => (stand = started));

test('a webhook is signed over its bytes and has the headers of the documented sample, nothing more', async () => {
  await stand.register('messages');

  stand.fake.inbound({ text: 'Grüße 👋', bare: true, withTopic: false });
  await stand.receiver.has(1);

  const [webhook] = stand.receiver.received;
  expect(webhook?.signedWith(webhookSecret)).toBe(true);
  expect(webhook?.signedWith('another')).toBe(false);
  const names = webhook?.headers.filter((_, index) => index % 2 === 0).map((name) => name.toLowerCase());
  expect(names?.toSorted()).toEqual([
    'accept-encoding',
    'content-length',
    'content-type',
    'host',
    'user-agent',
    'x-connectly-hmac-sha256',
  ]);
  expect(webhook?.header('user-agent')).toBe('go-resty/2.6.0 (https://github.com/go-resty/resty)');
  expect(webhook?.header('content-type')).toBe('text/plain; charset=utf-8');
  expect(webhook?.header('accept-encoding')).toBe('gzip');
  expect(webhook?.json).toEqual({
    timestamp: String(stand.clock.now() / 1000),
    sender: { id: '+16315555500', channelType: 'whatsapp', name: 'Customer Name' },
    recipient: { id: businessNumber, channelType: 'whatsapp', name: 'connectlyai' },
    message: { text: 'Grüße 👋' },
  });
});

test('a changed secret signs the next webhook', async () => {
  await stand.register('messages');
  await stand.admin('secrets', { webhookSecret: 'secret-2' });

  stand.fake.inbound();
  await stand.receiver.has(1);

  expect(stand.receiver.received[0]?.signedWith('secret-2')).toBe(true);
});

describe('what is not answered with 200', () => {
  test.each([201, 204, 307, 401, 500])(
    '%i is tried again after growing waits, five times in all',
    async (status) => {
      stand.receiver.answerWith(status);
      await stand.register('messages');
      stand.fake.inbound();

      await stand.fake.webhooksQuiet();
      for (const delay of [1000, 4000, 16_000, 64_000, 256_000]) {
        await stand.clock.advance(delay - 1);
        const early = stand.receiver.received.length;
        await stand.advance(1);
        expect(stand.receiver.received.length - early).toBe(early < 5 ? 1 : 0);
      }

      const { webhooks } = stand.fake.state();
      expect(webhooks).toMatchObject({ events: 1, delivered: 0, failed: 1, attempts: 5 });
      expect(webhooks.newest[0]?.attempts.map((attempt) => 'status' in attempt && attempt.status)).toEqual(
        Array(5).fill(status),
      );
    },
  );

  test('the same bytes come again, and no more after a 200', async () => {
    stand.receiver.answerWith(503);
    await stand.register('messages');
    stand.fake.inbound();
    await stand.fake.webhooksQuiet();

    stand.receiver.answerWith(200);
    await stand.advance(1000);
    await stand.advance(100_000);

    expect(stand.receiver.received).toHaveLength(2);
    expect(stand.receiver.received[1]?.text).toBe(stand.receiver.received[0]?.text);
    expect(stand.fake.state().webhooks).toMatchObject({ delivered: 1, failed: 0, attempts: 2 });
  });

  test('silence counts as a failure after the time that a receiver may take', async () => {
    stand.receiver.answerWith(undefined);
    stand.fake.configure({ webhookRetryDelaysMs: [], webhookTimeoutMs: 50 });
    await stand.register('messages');
    stand.fake.inbound();

    await stand.fake.webhooksQuiet();

    expect(stand.fake.state().webhooks.newest[0]).toMatchObject({
      state: 'failed',
      attempts: [{ error: 'timeout' }],
    });
  });

  test('a receiver that is not there counts as a failure', async () => {
    stand.fake.configure({ webhookRetryDelaysMs: [] });
    const { url } = stand.receiver;
    await stand.receiver.close();
    await stand.register('messages', url);
    stand.fake.inbound();

    await stand.fake.webhooksQuiet();

    expect(stand.fake.state().webhooks.newest[0]?.attempts).toMatchObject([{ error: 'ECONNREFUSED' }]);
  });
});

test('an address that is not on this machine is registered and never called', async () => {
  const registered = await stand.register('messages', 'https://example.com/webhook');

  const webhook = stand.fake.inbound();
  await stand.advance(1_000_000);

  expect(registered.status).toBe(200);
  expect(webhook.state).toBe('not-loopback');
  expect(stand.fake.state().webhooks).toMatchObject({ notLoopback: 1, attempts: 0, underWay: 0 });
});

test('an event without a registered address is counted and goes nowhere', async () => {
  const webhook = stand.fake.inbound();

  expect(webhook).toMatchObject({ state: 'unregistered', address: null });
  expect(stand.fake.state().webhooks).toMatchObject({ events: 1, unregistered: 1, attempts: 0 });
});

test('a reset forgets the webhooks that are under way, and those held back behind them', async () => {
  stand.receiver.answerWith(undefined);
  await stand.register('messages');
  stand.fake.configure({ webhookTimeoutMs: 200 });
  stand.fake.addFault({ kind: 'webhook-reorder' });
  stand.fake.inbound();
  stand.fake.inbound();
  await stand.receiver.has(1);

  stand.fake.reset({ keepRegistrations: true });
  await stand.fake.webhooksQuiet();
  await stand.advance(1_000_000);

  expect(stand.receiver.received).toHaveLength(1);
  expect(stand.fake.state().webhooks).toMatchObject({ events: 0, attempts: 0, failed: 0 });
});

test('closing takes back everything that still waits', async () => {
  stand.receiver.answerWith(500);
  await stand.register('messages');
  await stand.register('delivery_status');
  await stand.sendText();
  stand.fake.inbound();
  await stand.fake.webhooksQuiet();

  await stand.close();

  expect(stand.clock.pendingTimers()).toBe(0);
});
