import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { maximumMessageBytes } from '../../lib/message/parse.ts';
import { reset } from '../support/scripted-server.ts';
import { attributesOf, counted, type Stand, standForEachTest } from './stand.ts';

let stand: Stand;

standForEachTest((started) => {
  stand = started;
  stand.setSecret('key', 'key-canary');
  stand.setSecret('webhook', webhookSecret);
});

const webhookSecret = 'secret-canary';
const order = { type: 'text', to: '+15550001111', text: 'text-canary', id: 'order-42' };
const none = { batchItemFailures: [] };
const hourMs = 3_600_000;

/** Leaves the message parked, as a reset does. */
async function park(message: object | string = order, attributes: object = {}) {
  stand.connectly.script(reset);
  await stand.runSendMessage().invoke(await stand.batchWith(attributes, message));
  return stand.receive('outcomes');
}

/** Makes the one attempt in the ledger so old that nobody waits for a status any more. */
async function letTimePass() {
  const [{ content = '', attemptId = '' } = {}] = await stand.ledger();
  await stand.setLedgerEntry('order-42', {
    state: 'UNKNOWN',
    content,
    attemptId,
    leaseUntil: Date.now() - hourMs,
    forgetAt: Date.now() + hourMs,
  });
}

/** Settles a batch in an environment that has just started, and so looks at it again for five minutes. */
async function settleInTime(batch: unknown, settings: Readonly<Record<string, string>> = {}) {
  const settleSend = stand.runSettleSend(settings);
  let answered = await settleSend.invoke(batch);
  for (let laterMs = 20_000; laterMs <= 300_000; laterMs += 20_000)
    answered = await settleSend.invoke(batch, { laterMs });
  return answered;
}

/** What the webhook makes of a delivery status of that send. */
async function receiveStatus() {
  const body = JSON.stringify({
    statusUpdate: { id: 'V9', status: 'delivered' },
    recipient: { id: '+15550001111' },
    callbackData: { relay: { v: 1, id: 'order-42' }, data: 'data-canary' },
  });
  const signature = createHmac('sha256', webhookSecret).update(body).digest('base64');
  const { result } = await stand.runReceiveWebhook().invoke({
    version: '2.0',
    headers: { 'x-connectly-hmac-sha256': signature },
    body,
    isBase64Encoded: false,
  });
  return result;
}

