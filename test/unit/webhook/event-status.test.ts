import { describe, expect, it } from 'vitest';
import { toQueuedEvent } from '../../../lib/webhook/event.ts';

const queued = (body: string) => toQueuedEvent(Buffer.from(body), Date.UTC(2026, 10, 22, 10));
const envelope = (body: string): unknown => JSON.parse(queued(body).body);

describe('what a delivery status says about a send', () => {
  const relay = { v: 1, id: 'order-42' };

  it.each([
    ['the send', { id: 'V1', status: 'read' }, { relay }, { sendId: 'order-42', vendorId: 'V1' }],
    ['the send without an id of Connectly', { status: 'read' }, { relay }, { sendId: 'order-42' }],
    ['the send without an id that makes no sense', { id: 'a\nb' }, { relay }, { sendId: 'order-42' }],
    [
      'the business that the message named',
      {},
      { relay: { ...relay, businessId: 'business-2' } },
      { sendId: 'order-42', businessId: 'business-2' },
    ],
    ['nothing of what the producer attached', {}, { relay, data: 'canary' }, { sendId: 'order-42' }],
  ])('is %s', (_, statusUpdate, callbackData, status) => {
    const { sendStatus } = queued(JSON.stringify({ statusUpdate, callbackData }));

    expect(sendStatus).toStrictEqual(status);
  });

  it.each([
    ['a message', { message: { id: 'M1' }, callbackData: { relay } }],
    ['a status without an id of ours', { statusUpdate: { id: 'V1' }, callbackData: { relay: { v: 1 } } }],
    ["a status with somebody else's data", { statusUpdate: { id: 'V1' }, callbackData: { id: 'order-42' } }],
    ['a list of statuses', { statusUpdate: [{ id: 'V1' }], callbackData: { relay } }],
  ])('is nothing for %s', (_, event) => {
    const { sendStatus } = queued(JSON.stringify(event));

    expect(sendStatus).toBeUndefined();
  });

  it('is nothing for a body that cannot be read', () => {
    const { sendStatus, deliveryStatus } = queued('{"statusUpdate":');

    expect([sendStatus, deliveryStatus]).toEqual([undefined, undefined]);
  });

  it('does not put the business into the envelope, which knows the producer only by its id', () => {
    const event = { statusUpdate: {}, callbackData: { relay: { ...relay, businessId: 'business-2' } } };

    const { event: _, ...own } = Object(envelope(JSON.stringify(event)));

    expect(own).toMatchObject({ sendId: 'order-42' });
    expect(own).not.toHaveProperty('businessId');
  });
});

describe('the status of a delivery', () => {
  it.each([
    ['sent', 'sent'],
    ['delivered', 'delivered'],
    ['read', 'read'],
    ['delivery_failed', 'failed'],
    ['delivery_failure', 'failed'],
    ['+15550001111', 'other'],
    [undefined, 'other'],
    [7, 'other'],
  ])('%s is %s for a metric', (status, expected) => {
    const { deliveryStatus } = queued(JSON.stringify({ statusUpdate: { id: 'V1', status } }));

    expect(deliveryStatus).toBe(expected);
  });

  it('is none for any other event', () => {
    const { deliveryStatus } = queued('{"message":{"id":"M1","status":"read"}}');

    expect(deliveryStatus).toBeUndefined();
  });
});
