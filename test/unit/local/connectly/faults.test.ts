import http from 'node:http';
import { describe, expect, test } from 'vitest';
import { errorCodes } from '../../../../connectly-events/refusals.ts';
import { customer, fakeForEachTest, type RunningFake } from './running-fake.ts';

let running: RunningFake;
fakeForEachTest((started) => (running = started), { enforceWindows: false });

const accepted = () => running.fake.state().accepted.count;
const injected = () => running.fake.state().injected;

describe('an answer', () => {
  test('has the status alone, with an empty body and nothing accepted, and only once', async () => {
    running.fake.addFault({ kind: 'answer', status: 500 });

    const faulty = await running.sendText();
    const next = await running.sendText();

    expect([faulty.status, faulty.text, next.status]).toEqual([500, '', 201]);
    expect(accepted()).toBe(1);
    expect(injected()).toEqual({ 'answer 500': { accepted: 0, notAccepted: 1 } });
  });

  test.each(errorCodes)("has the vendor's body for %s", async (code) => {
    running.fake.addFault({ kind: 'answer', code });

    const reply = await running.sendText();

    expect(reply.json).toMatchObject({ code, message: expect.any(String), cntTraceId: expect.any(String) });
    expect(reply.status).toBeGreaterThanOrEqual(400);
    expect(running.fake.state().requests.byCode).toEqual({ [code]: 1 });
  });

  test("has a status beside a code that is not on the vendor's list", async () => {
    running.fake.addFault({ kind: 'answer', status: 418, code: 'ERROR_CODE_NEW' });

    const reply = await running.sendText();

    expect([reply.status, reply.json.code]).toEqual([418, 'ERROR_CODE_NEW']);
  });

  test('has the body, the headers and the Retry-After that it was given', async () => {
    running.fake.addFault({
      kind: 'answer',
      status: 429,
      body: '<html>',
      headers: { 'Content-Type': 'text/html', 'x-more': '1' },
      retryAfter: 7,
    });

    const reply = await running.sendText();

    expect(reply.text).toBe('<html>');
    expect(reply.headers).toMatchObject({ 'content-type': 'text/html', 'x-more': '1', 'retry-after': '7' });
  });

  test('has a Retry-After as a date, and a body in JSON', async () => {
    const retryAfter = 'Wed, 21 Oct 2026 07:28:00 GMT';
    running.fake.addFault({ kind: 'answer', status: 503, body: { a: 1 }, retryAfter });

    const reply = await running.sendText();

    expect(reply.json).toEqual({ a: 1 });
    expect(reply.headers['retry-after']).toBe(retryAfter);
  });

  test('can come after the message was accepted', async () => {
    running.fake.addFault({ kind: 'answer', status: 502, accept: true });

    const reply = await running.sendText();

    expect(reply.status).toBe(502);
    expect(accepted()).toBe(1);
    expect(injected()).toEqual({ 'answer 502': { accepted: 1, notAccepted: 0 } });
  });
});

describe('slow', () => {
  test.each([
    [false, 0],
    [true, 1],
  ])('with accept %s, holds the answer back for its delay', async (accept, acceptedMeanwhile) => {
    running.fake.addFault({ kind: 'slow', delayMs: 5000, accept });
    const arrived = requestWaits();
    const pending = running.sendText();
    await arrived;

    await running.clock.advance(4999);
    const meanwhile = accepted();
    await running.clock.advance(1);
    const reply = await pending;

    expect(meanwhile).toBe(acceptedMeanwhile);
    expect(reply.status).toBe(201);
    expect(accepted()).toBe(1);
  });

  test('accepts in the end, even when the caller has gone', async () => {
    running.fake.addFault({ kind: 'slow', delayMs: 5000 });
    await running.call('POST', '/v1/businesses/b1/send/whatsapp_templated_messages', {
      body: { number: customer, templateName: 'a' },
      hangUpAfterBytes: 0,
    });

    await running.clock.advance(5000);

    expect(accepted()).toBe(1);
    expect(injected()).toEqual({ slow: { accepted: 1, notAccepted: 0 } });
  });
});

