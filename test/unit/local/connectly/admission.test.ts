import { describe, expect, test } from 'vitest';
import { businessNumber, customer, fakeForEachTest, type RunningFake, runFake } from './running-fake.ts';

let running: RunningFake;
fakeForEachTest((started) => (running = started));

describe('the API key', () => {
  test.each([{ 'x-api-key': '' }, { 'x-api-key': 'key-2' }, { 'x-api-key': 'key-11' }])(
    '%j is answered 401 with the error body',
    async (headers) => {
      const reply = await running.call('GET', '/v1/businesses/b1/webhooks', { headers });

      expect(reply.status).toBe(401);
      expect(reply.json.type).toBe('ERROR_TYPE_AUTHENTICATION');
    },
  );

  test('can be changed while running: the old one stops working at once', async () => {
    running.fake.setSecrets({ apiKey: 'key-2' });

    const old = await running.call('GET', '/v1/businesses/b1/webhooks');
    const fresh = await running.call('GET', '/v1/businesses/b1/webhooks', {
      headers: { 'x-api-key': 'key-2' },
    });

    expect([old.status, fresh.status]).toEqual([401, 200]);
  });

  test('can be one for each business', async () => {
    running.fake.setSecrets({ apiKey: { b1: 'key-1', b2: 'key-2' } });

    const own = await running.call('GET', '/v1/businesses/b1/webhooks');
    const other = await running.call('GET', '/v1/businesses/b2/webhooks');
    const unknown = await running.call('GET', '/v1/businesses/b3/webhooks');

    expect([own.status, other.status, unknown.status]).toEqual([200, 401, 403]);
  });

  test('must not be empty', async () => {
    await expect(runFake({ apiKey: '' })).rejects.toThrow('apiKey');
    await expect(runFake({ webhookSecret: '' })).rejects.toThrow('webhookSecret');
  });
});

test('any business is served unless a list is given', async () => {
  const any = await running.call('GET', '/v1/businesses/biz_1/webhooks');

  running.fake.configure({ businesses: ['b1'] });
  const listed = await running.call('GET', '/v1/businesses/b1/webhooks');
  const foreign = await running.call('GET', '/v1/businesses/biz_1/webhooks');

  expect([any.status, listed.status, foreign.status]).toEqual([200, 200, 403]);
});

test.each([
  ['GET', '/v1/businesses/b1/send/messages'],
  ['POST', '/v1/businesses//send/messages'],
  ['POST', '/v1/businesses/%E0%A4%A/send/messages'],
  ['POST', '/v2/businesses/b1/send/messages'],
  ['POST', '/v1/businesses/b1/send/messages/more'],
  ['GET', '/'],
])('%s %s is not found, with the error body', async (method, path) => {
  const reply = await running.call(method, path);

  expect(reply.status).toBe(404);
  expect(reply.json.code).toBe('ERROR_CODE_UNSPECIFIED');
});

test('ids in the path are decoded', async () => {
  const reply = await running.call('GET', '/v1/businesses/a%2Fb/webhooks?x=1');

  expect(reply.json).toEqual({ entity: { businessId: 'a/b', webhooks: [] } });
});

describe('the 24-hour window', () => {
  const neverWrote = 'ERROR_CODE_MESSAGE_CUSTOMER_NO_CONVERSATION_INITIATION';
  const tooLongAgo = 'ERROR_CODE_MESSAGE_OUTSIDE_OF_ELIGIBILITY_WINDOW';

  test('is closed for a customer who never wrote', async () => {
    const reply = await running.sendText();

    expect(reply.json.code).toBe(neverWrote);
  });

  test('is open for 24 hours after the customer wrote, and not a millisecond longer', async () => {
    running.fake.inbound({ from: customer });

    await running.clock.advance(24 * 60 * 60 * 1000);
    const inTime = await running.sendText();
    await running.clock.advance(1);
    const late = await running.sendText();

    expect(inTime.status).toBe(201);
    expect(late.json.code).toBe(tooLongAgo);
    expect(late.json.type).toBe('ERROR_TYPE_DEADLINE_EXCEEDED');
  });

  test('is no matter for other channels', async () => {
    const reply = await running.vendor('POST', '/send/messages', {
      recipient: { id: customer, channelType: 'sms' },
      message: { text: 'hi' },
    });

    expect(reply.status).toBe(201);
  });

  test('belongs to one business number', async () => {
    running.fake.inbound({ from: customer, to: '+16044449999' });
    const message = { recipient: { id: customer, channelType: 'whatsapp' }, message: { text: 'hi' } };

    const other = await running.vendor('POST', '/send/messages', message);
    const same = await running.vendor('POST', '/send/messages', {
      ...message,
      sender: { id: '+16044449999', channelType: 'whatsapp' },
    });

    expect(other.json.code).toBe(neverWrote);
    expect(same.status).toBe(201);
  });

  test('is opened for the number and the BSUID of a customer who has both', async () => {
    running.fake.inbound({ from: customer, userId: 'US.1' });

    const byNumber = await running.sendText();
    const byId = await running.sendText({ to: 'US.1' });

    expect([byNumber.status, byId.status]).toEqual([201, 201]);
  });

  test.each([
    ['open', undefined],
    ['expired', tooLongAgo],
    ['never', neverWrote],
  ] as const)('can be set to %s', async (state, code) => {
    running.fake.inbound({ from: customer });
    await running.admin('windows', { customer, businessNumber, state });

    const reply = await running.sendText();

    expect(reply.json.code).toBe(code);
  });
});

describe('the rate limit', () => {
  test('refuses what exceeds it in any second, over both endpoints together', async () => {
    running.fake.configure({ requestsPerSecond: 2, enforceWindows: false });
    const template = () =>
      running.vendor('POST', '/send/whatsapp_templated_messages', { number: customer, templateName: 'a' });

    const first = await running.sendText();
    await running.clock.advance(600);
    const second = await template();
    const third = await template();
    await running.clock.advance(400);
    const fourth = await running.sendText();
    const fifth = await running.sendText();

    const statuses = [first, second, third, fourth, fifth].map(({ status }) => status);
    expect(statuses).toEqual([201, 201, 429, 201, 429]);
    expect(third.headers['retry-after']).toBeUndefined();
    expect(running.fake.state().accepted.count).toBe(3);
  });

  test('is 200 unless told otherwise, and counts refused messages, but not refused keys', async () => {
    const agentless = Array.from({ length: 200 }, () => running.sendText({ text: '' }));
    await running.call('POST', '/v1/businesses/b1/send/messages', { headers: { 'x-api-key': 'wrong' } });

    const replies = await Promise.all(agentless);
    const next = await running.sendText();

    expect(replies.every(({ status }) => status === 400)).toBe(true);
    expect(next.status).toBe(429);
  });

  test('does not hold for webhook registration', async () => {
    running.fake.configure({ requestsPerSecond: 0 });

    const reply = await running.vendor('GET', '/webhooks');

    expect(reply.status).toBe(200);
  });
});
