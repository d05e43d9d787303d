import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { registerStack } from '../../cli/webhook/register-stack.ts';
import type { MappingEvent } from '../../local/aws/lambda/event-source-mapping.ts';
import { startStack } from '../../local/stack/stack.ts';
import { type StackUnderTest, underTest } from '../support/running-stack.ts';
import { patienceMs } from '../support/waiting.ts';

const projectRoot = fileURLToPath(new URL('../..', import.meta.url));

let stack: StackUnderTest;
const batches: Extract<MappingEvent, { kind: 'batch' }>[] = [];

function keepBatches(event: MappingEvent): void {
  if (event.kind === 'batch') batches.push(event);
}

beforeAll(async () => {
  stack = underTest(await startStack({ projectRoot, onMapping: keepBatches }));
  await registerStack(stack);
}, patienceMs);

afterAll(() => stack.close());

/** A customer of its own for each test, so that no test sees another's messages. */
let customers = 0;
function newCustomer({ wrote }: { wrote: boolean }): string {
  customers += 1;
  const customer = `+1555000${String(customers).padStart(4, '0')}`;
  if (wrote) stack.connectly.setWindow({ customer, state: 'open' });
  return customer;
}

const textTo = (to: string) => ({ type: 'text', to, text: 'hello!' });
const templateTo = (to: string) => ({ type: 'template', to, templateName: 'order_ready' });
const isoTime = expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/);

describe('What is put on the sends queue', { timeout: patienceMs }, () => {
  it('leaves as the text request of the documentation, and nothing more', async () => {
    const to = newCustomer({ wrote: true });

    await stack.enqueue(textTo(to));
    await stack.eventually('The text', () => stack.acceptedFor(to)[0]);

    const message = stack.connectly.state().accepted.newest.find(({ recipient }) => recipient === to);
    const request = message?.request;
    expect(request).toMatchObject({ method: 'POST', path: '/v1/businesses/local-business/send/messages' });
    expect(request?.headers).toMatchObject({
      accept: 'application/json',
      'content-type': 'application/json',
      'x-api-key': expect.any(String),
    });
    expect(request?.body).toEqual({
      recipient: { channelType: 'whatsapp', id: to },
      message: { text: 'hello!' },
    });
  });

  it('leaves as the template request of the documentation, and nothing more', async () => {
    const to = newCustomer({ wrote: false });
    const parameters = [
      { name: 'var1', value: 'value1' },
      { name: 'var2', value: 'value2' },
    ];

    await stack.enqueue({ ...templateTo(to), parameters });
    await stack.eventually('The template', () => stack.acceptedFor(to)[0]);

    const message = stack.connectly.state().accepted.newest.find(({ recipient }) => recipient === to);
    expect(message?.request).toMatchObject({
      method: 'POST',
      path: '/v1/businesses/local-business/send/whatsapp_templated_messages',
    });
    expect(message?.request.body).toEqual({ parameters, number: to, templateName: 'order_ready' });
  });

  it('is heard of again: every status comes with the id and the data of the producer', async () => {
    const to = newCustomer({ wrote: true });

    await stack.enqueue({ ...textTo(to), id: 'order-1', callbackData: { order: 1 } });
    const statuses = await stack.eventually('All three statuses', () => {
      const events = stack.messages('EventsQueue').map(({ body }) => JSON.parse(body));
      const own = events.filter(({ sendId }) => sendId === 'order-1');
      return own.length >= 3 ? own : undefined;
    });

    expect(new Set(statuses.map(({ event }) => event.statusUpdate.status))).toEqual(
      new Set(['sent', 'delivered', 'read']),
    );
    for (const status of statuses) {
      expect(status).toMatchObject({ topic: 'delivery_status', callbackData: { order: 1 } });
    }
  });

  const file = { url: 'https://files.example.com/1', filename: 'one' };
  const rows = [{ id: 'row-1', text: 'Tomorrow' }];
  it.concurrent.each([
    ['an image', { attachments: [{ ...file, type: 'image', caption: 'Here' }] }],
    ['a video', { attachments: [{ ...file, type: 'video' }] }],
    ['an audio file', { attachments: [{ ...file, type: 'audio' }] }],
    ['a document', { attachments: [{ ...file, type: 'document' }] }],
    ['a location', { location: { latitude: 49.2, longitude: -123.1, name: 'Shop', address: 'Main St' } }],
    [
      'a list',
      {
        text: 'When?',
        listMessage: { header: { text: 'A day' }, button: { text: 'Days' }, sections: [{ rows }] },
      },
    ],
    [
      'buttons',
      {
        text: 'Come?',
        replyButtonMessage: { footer: { text: 'Thanks' }, buttons: [{ id: 'y', text: 'Yes' }] },
      },
    ],
    ['one product', { singleProductMessage: { productId: 'p1' } }],
    ['several products', { text: 'See', multiProductMessage: { productIds: ['p1'] } }],
  ])('may be %s, which Connectly gets as it is', async (_, message) => {
    const to = newCustomer({ wrote: true });

    await stack.enqueue({ type: 'session', to, message });
    const body = await stack.eventually('The message', () => stack.acceptedFor(to)[0]);

    expect(JSON.parse(body).message).toEqual(message);
  });

  it('is accepted exactly once each, even fifty at once', async () => {
    const all = Array.from({ length: 50 }, () => newCustomer({ wrote: false }));

    await stack.enqueueAll(all.map(templateTo));
    await stack.eventually('That the queue is empty', () => stack.messages('SendsQueue').length === 0);

    const { byRecipient } = stack.connectly.state().accepted;
    expect(all.map((customer) => byRecipient[customer])).toEqual(all.map(() => 1));
  });
});

