import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { apiKey, customer, type RunningFake, runFake, webhookSecret } from './running-fake.ts';

let running: RunningFake;
beforeEach(async () => {
  running = await runFake({ enforceWindows: false });
});
afterEach(() => running.close());

const state = async (query = '') => (await running.call('GET', `/_fake/state${query}`)).json;

describe('the state', () => {
  test('has each accepted message with the request that made it, the key masked', async () => {
    const reply = await running.call('POST', '/v1/businesses/b%201/send/messages?a=%62', {
      body: `{ "recipient": {"id":"${customer}", "channelType":"whatsapp"},"message":{"text":"hé"}, "callbackData": 7 }`,
      headers: { accept: 'application/json' },
    });

    const { accepted } = running.fake.state();
    expect(accepted.newest[0]).toMatchObject({
      id: reply.json.id,
      endpoint: 'send/messages',
      businessId: 'b 1',
      recipient: customer,
      receivedAt: running.clock.now(),
      request: {
        method: 'POST',
        path: '/v1/businesses/b%201/send/messages?a=%62',
        headers: { 'x-api-key': '***', accept: 'application/json', 'content-type': 'application/json' },
        body: { message: { text: 'hé' }, callbackData: 7 },
        rawBody: `{ "recipient": {"id":"${customer}", "channelType":"whatsapp"},"message":{"text":"hé"}, "callbackData": 7 }`,
      },
    });
  });

  test('is over HTTP what it is in process, and holds no secret', async () => {
    await running.sendText();
    await running.sendText({ text: '' });

    const json = await state();

    expect(json).toEqual(JSON.parse(JSON.stringify(running.fake.state())));
    expect(JSON.stringify(json)).not.toContain(apiKey);
    expect(JSON.stringify(json)).not.toContain(webhookSecret);
  });

  test('counts by endpoint, status and code, and what was accepted by recipient and callbackData', async () => {
    await running.sendText({ callbackData: { id: 1 } });
    await running.sendText({ callbackData: { id: 1 } });
    await running.sendText({ to: 'US.1', callbackData: { id: 2 } });
    await running.sendText({ text: '' });
    await running.vendor('GET', '/webhooks');

    const { requests, accepted } = running.fake.state();

    expect(requests).toMatchObject({
      requests: 5,
      accepted: 4,
      byStatus: { '200': 1, '201': 3, '400': 1 },
      byCode: { ERROR_CODE_MESSAGE_TEXT_EMPTY: 1 },
      byEndpoint: {
        'send/messages': { requests: 4, accepted: 3, byStatus: { '201': 3, '400': 1 } },
        webhooks: { requests: 1, accepted: 1, byStatus: { '200': 1 }, byCode: {} },
      },
    });
    expect(accepted).toMatchObject({
      count: 3,
      byRecipient: { [customer]: 2, 'US.1': 1 },
      byCallbackData: { '{"id":1}': 2, '{"id":2}': 1 },
    });
  });

  test('keeps the newest records only, and exact counts for ever', async () => {
    await running.close();
    running = await runFake({ enforceWindows: false, keepRequests: 2 });
    const ids = [];
    for (let sent = 0; sent < 5; sent += 1) ids.push((await running.sendText()).json.id);

    const { requests, accepted } = running.fake.state();

    expect([requests.requests, accepted.count]).toEqual([5, 5]);
    expect(requests.newest.map(({ number }) => number)).toEqual([4, 5]);
    expect(accepted.newest.map(({ id }) => id)).toEqual(ids.slice(3));
  });

  test('can be asked for shorter lists', async () => {
    await running.sendText();
    await running.sendText();

    const one = await state('?newest=1');
    const none = await state('?newest=0');
    const bad = await running.call('GET', '/_fake/state?newest=-1');

    expect(one).toMatchObject({ accepted: { count: 2, newest: [{}] }, requests: { newest: [{}] } });
    expect(none).toMatchObject({ accepted: { count: 2, newest: [] }, webhooks: { newest: [] } });
    expect([bad.status, bad.json.field]).toEqual([400, 'newest']);
  });
});

describe('reset', () => {
  test('forgets what happened and what was still to come, and keeps secrets and settings', async () => {
    running.fake.configure({ requestsPerSecond: 1 });
    await running.vendor('POST', '/create/webhooks', { topic: 'messages', address: 'http://127.0.0.1:9/' });
    await running.sendText({ callbackData: 1 });
    await running.sendText();
    running.fake.addFault({ kind: 'answer', status: 500 });
    await running.vendor('GET', '/webhooks');
    running.fake.addFault({ kind: 'reset' });
    running.fake.inbound();
    await running.fake.webhooksQuiet();
    running.fake.setWindow({ customer });

    const reply = await running.admin('reset', {});

    expect(reply.status).toBe(200);
    expect(running.clock.pendingTimers()).toBe(0);
    const { requests, accepted, injected, webhooks, registrations, faults, settings } = running.fake.state();
    expect(requests).toEqual({
      requests: 0,
      accepted: 0,
      byStatus: {},
      byCode: {},
      byEndpoint: {},
      newest: [],
    });
    expect(accepted).toEqual({ count: 0, byRecipient: {}, byCallbackData: {}, newest: [] });
    expect([injected, registrations, faults]).toEqual([{}, [], []]);
    expect(webhooks).toMatchObject({ events: 0, attempts: 0, newest: [] });
    expect(settings.requestsPerSecond).toBe(1);
    running.fake.configure({ enforceWindows: true });
    const closed = await running.sendText();
    expect(closed.json.code).toBe('ERROR_CODE_MESSAGE_CUSTOMER_NO_CONVERSATION_INITIATION');
  });

  test('can keep the registrations', async () => {
    await running.vendor('POST', '/create/webhooks', { topic: 'messages', address: 'http://127.0.0.1:9/' });

    running.fake.reset({ keepRegistrations: true });

    expect(running.fake.state().registrations).toHaveLength(1);
  });
});