describe('the built settle-send', () => {
  it('waits for a parked send, out of sight', async () => {
    const batch = await park();
    const settleSend = stand.runSettleSend();

    const { result } = await settleSend.invoke(batch);

    const [waiting] = stand.messages('outcomes');
    expect(result).toEqual({ batchItemFailures: [{ itemIdentifier: batch.Records[0]?.messageId }] });
    expect((waiting?.visibleAt ?? 0) - Date.now()).toBeGreaterThan(0.4 * hourMs);
    expect(settleSend.log()).toMatchObject([{ event: 'settle', type: 'parked', result: 'waiting' }]);
  });

  it('settles a parked send by the status that the webhook passes on', async () => {
    const parked = await park();
    const answered = await receiveStatus();
    const reports = await stand.receive('outcomes');
    const settleSend = stand.runSettleSend();

    const results = [await settleSend.invoke(reports), await settleSend.invoke(parked)];

    expect(answered).toMatchObject({ statusCode: 200 });
    expect(reports.Records.map(({ body }) => body)).toEqual(['{"sendId":"order-42","vendorId":"V9"}']);
    expect(results.map(({ result }) => result)).toEqual([none, none]);
    expect(await stand.ledger()).toMatchObject([{ state: 'SENT', vendorId: 'V9' }]);
    expect([...stand.messages('dlq'), ...stand.messages('sends').slice(1)]).toEqual([]);
  });

  it('hands a send to people that nothing is heard of under hold', async () => {
    const batch = await park();
    await letTimePass();

    const { result } = await settleInTime(batch);

    const [dead] = stand.messages('dlq');
    expect(result).toEqual(none);
    expect(dead?.body).toBe(JSON.stringify(order));
    expect(attributesOf(dead)).toMatchObject({ 'relay.id': 'order-42', 'error.code': 'outcome-unknown' });
  });

  it('sends it again under settle, as if it were new but for its expiry', async () => {
    const batch = await park();
    await letTimePass();
    const [before] = stand.messages('sends');

    const { result } = await settleInTime(batch, { IF_UNCLEAR: 'settle' });

    const again = stand.messages('sends').find(({ id }) => id !== before?.id);
    expect(result).toEqual(none);
    expect(Object.keys(attributesOf(again)).toSorted()).toEqual(['relay.expiresAt', 'relay.id']);
    expect(await stand.ledger()).toMatchObject([{ state: 'RETRY' }]);
    expect(stand.messages('dlq')).toEqual([]);
  });

  it.each([
    ['hold', 'dlq'],
    ['settle', 'sends'],
  ] as const)("takes a producer's own attributes along under %s", async (ifUnclear, queue) => {
    const own = { DataType: 'String', StringValue: 'tenant=a' };
    const batch = await park(order, { baggage: own });
    await letTimePass();

    const { result } = await settleInTime(batch, { IF_UNCLEAR: ifUnclear });

    expect(result).toEqual(none);
    expect(batch.Records[0]?.messageAttributes['baggage']).toMatchObject({ binaryValue: null });
    expect(attributesOf(stand.messages(queue).at(-1))).toMatchObject({ baggage: 'tenant=a' });
  });

  it('sends it again under settle even when it is as long as a message may be', async () => {
    const long = JSON.stringify({ ...order, type: 'session', text: undefined, message: { text: '' } });
    const body = long.replace('"text":""', `"text":"${'x'.repeat(maximumMessageBytes - long.length)}"`);
    const batch = await park(body);
    await letTimePass();

    const { result } = await settleInTime(batch, { IF_UNCLEAR: 'settle' });

    const bodies = stand.messages('sends').map((message) => message.body);
    expect(Buffer.byteLength(body)).toBe(262_144);
    expect(result).toEqual(none);
    expect(bodies).toEqual([body, body]);
  });

  it('keeps everything while the ledger does not answer', async () => {
    const batch = await park();
    stand.ledgerFaults.add({ operation: '*', fault: { kind: 'access-denied' } });
    const settleSend = stand.runSettleSend();

    const { result } = await settleSend.invoke(batch);

    expect(result).toEqual({ batchItemFailures: [{ itemIdentifier: batch.Records[0]?.messageId }] });
    expect(settleSend.log()).toMatchObject([
      { event: 'settle-failed', code: 'ledger-unavailable', ...counted(['connectly-relay/failed-effects']) },
    ]);
  });

  it('logs nothing of a message, and neither the table nor a report holds anything of it', async () => {
    const parked = await park({ ...order, callbackData: 'data-canary' });
    await receiveStatus();
    const reports = await stand.receive('outcomes');
    const settleSend = stand.runSettleSend();

    await settleSend.invoke({ Records: [...parked.Records, ...reports.Records] });

    const seen = [settleSend.output(), JSON.stringify(await stand.ledger()), JSON.stringify(reports)];
    expect(settleSend.log()).toHaveLength(2);
    expect(seen.join('\n')).not.toMatch(/canary|5550001111/);
  });

  it('fails in the same way on the second load when a setting is missing', async () => {
    const settleSend = stand.runSettleSend({ LEDGER_TABLE: '' });

    const failures = [await settleSend.invoke({ Records: [] }), await settleSend.invoke({ Records: [] })];

    expect(failures[0]?.thrown).toEqual({
      code: 'config-invalid',
      message: expect.stringContaining('LEDGER_TABLE'),
    });
    expect(failures[1]).toEqual(failures[0]);
  });
});
