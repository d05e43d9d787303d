import { describe, expect, test } from 'vitest';
import { standForEachTest, type WebhookStand } from './webhook-stand.ts';

let stand: WebhookStand;
standForEachTest((started) => (stand = started));

const texts = () =>
  stand.receiver.received.map(({ json }) => json.message).map((message) => JSON.stringify(message));
const text = (name: string) => JSON.stringify({ text: name });
const inbound = (name: string) => stand.fake.inbound({ text: name, bare: true });

describe('webhook faults', () => {
  test('duplicate delivers the same bytes more than once', async () => {
    await stand.register('messages');
    await stand.admin('faults', { kind: 'webhook-duplicate', copies: 3 });

    inbound('a');
    inbound('b');
    await stand.fake.webhooksQuiet();

    expect(texts().toSorted()).toEqual([text('a'), text('a'), text('a'), text('b')]);
    expect(stand.fake.state().injected).toEqual({ 'webhook-duplicate': { accepted: 1, notAccepted: 0 } });
  });

  test('reorder lets the next one overtake', async () => {
    await stand.register('messages');
    stand.fake.addFault({ kind: 'webhook-reorder' });

    inbound('a');
    inbound('b');
    await stand.receiver.has(2);
    await stand.advance(10_000);

    expect(texts()).toEqual([text('b'), text('a')]);
  });

  test('reorder waits no longer than its delay for one to overtake', async () => {
    await stand.register('messages');
    stand.fake.addFault({ kind: 'webhook-reorder', delayMs: 500 });
    inbound('a');

    await stand.advance(499);
    const early = stand.receiver.received.length;
    await stand.advance(1);
    inbound('b');
    await stand.receiver.has(2);

    expect(early).toBe(0);
    expect(texts()).toEqual([text('a'), text('b')]);
  });

  test('drop never delivers', async () => {
    await stand.register('messages');
    stand.fake.addFault({ kind: 'webhook-drop' });

    inbound('a');
    inbound('b');
    await stand.fake.webhooksQuiet();
    await stand.advance(1_000_000);

    expect(texts()).toEqual([text('b')]);
    expect(stand.fake.state().webhooks).toMatchObject({ events: 2, delivered: 1, dropped: 1 });
  });

  test('delay delivers later', async () => {
    await stand.register('messages');
    stand.fake.addFault({ kind: 'webhook-delay', delayMs: 3000 });
    inbound('a');

    await stand.advance(2999);
    const early = stand.receiver.received.length;
    await stand.advance(1);

    expect(early).toBe(0);
    expect(texts()).toEqual([text('a')]);
  });

  test('match limits it to a status', async () => {
    await stand.register('delivery_status');
    stand.fake.addFault({ kind: 'webhook-drop', times: 'always', match: { status: 'delivered' } });
    await stand.sendText();

    for (const delay of [20, 40, 60]) await stand.advance(delay);

    expect(stand.statuses()).toMatchObject([{ status: 'sent' }, { status: 'read' }]);
  });
});
