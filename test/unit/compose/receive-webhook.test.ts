import { describe, expect, it } from 'vitest';
import { composeReceiveWebhook } from '../../../lib/compose/receive-webhook.ts';
import { sign, signatureHeader } from '../../../lib/webhook/signature.ts';
import { lineAtStart, startedAt, type TestOutside, testOutside } from './outside.ts';

const config = {
  stage: 'test',
  logLevel: 'info',
  eventsQueueUrl: 'events',
  outcomesQueueUrl: 'outcomes',
  webhookSecretArn: 'webhook-secret',
} as const;
const context = { awsRequestId: 'request-1' };
const minuteMs = 60_000;

/** The function in an environment of its own, with a secret. */
function compose(): {
  readonly outside: TestOutside;
  readonly handle: ReturnType<typeof composeReceiveWebhook>;
} {
  const outside = testOutside();
  outside.secret = '["secret-1"]';
  return { outside, handle: composeReceiveWebhook(config, outside) };
}

const signed = (body: string, secret = 'secret-1') => ({
  headers: { [signatureHeader]: sign(body, secret) },
  body,
});
const inbound = '{"topic":"messages","message":{"id":"M1","text":"hello"}}';
const status = JSON.stringify({
  topic: 'delivery_status',
  statusUpdate: { id: 'V1', status: 'delivered' },
  callbackData: { relay: { v: 1, id: 'order-1' } },
});

describe('the composed receive-webhook', () => {
  it('puts a signed event on the events queue, answers 200 and writes its line', async () => {
    const { outside, handle } = compose();

    const answer = await handle(signed(inbound), context);

    expect(answer.statusCode).toBe(200);
    expect(outside.reads).toEqual(['webhook-secret']);
    expect(outside.queueCalls).toEqual([
      {
        queue: 'events',
        body: expect.stringContaining('"M1"'),
        attributes: expect.objectContaining({ topic: 'messages' }),
      },
    ]);
    expect(outside.lines).toEqual([
      expect.objectContaining({
        event: 'webhook',
        ...lineAtStart,
        result: 'queued',
        status: 200,
        _aws: expect.objectContaining({ Timestamp: startedAt }),
      }),
    ]);
  });

  it('says in its line how long it took, by the clock that it is given', async () => {
    const { outside, handle } = compose();
    outside.fault = async (service) => {
      if (service === 'sqs') await outside.clock.advance(40);
      return undefined;
    };

    await handle(signed(inbound), context);

    expect(outside.lines).toMatchObject([{ durationMs: 40 }]);
  });

  it('passes the status of a send on to the outcomes queue', async () => {
    const { outside, handle } = compose();

    await handle(signed(status), context);

    expect(outside.queueCalls.map(({ queue }) => queue)).toEqual(['events', 'outcomes']);
    expect(outside.queueCalls[1]?.body).toContain('"sendId":"order-1"');
  });

  it('answers 200 and warns when the status cannot be passed on', async () => {
    const { outside, handle } = compose();
    outside.fault = (service) =>
      service === 'sqs' && outside.queueCalls.length === 1 ? new Error('The queue is full.') : undefined;

    const answer = await handle(signed(status), context);

    expect(answer.statusCode).toBe(200);
    expect(outside.lines).toMatchObject([
      { event: 'status-unreported', level: 'warn', errorName: 'Error' },
      { event: 'webhook', result: 'queued' },
    ]);
  });

  it('answers 503 with an error in the log when the events queue fails', async () => {
    const { outside, handle } = compose();
    outside.fault = (service) => (service === 'sqs' ? new Error('The queue is full.') : undefined);

    const answer = await handle(signed(inbound), context);

    expect(answer.statusCode).toBe(503);
    expect(outside.lines).toMatchObject([{ event: 'webhook', level: 'error', result: 'queue-unavailable' }]);
  });

  it('refuses what is signed with a secret that it does not have', async () => {
    const { outside, handle } = compose();

    const answer = await handle(signed(inbound, 'another'), context);

    expect(answer.statusCode).toBe(401);
    expect(outside.lines).toMatchObject([{ event: 'webhook', level: 'warn', result: 'signature-wrong' }]);
    expect(outside.queueCalls).toEqual([]);
  });

  it('reads the secret again after a while by the clock that it is given, and serves the old one with a warning', async () => {
    const { outside, handle } = compose();
    await handle(signed(inbound), context);
    await outside.clock.advance(6 * minuteMs);
    outside.fault = (service) => (service === 'secretsManager' ? new Error('It is away.') : undefined);

    const answer = await handle(signed(inbound), context);

    expect(answer.statusCode).toBe(200);
    expect(outside.lines).toMatchObject([
      { event: 'webhook' },
      { event: 'secret-served-stale', level: 'warn', code: 'secret-unavailable', fault: 'Error' },
      { event: 'webhook', result: 'queued' },
    ]);
  });

  it('reads a secret that is no list of secrets as none', async () => {
    const { outside, handle } = compose();
    outside.secret = '{}';

    const answer = await handle(signed(inbound), context);

    expect(answer.statusCode).toBe(503);
    expect(outside.lines).toMatchObject([{ result: 'secret-unavailable' }]);
  });
});
