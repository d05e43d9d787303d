import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SendStatus } from '../../../lib/message/send-status.ts';
import type { CachedSecret } from '../../../lib/secrets/cache.ts';
import type { QueuedEvent } from '../../../lib/webhook/event.ts';
import { createReceive } from '../../../lib/webhook/receive.ts';
import { maximumBodyBytes, type WebhookRequest } from '../../../lib/webhook/request.ts';
import { sign, signatureHeader } from '../../../lib/webhook/signature.ts';

const secret = 'the live secret';

interface Setup {
  readonly current?: () => Promise<CachedSecret<readonly string[]>>;
  readonly refreshed?: () => Promise<CachedSecret<readonly string[]>>;
  readonly publish?: (event: QueuedEvent) => Promise<void>;
  readonly passOn?: () => Promise<void>;
}

const live = async () => ({ value: [secret], stale: false });

/** The use case between ports that write down, in order, what was asked of them. */
function scene(setup: Setup = {}) {
  const calls: string[] = [];
  const events: QueuedEvent[] = [];
  const statuses: SendStatus[] = [];
  const lost: unknown[] = [];
  const receive = createReceive({
    secrets: {
      current: () => {
        calls.push('current');
        return (setup.current ?? live)();
      },
      refreshed: () => {
        calls.push('refreshed');
        return (setup.refreshed ?? live)();
      },
    },
    events: {
      async publish(event) {
        calls.push('publish');
        await setup.publish?.(event);
        events.push(event);
      },
    },
    statuses: {
      async publish(status) {
        calls.push('pass on');
        await setup.passOn?.();
        statuses.push(status);
      },
    },
    onStatusLost: (error) => lost.push(error),
    now: () => 0,
  });
  return { receive, calls, events, statuses, lost };
}

const signed = (body: string, key = secret): WebhookRequest => ({
  headers: { [signatureHeader]: sign(body, key) },
  body,
});

const message = '{"message":{"id":"M1","text":"hi"}}';

