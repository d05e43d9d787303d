import { describe, expect, it } from 'vitest';
import { answer, reset } from '../support/scripted-server.ts';
import { attributesOf, type Stand, standForEachTest } from './stand.ts';

let stand: Stand;

standForEachTest((started) => {
  stand = started;
  stand.setSecret('key', 'key-canary');
});

const order = { type: 'text', to: '+15550001111', text: 'hello!', id: 'order-42' };
const accepted = answer(201, '{"id":"01ARZ3NDEKTSV4RRFFQ69G5FAV"}');
const none = { batchItemFailures: [] };
const failuresOf = ({ result }: { result?: unknown }) => Object(result).batchItemFailures.length;
const statesIn = async (from: Stand) => (await from.ledger()).map(({ state }) => state);

describe('the built send-message', () => {
  it('sends one message for an id, however often it is on the queue', async () => {
    stand.connectly.script(accepted);
    const sendMessage = stand.runSendMessage();

    const first = await sendMessage.invoke(await stand.batchOf(order));
    const second = await stand.runSendMessage().invoke(await stand.batchOf(order));

    expect([first.result, second.result]).toEqual([none, none]);
    expect(stand.connectly.requests).toHaveLength(1);
    expect(await stand.ledger()).toMatchObject([{ state: 'SENT', vendorId: '01ARZ3NDEKTSV4RRFFQ69G5FAV' }]);
  });

  it('sends one message for an id that stands twice in a batch, and acknowledges both', async () => {
    stand.connectly.script(accepted);
    const sendMessage = stand.runSendMessage();
    const batch = await stand.batchOf(order, order);

    const { result } = await sendMessage.invoke(batch);

    expect(result).toEqual(none);
    expect(stand.connectly.requests).toHaveLength(1);
    expect(sendMessage.log().map(({ result: each }) => each)).toEqual(['accepted', 'duplicate']);
  });

  it('refuses another message with the same id', async () => {
    stand.connectly.script(accepted);
    const sendMessage = stand.runSendMessage();
    await sendMessage.invoke(await stand.batchOf(order));

    const { result } = await sendMessage.invoke(await stand.batchOf({ ...order, text: 'another' }));

    expect(result).toEqual(none);
    expect(attributesOf(stand.messages('dlq')[0])).toMatchObject({ 'error.code': 'id-reused' });
    expect(stand.connectly.requests).toHaveLength(1);
  });

  it('sends a corrected message with the id of one that was refused', async () => {
    stand.connectly.script(answer(400, '{"code":"ERROR_CODE_MESSAGE_TEXT_EMPTY"}'), accepted);
    const sendMessage = stand.runSendMessage();
    await sendMessage.invoke(await stand.batchOf(order));

    await sendMessage.invoke(await stand.batchOf({ ...order, text: 'corrected' }));

    expect(stand.connectly.requests).toHaveLength(2);
    expect(await statesIn(stand)).toEqual(['SENT']);
  });

  it('parks an unclear message once, and does not send it again', async () => {
    stand.connectly.script(reset);
    const sendMessage = stand.runSendMessage();
    await sendMessage.invoke(await stand.batchOf(order));

    const again = await sendMessage.invoke(await stand.batchOf(order));

    expect(again.result).toEqual(none);
    expect(stand.connectly.requests).toHaveLength(1);
    expect(stand.messages('outcomes')).toHaveLength(1);
    expect(await statesIn(stand)).toEqual(['UNKNOWN']);
  });

  it('sends an unclear message again under resend', async () => {
    stand.connectly.script(reset, accepted);
    const sendMessage = stand.runSendMessage({ IF_UNCLEAR: 'resend' });
    const batch = await stand.batchOf(order);
    await sendMessage.invoke(batch);

    const { result } = await sendMessage.invoke(batch);

    expect(result).toEqual(none);
    expect(stand.connectly.requests).toHaveLength(2);
    expect(await statesIn(stand)).toEqual(['SENT']);
  });

  it.each(['internal-error', 'access-denied'] as const)(
    'sends nothing while the ledger answers with %s, and keeps the message',
    async (kind) => {
      stand.ledgerFaults.add({ operation: '*', fault: { kind } });
      const sendMessage = stand.runSendMessage();

      const answered = await sendMessage.invoke(await stand.batchOf(order));

      expect(failuresOf(answered)).toBe(1);
      expect(stand.connectly.requests).toEqual([]);
      expect(sendMessage.log()).toContainEqual(expect.objectContaining({ code: 'ledger-unavailable' }));
    },
  );

  it('acknowledges an accepted message even if the ledger cannot be written then, and says so', async () => {
    stand.connectly.script(accepted);
    stand.ledgerFaults.add({ operation: 'PutItem', fault: { kind: 'access-denied' }, after: 1 });
    const sendMessage = stand.runSendMessage();

    const { result } = await sendMessage.invoke(await stand.batchOf(order));

    expect(result).toEqual(none);
    expect(await statesIn(stand)).toEqual(['SENDING']);
    expect(sendMessage.log()).toContainEqual(
      expect.objectContaining({ level: 'error', event: 'attempt-unrecorded', code: 'ledger-unavailable' }),
    );
  });

  it('parks a message whose attempt never ended', async () => {
    const lapsed = {
      content: '',
      attemptId: 'attempt-1',
      leaseUntil: Date.now() - 1,
      forgetAt: Date.now() + 1e9,
    };
    const probe = stand.runSendMessage();
    stand.connectly.script(accepted);
    await probe.invoke(await stand.batchOf(order));
    const [{ content = '' } = {}] = await stand.ledger();
    await stand.setLedgerEntry('order-42', { ...lapsed, content, state: 'SENDING' });

    const { result } = await probe.invoke(await stand.batchOf(order));

    expect(result).toEqual(none);
    expect(stand.connectly.requests).toHaveLength(1);
    expect(attributesOf(stand.messages('outcomes')[0])).toMatchObject({ 'error.code': 'attempt-lost' });
    expect(await statesIn(stand)).toEqual(['UNKNOWN']);
  });

  it('goes on with other businesses after the key of one is refused', async () => {
    stand.connectly.script(answer(401), accepted);
    const sendMessage = stand.runSendMessage({ SEND_WINDOW: '1' });
    const kept = { ...order, businessId: 'business-2' };
    const other = { ...order, businessId: 'business-3' };
    const batch = await stand.batchOf(kept, { ...kept, id: 'order-43', to: '+15550002222' }, other);

    const answered = await sendMessage.invoke(batch);

    expect(failuresOf(answered)).toBe(2);
    expect(stand.connectly.requests.map(({ path }) => path)).toEqual([
      '/v1/businesses/business-2/send/messages',
      '/v1/businesses/business-3/send/messages',
    ]);
  });

  it('sends nothing more after a refused key, and keeps what follows', async () => {
    stand.connectly.script(answer(401));
    const sendMessage = stand.runSendMessage({ SEND_WINDOW: '1' });
    const other = { ...order, id: 'order-43', to: '+15550002222' };

    const answered = await sendMessage.invoke(await stand.batchOf(order, other));

    expect(failuresOf(answered)).toBe(2);
    expect(stand.connectly.requests).toHaveLength(1);
    expect(sendMessage.log().map(({ event, code }) => `${String(event)} ${String(code)}`)).toEqual([
      'paused business-paused',
      'attempt connectly-401',
      'untouched business-paused',
    ]);
  });

  it('goes on after one message is turned down', async () => {
    stand.connectly.script(answer(403), accepted);
    const sendMessage = stand.runSendMessage({ SEND_WINDOW: '1' });
    const other = { ...order, id: 'order-43', to: '+15550002222' };

    const answered = await sendMessage.invoke(await stand.batchOf(order, other));

    expect(failuresOf(answered)).toBe(1);
    expect(stand.connectly.requests).toHaveLength(2);
  });
});
