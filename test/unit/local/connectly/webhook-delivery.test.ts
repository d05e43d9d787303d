import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { businessNumber, type RunningFake, runFake, webhookSecret } from './running-fake.ts';
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
/** Moves the time on, one webhook after the other. */
async function advance(milliseconds: number): Promise<void> {
  await running.clock.advance(milliseconds);
  await running.fake.webhooksQuiet();
}

test('a webhook is signed over its bytes and has the headers of the documented sample, nothing more', async () => {
  await register('messages');

  running.fake.inbound({ text: 'Grüße 👋', bare: true, withTopic: false });
  await receiver.has(1);

  const [webhook] = receiver.received;
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
    timestamp: String(running.clock.now() / 1000),
    sender: { id: '+16315555500', channelType: 'whatsapp', name: 'Customer Name' },
    recipient: { id: businessNumber, channelType: 'whatsapp', name: 'connectlyai' },
    message: { text: 'Grüße 👋' },
  });
});

test('a changed secret signs the next webhook', async () => {
  await register('messages');
  await running.admin('secrets', { webhookSecret: 'secret-2' });

  running.fake.inbound();
  await receiver.has(1);

  expect(receiver.received[0]?.signedWith('secret-2')).toBe(true);
});

describe('what is not answered with 200', () => {
  test.each([201, 204, 307, 401, 500])(
    '%i is tried again after growing waits, five times in all',
    async (status) => {
      receiver.answerWith(status);
      await register('messages');
      running.fake.inbound();

      await running.fake.webhooksQuiet();
      for (const delay of [1000, 4000, 16_000, 64_000, 256_000]) {
        await running.clock.advance(delay - 1);
        const early = receiver.received.length;
        await advance(1);
        expect(receiver.received.length - early).toBe(early < 5 ? 1 : 0);
      }

      const { webhooks } = running.fake.state();
      expect(webhooks).toMatchObject({ events: 1, delivered: 0, failed: 1, attempts: 5 });
      expect(webhooks.newest[0]?.attempts.map((attempt) => 'status' in attempt && attempt.status)).toEqual(
        Array(5).fill(status),
      );
    },
  );

  test('the same bytes come again, and no more after a 200', async () => {
    receiver.answerWith(503);
    await register('messages');
    running.fake.inbound();
    await running.fake.webhooksQuiet();

    receiver.answerWith(200);
    await advance(1000);
    await advance(100_000);

    expect(receiver.received).toHaveLength(2);
    expect(receiver.received[1]?.text).toBe(receiver.received[0]?.text);
    expect(running.fake.state().webhooks).toMatchObject({ delivered: 1, failed: 0, attempts: 2 });
  });

  test('silence counts as a failure after the time that a receiver may take', async () => {
    receiver.answerWith(undefined);
    running.fake.configure({ webhookRetryDelaysMs: [], webhookTimeoutMs: 50 });
    await register('messages');
    running.fake.inbound();

    await running.fake.webhooksQuiet();

    expect(running.fake.state().webhooks.newest[0]).toMatchObject({
      state: 'failed',
      attempts: [{ error: 'timeout' }],
    });
  });

  test('a receiver that is not there counts as a failure', async () => {
    running.fake.configure({ webhookRetryDelaysMs: [] });
    const { url } = receiver;
    await receiver.close();
    await register('messages', url);
    running.fake.inbound();

    await running.fake.webhooksQuiet();

    expect(running.fake.state().webhooks.newest[0]?.attempts).toMatchObject([{ error: 'ECONNREFUSED' }]);
    receiver = await runReceiver();
  });
});

test('an address that is not on this machine is registered and never called', async () => {
  const registered = await register('messages', 'https://example.com/webhook');

  const webhook = running.fake.inbound();
  await advance(1_000_000);

  expect(registered.status).toBe(200);
  expect(webhook.state).toBe('not-loopback');
  expect(running.fake.state().webhooks).toMatchObject({ notLoopback: 1, attempts: 0, underWay: 0 });
});

test('an event without a registered address is counted and goes nowhere', async () => {
  const webhook = running.fake.inbound();

  expect(webhook).toMatchObject({ state: 'unregistered', address: null });
  expect(running.fake.state().webhooks).toMatchObject({ events: 1, unregistered: 1, attempts: 0 });
});

test('a reset forgets the webhooks that are under way, and those held back behind them', async () => {
  receiver.answerWith(undefined);
  await register('messages');
  running.fake.configure({ webhookTimeoutMs: 200 });
  running.fake.addFault({ kind: 'webhook-reorder' });
  running.fake.inbound();
  running.fake.inbound();
  await receiver.has(1);

  running.fake.reset({ keepRegistrations: true });
  await running.fake.webhooksQuiet();
  await advance(1_000_000);

  expect(receiver.received).toHaveLength(1);
  expect(running.fake.state().webhooks).toMatchObject({ events: 0, attempts: 0, failed: 0 });
});

test('closing takes back everything that still waits', async () => {
  receiver.answerWith(500);
  await register('messages');
  await register('delivery_status');
  await running.sendText();
  running.fake.inbound();
  await running.fake.webhooksQuiet();

  await running.close();

  expect(running.clock.pendingTimers()).toBe(0);
});