describe('receive', () => {
  it('queues a signed event and answers 200 only after the queue has confirmed', async () => {
    const { receive, calls, events } = scene();

    const receipt = await receive(signed(message));

    expect(receipt).toEqual({
      status: 200,
      result: 'queued',
      event: events[0],
      bytes: 35,
      secretAge: 'only',
    });
    expect(calls).toEqual(['current', 'publish']);
    expect(events).toHaveLength(1);
  });

  it.each([
    [['old', secret], 'newest'],
    [[secret, 'new'], 'older'],
    [[secret, secret], 'newest'],
    [[secret], 'only'],
  ])('says which of the live secrets %j made the signature, and never its value', async (value, age) => {
    const { receive } = scene({ current: async () => ({ value, stale: false }) });

    const receipt = await receive(signed(message));

    expect(receipt).toMatchObject({ status: 200, secretAge: age });
    expect(JSON.stringify(receipt)).not.toContain(secret);
  });

  it('says it of the list that it has read anew, too', async () => {
    const { receive } = scene({
      current: async () => ({ value: ['old'], stale: false }),
      refreshed: async () => ({ value: ['old', secret], stale: false }),
    });

    const receipt = await receive(signed(message));

    expect(receipt).toMatchObject({ status: 200, secretAge: 'newest' });
  });

  it('gives the same verdict to the same bytes as text and as base64', async () => {
    const { receive, events } = scene();
    const body = '{"message":{"id":"M1","text":"Café 😀"}}';
    const headers = { [signatureHeader]: sign(body, secret) };
    const base64 = Buffer.from(body).toString('base64');

    const asText = await receive({ headers, body, isBase64Encoded: false });
    const asBase64 = await receive({ headers, body: base64, isBase64Encoded: true });
    const flagIgnored = await receive({ headers, body: base64, isBase64Encoded: false });

    expect([asText.status, asBase64.status, flagIgnored.status]).toEqual([200, 200, 401]);
    expect(events[0]).toEqual(events[1]);
  });

  it.each([
    ['no headers', {}],
    ['null headers', { headers: null }],
    ['empty headers', { headers: {} }],
    ['no body and no signature', { headers: {}, body: null }],
    ['a malformed signature', { headers: { [signatureHeader]: 'nonsense' }, body: message }],
    ['unsigned invalid JSON', { headers: {}, body: '{' }],
  ])('answers 401 to %s without asking for a secret', async (_, request) => {
    const { receive, calls } = scene();

    const receipt = await receive(request);

    expect(receipt).toEqual({ status: 401, result: 'signature-missing' });
    expect(calls).toEqual([]);
  });

  it.each([{ body: null }, { body: '' }, {}])('queues a signed empty body (%j)', async (body) => {
    const { receive, events } = scene();

    const receipt = await receive({ headers: { [signatureHeader]: sign('', secret) }, ...body });

    expect(receipt.status).toBe(200);
    expect(events[0]?.parsed).toBe(false);
  });

  it('queues signed invalid JSON, marked as unparsed', async () => {
    const { receive, events } = scene();

    const receipt = await receive(signed('{"message":'));

    expect(receipt.status).toBe(200);
    expect(events[0]?.parsed).toBe(false);
  });

  it('never looks into a body whose signature is wrong', async () => {
    const { receive, events } = scene();

    const receipt = await receive(signed('{"message":', 'another secret'));

    expect(receipt).toEqual({ status: 401, result: 'signature-wrong' });
    expect(events).toEqual([]);
  });

  it('asks for newer secrets once after a mismatch, and accepts what they verify', async () => {
    const { receive, calls } = scene({ refreshed: async () => ({ value: ['rotated'], stale: false }) });

    const receipt = await receive(signed(message, 'rotated'));

    expect(receipt.status).toBe(200);
    expect(calls).toEqual(['current', 'refreshed', 'publish']);
  });

  it('answers 503 to a mismatch when newer secrets may exist that could not be fetched', async () => {
    const { receive } = scene({ refreshed: async () => ({ value: [secret], stale: true }) });

    const receipt = await receive(signed(message, 'rotated'));

    expect(receipt).toEqual({ status: 503, result: 'secret-stale' });
  });

  it('answers 503 when there is no secret to check against', async () => {
    const cause = new Error('down');
    const { receive, events } = scene({ current: () => Promise.reject(cause) });

    const receipt = await receive(signed(message));

    expect(receipt).toEqual({ status: 503, result: 'secret-unavailable', cause });
    expect(events).toEqual([]);
  });

  it('answers 503 when asking again after a mismatch fails', async () => {
    const cause = new Error('down');
    const { receive } = scene({ refreshed: () => Promise.reject(cause) });

    const receipt = await receive(signed(message, 'another secret'));

    expect(receipt).toEqual({ status: 503, result: 'secret-unavailable', cause });
  });

  it('answers 503 when the queue does not confirm', async () => {
    const cause = new Error('down');
    const { receive } = scene({ publish: () => Promise.reject(cause) });

    const receipt = await receive(signed(message));

    expect(receipt).toEqual({ status: 503, result: 'queue-unavailable', cause });
  });

  it('takes a body of exactly 512 KiB', async () => {
    const { receive } = scene();

    const receipt = await receive(signed('x'.repeat(maximumBodyBytes)));

    expect(receipt.status).toBe(200);
  });

  it('answers 413 to one byte more, before it looks at the signature', async () => {
    const { receive, calls } = scene();

    const receipts = await Promise.all([
      receive(signed('x'.repeat(maximumBodyBytes + 1))),
      receive({ headers: null, body: 'x'.repeat(maximumBodyBytes + 1) }),
    ]);

    const refused = { status: 413, result: 'too-large' };
    expect(receipts).toEqual([refused, refused]);
    expect(calls).toEqual([]);
  });

  it('measures bytes, not characters, and what base64 stands for', async () => {
    const { receive } = scene();
    const accents = 'é'.repeat(maximumBodyBytes / 2 + 1);
    const base64 = Buffer.alloc(maximumBodyBytes).toString('base64');

    const tooLong = await receive({ headers: {}, body: accents });
    const longEnough = await receive({ headers: {}, body: base64, isBase64Encoded: true });

    expect([tooLong.status, longEnough.status]).toEqual([413, 401]);
  });

  it('never rejects and never answers 5xx, whatever arrives', async () => {
    const { receive } = scene();
    const header = fc.constantFrom(signatureHeader, 'X-Connectly-HMAC-SHA256', 'content-type');
    const value = fc.oneof(fc.string(), fc.constant(undefined), fc.constant(sign(message, secret)));
    const request = fc.record(
      {
        headers: fc.option(fc.dictionary(header, value)),
        body: fc.option(fc.oneof(fc.string({ unit: 'binary' }), fc.constant(message))),
        isBase64Encoded: fc.boolean(),
      },
      { requiredKeys: [] },
    );

    await fc.assert(
      fc.asyncProperty(request, async (hostile) => {
        const { status } = await receive(hostile);

        expect([200, 401]).toContain(status);
      }),
    );
  });
});