describe.each([
  [false, 0],
  [true, 1],
])('with accept %s', (accept, count) => {
  test('hang never answers', async () => {
    running.fake.addFault({ kind: 'hang', accept });

    const reply = await running.call('POST', '/v1/businesses/b1/send/messages', {
      body: { recipient: { id: customer, channelType: 'whatsapp' }, message: { text: 'hi' } },
      hangUpAfterBytes: 0,
    });

    expect(reply.status).toBeUndefined();
    expect(accepted()).toBe(count);
    expect(running.fake.state().requests.byStatus).toEqual({ none: 1 });
    expect(injected()).toEqual({ hang: { accepted: count, notAccepted: 1 - count } });
  });

  test('reset resets the connection without an answer', async () => {
    running.fake.addFault({ kind: 'reset', accept });

    const reply = await running.sendText();

    expect([reply.status, reply.error]).toEqual([undefined, 'ECONNRESET']);
    expect(accepted()).toBe(count);
  });

  test('close ends the connection without an answer', async () => {
    running.fake.addFault({ kind: 'close', accept });

    const reply = await running.sendText();

    expect([reply.status, reply.text]).toEqual([undefined, '']);
    expect(accepted()).toBe(count);
  });
});

test('a kept connection can be dropped at its second request', async () => {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  running.fake.addFault({ kind: 'close', skip: 1 });
  const get = () => running.call('GET', '/v1/businesses/b1/webhooks', { agent });

  const first = await get();
  const second = await get();
  const third = await get();
  agent.destroy();

  expect([first.status, second.status, third.status]).toEqual([200, undefined, 200]);
});

test('reset-mid-body lets the status line and a part of the body through', async () => {
  running.fake.addFault({ kind: 'reset-mid-body' });

  const reply = await running.sendText();

  expect([reply.status, reply.error]).toEqual([201, 'ECONNRESET']);
  expect('{"id":"01'.startsWith(reply.text.slice(0, 9))).toBe(true);
  expect(reply.text.length).toBeLessThan(35);
  expect(accepted()).toBe(1);
});

test.each(['body', 'headers'] as const)('drip sends the %s byte by byte, without end', async (part) => {
  running.fake.addFault({ kind: 'drip', intervalMs: 100, part });
  const call = { closed: false };
  const pending = running
    .call('POST', '/v1/businesses/b1/send/messages', {
      body: { recipient: { id: customer, channelType: 'whatsapp' }, message: { text: 'hi' } },
      hangUpAfterBytes: 5,
    })
    .finally(() => void (call.closed = true));
  while (running.clock.pendingTimers() < 4) await new Promise((resolve) => setImmediate(resolve));

  if (part === 'headers') {
    await running.clock.advance(60_000);
    expect(call.closed).toBe(false);
    await running.close();
  }
  while (!call.closed) await running.clock.advance(100);
  const reply = await pending;

  expect(reply.status).toBe(part === 'body' ? 201 : undefined);
  expect(reply.text.trim()).toBe('');
  expect(accepted()).toBe(1);
});

test('endless pours until the caller hangs up', async () => {
  running.fake.addFault({ kind: 'endless' });

  const reply = await running.call('POST', '/v1/businesses/b1/send/whatsapp_templated_messages', {
    body: { number: customer, templateName: 'a' },
    hangUpAfterBytes: 2 ** 20,
  });

  expect(reply.status).toBe(201);
  expect(reply.text.length).toBeGreaterThanOrEqual(2 ** 20);
  expect(accepted()).toBe(1);
});

test('redirect points elsewhere and accepts nothing', async () => {
  running.fake.addFault({ kind: 'redirect', location: 'http://localhost:9/x' });

  const reply = await running.sendText();

  expect([reply.status, reply.headers.location]).toEqual([307, 'http://localhost:9/x']);
  expect(accepted()).toBe(0);
});

test.each([
  ['no-id', '{}'],
  ['garbage', '{"id": <html>'],
  ['empty', ''],
] as const)('%s accepts and answers with a bad body', async (kind, text) => {
  running.fake.addFault({ kind });

  const reply = await running.sendText();

  expect([reply.status, reply.text]).toEqual([201, text]);
  expect(accepted()).toBe(1);
});

test('wrong-length announces more than comes, or less', async () => {
  running.fake.addFault({ kind: 'wrong-length' });
  running.fake.addFault({ kind: 'wrong-length', extraBytes: -10 });

  const more = await running.sendText();
  const less = await running.sendText();

  expect([more.status, more.complete, more.text.length]).toEqual([201, false, 35]);
  expect([less.status, less.text.length]).toEqual([201, 25]);
  expect(accepted()).toBe(2);
});

/** Resolves when the request waits in its delay. */
async function requestWaits(): Promise<void> {
  while (running.clock.pendingTimers() === 0) await new Promise((resolve) => setImmediate(resolve));
}