describe('What cannot be sent', { timeout: patienceMs }, () => {
  it('is refused by Connectly once, and waits for people with its reason and its key', async () => {
    const to = newCustomer({ wrote: false });

    await stack.enqueue({ ...textTo(to), id: 'cold-call' }, { mine: 'kept' });
    const letter = await stack.arrival('SendsDlq', to);

    expect(letter.body).toBe(JSON.stringify({ ...textTo(to), id: 'cold-call' }));
    expect(letter.attributes).toEqual({
      mine: 'kept',
      'relay.id': 'cold-call',
      'relay.expiresAt': isoTime,
      'error.code': 'ERROR_CODE_MESSAGE_CUSTOMER_NO_CONVERSATION_INITIATION',
      'error.message': expect.any(String),
      'error.traceId': expect.stringMatching(/^\d+$/),
    });
    expect(stack.requestsFor(to)).toBe(1);
    expect(stack.acceptedFor(to)).toEqual([]);
  });

  it('is not even tried after it has expired', async () => {
    const to = newCustomer({ wrote: true });

    await stack.enqueue(textTo(to), { 'relay.expiresAt': '2020-01-01T00:00:00.000Z' });
    const letter = await stack.arrival('SendsDlq', to);

    expect(letter.attributes).toMatchObject({
      'error.code': 'expired',
      'relay.expiresAt': '2020-01-01T00:00:00.000Z',
    });
    expect(stack.requestsFor(to)).toBe(0);
  });

  it('does not hold up the rest of its batch', async () => {
    const all = Array.from({ length: 8 }, () => newCustomer({ wrote: false }));
    const misspelt = { ...templateTo(newCustomer({ wrote: false })), templatename: 'poison-2' };
    const [mapping] = stack.mappings;
    await stack.eventually('That nothing is under way', () => mapping?.inFlight === 0);

    mapping?.pause();
    await stack.enqueueAll(['poison-1, not JSON', misspelt, ...all.map(templateTo)]);
    mapping?.resume();
    const notJson = await stack.arrival('SendsDlq', 'poison-1');
    const unknownField = await stack.arrival('SendsDlq', 'poison-2');
    await stack.eventually('The others', () => all.every((each) => stack.acceptedFor(each).length === 1));
    const batch = await stack.eventually('The end of the batch', () =>
      batches.find(({ messageIds }) => messageIds.includes(notJson.attributes['relay.id'] ?? '')),
    );

    expect(batch.messageIds).toHaveLength(10);
    expect(batch.failedMessageIds).toEqual([]);
    expect(notJson.attributes).toMatchObject({
      'error.code': 'message-invalid',
      'relay.id': expect.any(String),
    });
    expect(unknownField.attributes['error.message']).toContain('did you mean "templateName"');
  });
});

describe('A send whose outcome nobody knows', { timeout: patienceMs }, () => {
  it('is held: not sent again, its copy on the outcomes queue', async () => {
    const to = newCustomer({ wrote: true });
    stack.connectly.addFault({ kind: 'reset', accept: true, times: 'always', match: { recipient: to } });

    await stack.enqueue({ ...textTo(to), id: 'held-1' });
    const copy = await stack.arrival('OutcomesQueue', to);

    expect(copy.body).toBe(JSON.stringify({ ...textTo(to), id: 'held-1' }));
    expect(copy.attributes).toMatchObject({
      'relay.id': 'held-1',
      'relay.expiresAt': isoTime,
      'error.code': expect.any(String),
      'error.message': expect.any(String),
    });
    await stack.eventually('That the queue is empty', () => stack.messages('SendsQueue').length === 0);
    expect(stack.acceptedFor(to)).toHaveLength(1);
    expect(stack.requestsFor(to)).toBe(1);
    expect(stack.messages('SendsDlq').filter(({ body }) => body.includes(to))).toEqual([]);
  });
});

describe('What comes to the webhook', { timeout: patienceMs }, () => {
  it('is on the events queue as the vendor wrote it', async () => {
    const from = newCustomer({ wrote: false });

    const { body } = stack.connectly.inbound({ kind: 'text', from, text: 'Grüße 👋🏽' });
    const queued = await stack.arrival('EventsQueue', from);

    const { event, topic } = JSON.parse(queued.body);
    expect(event).toEqual(JSON.parse(body));
    expect(queued.body).toContain(`"event":${body}`);
    expect(queued.attributes).toMatchObject({ topic, eventId: JSON.parse(queued.body).id });
  });

  it('is answered 404 on any other path or method', async () => {
    const { origin } = new URL(stack.webhookUrl);

    const answers = await Promise.all([
      fetch(`${origin}/webhook`, { method: 'POST' }),
      fetch(stack.webhookUrl, { method: 'GET' }),
    ]);

    expect(answers.map(({ status }) => status)).toEqual([404, 404]);
  });
});
