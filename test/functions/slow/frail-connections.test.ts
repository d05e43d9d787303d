import { describe, expect, it } from 'vitest';
import { reset } from '../../support/scripted-server.ts';
import type { FaultRule } from '../faulty-service.ts';
import type { Damage } from '../line.ts';
import type { RunningFunction } from '../running-function.ts';
import { readyStandForEachTest, type Stand, signedWebhook } from '../stand.ts';

let stand: Stand;

readyStandForEachTest((started) => {
  stand = started;
});

const webhook = signedWebhook('M1');
const order = { type: 'text', to: '+15550001111', text: 'hello!', id: 'order-42' };
const none = { batchItemFailures: [] };
const statusOf = ({ result }: { result?: unknown }) => Object(result).statusCode;
const times = (calls: readonly string[], operation: string) =>
  calls.filter((call) => call === operation).length;

const first = (operation: string, kind: 'silence' | 'lost-answer'): FaultRule => ({
  operation,
  fault: { kind },
  times: 1,
});

describe('one call to AWS that is never answered costs one more', () => {
  it('when an event is queued: the webhook is answered 200', async () => {
    stand.sqsFaults.add(first('SendMessage', 'silence'));

    const answered = await stand.runReceiveWebhook().invoke(webhook);

    expect(statusOf(answered)).toBe(200);
    expect(stand.messages('events')).toHaveLength(1);
    expect(stand.calls.sqs).toEqual(['SendMessage', 'SendMessage']);
  });

  it('when the event was queued all the same: its copy has the same id', async () => {
    stand.sqsFaults.add(first('SendMessage', 'lost-answer'));

    const answered = await stand.runReceiveWebhook().invoke(webhook);

    const bodies = stand.messages('events').map((message) => message.body);
    expect(statusOf(answered)).toBe(200);
    expect(bodies).toHaveLength(2);
    expect(bodies[1]).toBe(bodies[0]);
  });

  it('when a secret is read: the webhook is answered 200', async () => {
    stand.secretFaults.add(first('GetSecretValue', 'silence'));

    const answered = await stand.runReceiveWebhook().invoke(webhook);

    expect(statusOf(answered)).toBe(200);
    expect(stand.calls.secrets).toEqual(['GetSecretValue', 'GetSecretValue']);
  });

  it.each([
    ['the claim', 0],
    ['the end of the attempt', 1],
  ])('when the ledger takes %s, written or not: the message is sent once', async (_, after) => {
    for (const [index, kind] of (['silence', 'lost-answer'] as const).entries()) {
      stand.ledgerFaults.add({ ...first('PutItem', kind), after });

      const sendMessage = stand.runSendMessage();
      const batch = await stand.batchOf({ ...order, id: `order-${index}` });
      const { result } = await sendMessage.invoke(batch);

      expect(result).toEqual(none);
      expect(sendMessage.log()).toMatchObject([{ event: 'attempt', result: 'accepted' }]);
      expect(stand.connectly.requests).toHaveLength(index + 1);
      expect(times(stand.calls.ledger, 'PutItem')).toBe(3 * (index + 1));
    }
    expect((await stand.ledger()).map(({ state }) => state)).toEqual(['SENT', 'SENT']);
  });

  it('when the ledger is read about a parked send: it goes on waiting', async () => {
    stand.connectly.script(reset);
    await stand.runSendMessage().invoke(await stand.batchOf(order));
    stand.ledgerFaults.add(first('GetItem', 'silence'));
    const settleSend = stand.runSettleSend();

    await settleSend.invoke(await stand.receive('outcomes'));

    expect(settleSend.log()).toMatchObject([{ event: 'settle', result: 'waiting' }]);
    expect(times(stand.calls.ledger, 'GetItem')).toBe(2);
  });
});

/** Leaves a function frozen with idle connections to AWS that have come to this, and invokes it. */
async function invokeAfter(damage: Damage, frozen: RunningFunction, event: unknown) {
  frozen.freeze();
  expect(await stand.line.damage(damage)).toBeGreaterThan(0);
  const invoked = frozen.invoke(event);
  frozen.thaw();
  return invoked;
}

describe('connections that a freeze has killed cost a retry', () => {
  const damages = ['closed', 'half-closed', 'reset', 'dead'] as const;

  it.each(damages)('when they are %s: a webhook is answered 200', async (damage) => {
    const receiveWebhook = stand.runReceiveWebhook();
    await receiveWebhook.invoke(webhook);

    const answered = await invokeAfter(damage, receiveWebhook, webhook);

    expect(statusOf(answered)).toBe(200);
    expect(stand.messages('events')).toHaveLength(2);
  });

  it.each(damages)('when many are %s: a message is sent, and nothing is lost or in doubt', async (damage) => {
    // So fast that each message of the batch has a connection of its own.
    const sendMessage = stand.runSendMessage({ SENDS_PER_SECOND: '100000' });
    const toMany = (count: number, id: string) =>
      Array.from({ length: count }, (_, n) => ({ ...order, to: `+1555000${1000 + n}`, id: `${id}-${n}` }));
    // The first answers open the window for the others.
    await sendMessage.invoke(await stand.batchOf(...toMany(4, 'first')));
    await sendMessage.invoke(await stand.batchOf(...toMany(10, 'before')));
    const batch = await stand.batchOf(order);

    const { result } = await invokeAfter(damage, sendMessage, batch);

    expect(result).toEqual(none);
    expect(stand.connectly.requests).toHaveLength(15);
    const states = (await stand.ledger()).map(({ state }) => state);
    expect(sendMessage.log().map((line) => line['result'])).toEqual(Array(15).fill('accepted'));
    expect(states).toEqual(Array(15).fill('SENT'));
  });
});