describe('a delivery status of one of our sends', () => {
  const status = JSON.stringify({
    statusUpdate: { id: 'V1', status: 'delivered' },
    callbackData: { relay: { v: 1, id: 'order-42' }, data: { order: 42 } },
  });

  const queued = { status: 200, result: 'queued', secretAge: 'only' };
  const about = (number: number) => signed(status.replace('"V1"', `"V${String(number)}"`));

  it('is passed on once the event is queued, and then answered', async () => {
    const { receive, calls, statuses, events } = scene();

    const receipt = await receive(signed(status));

    expect(receipt).toEqual({ ...queued, event: events[0], bytes: status.length });
    expect(calls).toEqual(['current', 'publish', 'pass on']);
    expect(statuses).toEqual([{ sendId: 'order-42', vendorId: 'V1' }]);
  });

  it('names the business that the message named', async () => {
    const { receive, statuses } = scene();
    const body = status.replace('"id":"order-42"', '"id":"order-42","businessId":"business-2"');

    await receive(signed(body));

    expect(statuses).toEqual([{ sendId: 'order-42', businessId: 'business-2', vendorId: 'V1' }]);
  });

  it('is passed on once for a message: sent, delivered and read say the same of a send', async () => {
    const { receive, statuses, events } = scene();

    for (const each of ['sent', 'delivered', 'read', 'read'])
      await receive(signed(status.replace('"delivered"', JSON.stringify(each))));

    expect(events).toHaveLength(4);
    expect(statuses).toEqual([{ sendId: 'order-42', vendorId: 'V1' }]);
  });

  it.each([
    ['about another message of the same send', status.replace('"V1"', '"V2"')],
    ['about another send', status.replace('"order-42"', '"order-43"')],
    [
      'about a send of another business',
      status.replace('"id":"order-42"', '"id":"order-42","businessId":"b"'),
    ],
  ])('is passed on %s than the last one', async (_, other) => {
    const { receive, statuses } = scene();

    for (const body of [status, other]) await receive(signed(body));

    expect(statuses).toHaveLength(2);
  });

  it('without an id of the message is passed on each time: nothing says which message it is about', async () => {
    const { receive, statuses } = scene();
    const nameless = status.replace('"id":"V1",', '');

    for (const body of [nameless, nameless]) await receive(signed(body));

    expect(statuses).toEqual([{ sendId: 'order-42' }, { sendId: 'order-42' }]);
  });

  it('is passed on again when nobody knows whether the last one arrived', async () => {
    const answers = [() => Promise.reject(new Error('SQS is down')), () => Promise.resolve()];
    const { receive, statuses, lost } = scene({ passOn: async () => answers.shift()?.() });

    for (const body of [status, status]) await receive(signed(body));

    expect([statuses.length, lost.length]).toEqual([1, 1]);
  });

  it('is remembered for a thousand messages, and no more', async () => {
    const { receive, statuses } = scene();
    for (let number = 1; number <= 1_000; number++) await receive(about(number));

    await receive(about(1));
    await receive(about(1_001));
    await receive(about(1_001));
    await receive(about(2));
    await receive(about(1));

    expect(statuses.slice(1_000).map(({ vendorId }) => vendorId)).toEqual(['V1001', 'V1']);
  });

  it('is answered in the same way when passing it on fails, and somebody is told', async () => {
    const error = new Error('SQS is down');
    const { receive, events, lost } = scene({ passOn: () => Promise.reject(error) });

    const receipt = await receive(signed(status));

    expect(receipt).toEqual({ ...queued, event: events[0], bytes: status.length });
    expect(lost).toEqual([error]);
  });

  it('is not passed on when the event could not be queued', async () => {
    const { receive, calls } = scene({ publish: () => Promise.reject(new Error('down')) });

    const receipt = await receive(signed(status));

    expect(receipt.status).toBe(503);
    expect(calls).not.toContain('pass on');
  });

  it('is not passed on when its signature is wrong', async () => {
    const { receive, calls } = scene();

    const receipt = await receive(signed(status, 'another secret'));

    expect(receipt.status).toBe(401);
    expect(calls).not.toContain('pass on');
  });

  it.each([
    ['without our wrapper', { statusUpdate: { id: 'V1', status: 'read' }, callbackData: { order: 42 } }],
    [
      'without an id in it',
      { statusUpdate: { id: 'V1', status: 'read' }, callbackData: { relay: { v: 1 } } },
    ],
    ['without callback data', { statusUpdate: { id: 'V1', status: 'read' } }],
    ['that is a message', { message: { id: 'M1' }, callbackData: { relay: { v: 1, id: 'order-42' } } }],
    [
      'whose status is no object',
      { statusUpdate: 'read', callbackData: { relay: { v: 1, id: 'order-42' } } },
    ],
  ])('%s is queued like any other event, and not passed on', async (_, event) => {
    const { receive, calls, events } = scene();

    const receipt = await receive(signed(JSON.stringify(event)));

    expect(receipt.status).toBe(200);
    expect(calls).toEqual(['current', 'publish']);
    expect(events[0]?.sendStatus).toBeUndefined();
  });
});