test.each([
  ['windows', 'customer', {}],
  ['windows', 'customer', { customer: '1' }],
  ['windows', 'state', { customer, state: 'ajar' }],
  ['secrets', 'apiKey', { apiKey: '' }],
  ['secrets', 'apiKey.b1', { apiKey: { b1: 1 } }],
  ['secrets', 'webhookSecret', { webhookSecret: null }],
  ['secrets', 'key', { key: 'x' }],
  ['settings', 'requestsPerSecond', { requestsPerSecond: -1 }],
  ['settings', 'acceptStatus', { acceptStatus: 202 }],
  ['settings', 'statusDelaysMs.read', { statusDelaysMs: { read: 'soon' } }],
  ['settings', 'webhookRetryDelaysMs[1]', { webhookRetryDelaysMs: [1, -1] }],
  ['settings', 'optedOut[0]', { optedOut: [1] }],
  ['settings', 'speed', { speed: 1 }],
  ['reset', 'keepRegistrations', { keepRegistrations: 'yes' }],
  ['reset', 'body', '{'],
  ['reset', 'body', []],
])('bad input to %s is answered with 400 that names %s', async (route, field, body) => {
  const before = running.fake.state();

  const reply = await running.admin(route, body);

  expect(reply.status).toBe(400);
  expect(reply.json).toEqual({ field, message: expect.stringContaining(field) });
  expect(running.fake.state()).toEqual(before);
});

test('bad options are refused at the start, by name', async () => {
  await expect(runFake({ requestsPerSecond: -1 })).rejects.toThrow('requestsPerSecond');
});

test('an unknown admin route is not found', async () => {
  const reply = await running.admin('nothing', {});

  expect(reply.status).toBe(404);
});

test.each([{ host: 'rebound.example.com' }, { origin: 'https://example.com' }, { origin: 'null' }])(
  'a web page from elsewhere is not served: %j',
  async (headers) => {
    const reply = await running.call('POST', '/_fake/reset', { body: {}, headers });

    expect(reply.status).toBe(403);
  },
);

test('a page of this machine is served', async () => {
  const reply = await running.call('GET', '/_fake/state', { headers: { origin: 'http://localhost:3000' } });

  expect(reply.status).toBe(200);
});

test('events are streamed live, in order', async () => {
  const response = await fetch(`${running.fake.url}/_fake/events`);
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  running.fake.addFault({ kind: 'answer', status: 500, accept: true });
  await running.sendText();
  let text = '';
  while (!text.includes('event: request\n')) text += (await reader?.read())?.value ?? '';

  await reader?.cancel();

  expect(response.headers.get('content-type')).toBe('text/event-stream');
  expect([...text.matchAll(/^event: (.*)$/gm)].map(([, type]) => type)).toEqual([
    'changed',
    'accepted',
    'fault',
    'request',
  ]);
  expect(text).not.toContain(apiKey);
});

test('a listener in process hears the same until it leaves', async () => {
  const types: string[] = [];
  const leave = running.fake.onEvent(({ type }) => types.push(type));
  await running.sendText();

  leave();
  await running.sendText();

  expect(types).toEqual(['accepted', 'request']);
});

test('the log has a line for each request, without numbers and texts', async () => {
  const lines: string[] = [];
  await running.close();
  running = await runFake({ enforceWindows: false, log: (line) => lines.push(line) });

  await running.sendText({ text: 'private' });
  await running.sendText({ text: '' });

  expect(lines).toEqual(['POST send/messages 201', 'POST send/messages 400 ERROR_CODE_MESSAGE_TEXT_EMPTY']);
});

test('a port that is taken is an error', async () => {
  await expect(runFake({ port: running.fake.port })).rejects.toThrow('EADDRINUSE');
});

describe('the index', () => {
  test('names routes that are there, each with an example that they take', async () => {
    const { json: index } = await running.call('GET', '/_fake/');

    const posts = Object.entries(index).filter(([route]) => route.startsWith('POST '));
    const replies = await Promise.all(
      posts
        .filter(([route]) => route !== 'POST /_fake/status')
        .map(([route, entry]) => {
          const example =
            typeof entry === 'object' && entry !== null && 'example' in entry ? entry.example : {};
          return running.call('POST', route.slice(5), { body: JSON.stringify(example) });
        }),
    );
    expect(posts).toHaveLength(7);
    expect(replies.map(({ status }) => status)).toEqual(replies.map(() => 200));
  });
});
