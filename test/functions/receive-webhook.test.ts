import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { eventually } from '../support/waiting.ts';
import { attributesOf, type Stand, standForEachTest } from './stand.ts';

let stand: Stand;

standForEachTest((started) => {
  stand = started;
});

const secret = 'secret-canary';
const body =
  '{"topic":"messages","message":{"id":"M1","text":"text-canary 😀"},"sender":{"id":"+15550canary"}}';
const signatureOf = (text: string, key = secret) => createHmac('sha256', key).update(text).digest('base64');

function request(text: string, signature = signatureOf(text)) {
  return {
    version: '2.0',
    headers: { 'x-connectly-hmac-sha256': signature },
    body: text,
    isBase64Encoded: false,
  };
}

const statusOf = ({ result }: { result?: unknown }) => Object(result).statusCode;

describe('the built receive-webhook', () => {
  it('queues a signed event and answers 200', async () => {
    stand.setSecret('webhook', secret);
    const receiveWebhook = stand.runReceiveWebhook();

    const { result } = await receiveWebhook.invoke(request(body));

    const [event, ...others] = stand.messages('events');
    expect(result).toEqual({
      statusCode: 200,
      headers: { 'content-type': 'application/json' },
      body: '{"message":"Queued"}',
    });
    expect(event?.body.endsWith(`,"event":${body}}`)).toBe(true);
    expect(attributesOf(event)).toEqual({ topic: 'messages', eventId: 'M1' });
    expect(others).toEqual([]);
  });

  it('answers 401 to a wrong and to a missing signature, and 413 to what is too long', async () => {
    stand.setSecret('webhook', secret);
    const receiveWebhook = stand.runReceiveWebhook();

    const answers = [
      await receiveWebhook.invoke(request(body, signatureOf(body, 'another'))),
      await receiveWebhook.invoke({ headers: null, body: null }),
      await receiveWebhook.invoke(request('x'.repeat(512 * 1024 + 1))),
    ];

    expect(answers.map(statusOf)).toEqual([401, 401, 413]);
    expect(stand.messages('events')).toEqual([]);
  });

  it('answers 503 while the secret is not set, says so in its log, and works once it is', async () => {
    const receiveWebhook = stand.runReceiveWebhook();

    const before = await receiveWebhook.invoke(request(body));
    stand.setSecret('webhook', secret);
    const after = await eventually('the answer 200', async () => {
      const answer = await receiveWebhook.invoke(request(body));
      return statusOf(answer) === 200 ? answer : undefined;
    });

    expect([before, after].map(statusOf)).toEqual([503, 200]);
    expect(receiveWebhook.log()[0]).toMatchObject({ level: 'error', status: 503, code: 'secret-not-set' });
  });

  it.each([
    ['is usable', () => stand.setSecret('webhook', secret), 401, 2],
    ['has no value', () => {}, 503, 2],
    ['is damaged', () => stand.setSecret('webhook', '{"a":1}'), 503, 2],
    [
      'may not be read',
      () => stand.secretFaults.add({ operation: 'GetSecretValue', fault: { kind: 'access-denied' } }),
      503,
      2,
    ],
    [
      'is with a Secrets Manager in trouble',
      () => stand.secretFaults.add({ operation: 'GetSecretValue', fault: { kind: 'internal-error' } }),
      503,
      // The SDK tries each three times.
      2 * 3,
    ],
  ])(
    'asks for its secret twice at most for 300 forged requests, when that %s',
    async (_, arrange, status, calls) => {
      arrange();
      const receiveWebhook = stand.runReceiveWebhook();

      const answers = [];
      for (let sent = 0; sent < 300; sent += 1)
        answers.push(await receiveWebhook.invoke(request(body, signatureOf(body, 'another'))));

      expect(new Set(answers.map(statusOf))).toEqual(new Set([status]));
      expect(stand.calls.secrets.length).toBeLessThanOrEqual(calls);
    },
  );

  it('answers 503 when SQS does not take the event', async () => {
    stand.setSecret('webhook', secret);
    stand.sqsFaults.add({ operation: 'SendMessage', fault: { kind: 'access-denied' } });
    const receiveWebhook = stand.runReceiveWebhook();

    const answer = await receiveWebhook.invoke(request(body));

    expect(statusOf(answer)).toBe(503);
    expect(receiveWebhook.log()[0]).toMatchObject({ level: 'error', result: 'queue-unavailable' });
  });

  it('answers 200 to a delivery status whose report cannot be queued, and says so in its log', async () => {
    stand.setSecret('webhook', secret);
    stand.sqsFaults.add({ operation: 'SendMessage', fault: { kind: 'access-denied' }, after: 1 });
    const receiveWebhook = stand.runReceiveWebhook();
    const status =
      '{"statusUpdate":{"id":"V1","status":"read"},"callbackData":{"relay":{"v":1,"id":"order-canary"}}}';

    const answer = await receiveWebhook.invoke(request(status));

    expect(statusOf(answer)).toBe(200);
    expect(stand.messages('events')).toHaveLength(1);
    expect(stand.messages('outcomes')).toEqual([]);
    expect(receiveWebhook.log().map(({ event }) => event)).toEqual(['status-unreported', 'webhook']);
    expect(receiveWebhook.output()).not.toContain('canary');
  });

  it('fails in the same way on the second load when a setting is missing', async () => {
    const receiveWebhook = stand.runReceiveWebhook({ EVENTS_QUEUE_URL: '' });

    const failures = [await receiveWebhook.invoke(request(body)), await receiveWebhook.invoke(request(body))];

    expect(failures[0]?.thrown).toEqual({
      code: 'config-invalid',
      message: expect.stringContaining('EVENTS_QUEUE_URL'),
    });
    expect(failures[1]).toEqual(failures[0]);
  });

  it('logs one line for each request, and nothing of what came in it', async () => {
    stand.setSecret('webhook', secret);
    const receiveWebhook = stand.runReceiveWebhook();
    const signature = signatureOf(body);

    await receiveWebhook.invoke(request(body));
    await receiveWebhook.invoke(request('{"canary":'));
    await receiveWebhook.invoke(request(body, signatureOf(body, 'canary')));
    stand.sqsFaults.add({ operation: 'SendMessage', fault: { kind: 'access-denied' } });
    await receiveWebhook.invoke(request(body));

    expect(receiveWebhook.log().map(({ event, status }) => [event, status])).toEqual([
      ['webhook', 200],
      ['webhook', 200],
      ['webhook', 401],
      ['webhook', 503],
    ]);
    expect(receiveWebhook.output()).not.toMatch(/canary/);
    expect(receiveWebhook.output()).not.toContain(signature);
  });
});
