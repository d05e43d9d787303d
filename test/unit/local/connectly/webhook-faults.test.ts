import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type RunningFake, runFake } from './running-fake.ts';
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
const statuses = () => receiver.received.map(({ json }) => json.statusUpdate);
/** Moves the time on, one webhook after the other. */
async function advance(milliseconds: number): Promise<void> {
  await running.clock.advance(milliseconds);
  await running.fake.webhooksQuiet();
}

const texts = () =>
  receiver.received.map(({ json }) => json.message).map((message) => JSON.stringify(message));
const text = (name: string) => JSON.stringify({ text: name });
const inbound = (name: string) => running.fake.inbound({ text: name, bare: true });

describe('webhook faults', () => {
  test('duplicate delivers the same bytes more than once', async () => {
    await register('messages');
    await running.admin('faults', { kind: 'webhook-duplicate', copies: 3 });

    inbound('a');
    inbound('b');
    await running.fake.webhooksQuiet();

    expect(texts().toSorted()).toEqual([text('a'), text('a'), text('a'), text('b')]);
    expect(running.fake.state().injected).toEqual({ 'webhook-duplicate': { accepted: 1, notAccepted: 0 } });
  });

  test('reorder lets the next one overtake', async () => {
    await register('messages');
    running.fake.addFault({ kind: 'webhook-reorder' });

    inbound('a');
    inbound('b');
    await receiver.has(2);
    await advance(10_000);

    expect(texts()).toEqual([text('b'), text('a')]);
  });

  test('reorder waits no longer than its delay for one to overtake', async () => {
    await register('messages');
    running.fake.addFault({ kind: 'webhook-reorder', delayMs: 500 });
    inbound('a');

    await advance(499);
    const early = receiver.received.length;
    await advance(1);
    inbound('b');
    await receiver.has(2);

    expect(early).toBe(0);
    expect(texts()).toEqual([text('a'), text('b')]);
  });

  test('drop never delivers', async () => {
    await register('messages');
    running.fake.addFault({ kind: 'webhook-drop' });

    inbound('a');
    inbound('b');
    await running.fake.webhooksQuiet();
    await advance(1_000_000);

    expect(texts()).toEqual([text('b')]);
    expect(running.fake.state().webhooks).toMatchObject({ events: 2, delivered: 1, dropped: 1 });
  });

  test('delay delivers later', async () => {
    await register('messages');
    running.fake.addFault({ kind: 'webhook-delay', delayMs: 3000 });
    inbound('a');

    await advance(2999);
    const early = receiver.received.length;
    await advance(1);

    expect(early).toBe(0);
    expect(texts()).toEqual([text('a')]);
  });

  test('match limits it to a status', async () => {
    await register('delivery_status');
    running.fake.addFault({ kind: 'webhook-drop', times: 'always', match: { status: 'delivered' } });
    await running.sendText();

    for (const delay of [20, 40, 60]) await advance(delay);

    expect(statuses()).toMatchObject([{ status: 'sent' }, { status: 'read' }]);
  });
});
