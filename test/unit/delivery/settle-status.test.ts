import { describe, expect, it } from 'vitest';
import { release } from '../../../lib/delivery/ledger/entry.ts';
import { queuedAt } from './delivery-scene.ts';
import { failingStore } from './ledger/ledger-scene.ts';
import { accepted, leaseMs, notAccepted, order, parked, scene, status, waitMs } from './settle-scene.ts';

describe('a delivery status', () => {
  it.each([
    ['parked', parked],
    ['believed to be lost', undefined],
  ])('settles a send that is %s', async (_, end) => {
    const { attempt, confirmSend, entry } = scene();
    await attempt(end);

    const settlement = await confirmSend(status);

    expect(settlement).toEqual({ result: 'settled' });
    expect(entry()).toMatchObject({ state: 'SENT', vendorId: 'V9' });
  });

  it('does not make a send of another stage, with the same id, out of one that was never accepted', async () => {
    const { attempt, confirmSend, entry } = scene();
    await attempt(notAccepted);

    const settlement = await confirmSend(status);

    expect(settlement).toEqual({ result: 'not-ours' });
    expect(entry()).toMatchObject({ state: 'RETRY' });
  });

  it("leaves a send alone that is known as sent, with the id of Connectly's answer", async () => {
    const { attempt, confirmSend, entry } = scene();
    await attempt(accepted);

    const settlement = await confirmSend(status);

    expect(settlement).toEqual({ result: 'known' });
    expect(entry()).toMatchObject({ state: 'SENT', vendorId: 'V1' });
  });

  it('before the parked copy is looked at settles it just as one after', async () => {
    const { attempt, confirmSend, settleParked, calls, advance } = scene();
    await attempt();
    await confirmSend(status);
    await advance(leaseMs);

    const settlement = await settleParked();

    expect(settlement).toEqual({ result: 'settled' });
    expect(calls).toEqual([]);
  });

  it('after the send was handed to people still settles it, so that a released one is not sent again', async () => {
    const { attempt, confirmSend, settleParked, advance, write, entry } = scene();
    await attempt(parked);
    await advance(leaseMs + waitMs);
    await settleParked();
    await confirmSend({ sendId: 'order-42' });

    await write((current) => release(current, queuedAt + leaseMs + waitMs));

    expect(entry()?.state).toBe('SENT');
    expect(entry()).not.toHaveProperty('vendorId');
  });

  it.each([
    ['a send that the ledger does not know', { sendId: 'order-43' }, {}],
    ['a send of another business', { ...status, businessId: 'business-2' }, {}],
    ['a send of no business, where there is none', status, { businessId: undefined }],
  ])('about %s is not ours', async (_, given, settings) => {
    const { confirmSend, attempt, entry } = scene({
      settings,
      message: { ...order, businessId: 'business-1' },
    });
    await attempt(parked);

    const settlement = await confirmSend(given);

    expect(settlement).toEqual({ result: 'not-ours' });
    expect(entry()?.state).toBe('UNKNOWN');
  });

  it('finds the send of a message that named its business', async () => {
    const { attempt, confirmSend, entry } = scene({ message: { ...order, businessId: 'business-2' } });
    await attempt(parked);

    const settlement = await confirmSend({ ...status, businessId: 'business-2' });

    expect(settlement).toEqual({ result: 'settled' });
    expect(entry()?.state).toBe('SENT');
  });
});

describe('settling', () => {
  it.each([
    ['comeBackIn', 0, 'hold'],
    ['deadLetter', leaseMs + waitMs, 'hold'],
    ['sendAgain', leaseMs + waitMs, 'settle'],
  ] as const)(
    'rejects when %s fails, and tries the same again next time',
    async (failing, passedMs, ifUnclear) => {
      const { attempt, settleParked, advance, calls } = scene({ failing, settings: { ifUnclear } });
      await attempt(parked);
      await advance(passedMs);

      for (const _ of [1, 2]) await expect(settleParked()).rejects.toThrow(`${failing} failed`);

      expect(calls.map(([name]) => name)).toEqual([failing, failing]);
    },
  );

  it('does nothing and rejects when the ledger does not answer', async () => {
    const error = new Error('down');
    const { settleParked, confirmSend, calls } = scene({
      change: (ledger) => failingStore(ledger, error, { before: () => true }),
    });

    const both = [settleParked(), confirmSend(status)];

    for (const one of both) await expect(one).rejects.toBe(error);
    expect(calls).toEqual([]);
  });

  it('sends again, too, what it had allowed before somebody lost the answer of the ledger', async () => {
    let isLost = true;
    const { attempt, settleParked, advance, calls } = scene({
      settings: { ifUnclear: 'settle' },
      change: (ledger) =>
        failingStore(ledger, new Error('lost'), { after: (operation) => isLost && operation === 'replace' }),
    });
    await attempt(parked);
    await advance(leaseMs + waitMs);
    const first = settleParked();
    await expect(first).rejects.toThrow('lost');
    isLost = false;

    const second = await settleParked();

    expect(second).toEqual({ result: 'released' });
    expect(calls).toHaveLength(1);
  });
});
