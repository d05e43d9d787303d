import { describe, expect, it } from 'vitest';
import { entryLifeMs, release } from '../../../lib/delivery/ledger/entry.ts';
import { hourMs, queuedAt } from './delivery-scene.ts';
import { accepted, leaseMs, notAccepted, order, parked, scene, status, waitMs } from './settle-scene.ts';

const expiresAt = queuedAt + 4 * hourMs;
const handedOver = [
  'deadLetter',
  {
    originalId: 'order-42',
    expiresAt,
    code: 'outcome-unknown',
    message: expect.stringContaining('Nobody can know'),
    traceId: undefined,
  },
];

describe('a parked send', () => {
  it('waits for a delivery status until the time for it has passed since its lease', async () => {
    const { attempt, settleParked, calls, entry } = scene();
    await attempt(parked);

    const settlement = await settleParked();

    const seconds = (leaseMs + waitMs) / 1000;
    expect(settlement).toEqual({ result: 'waiting', retryInSeconds: seconds });
    expect(calls).toEqual([['comeBackIn', seconds, 'UNKNOWN']]);
    expect(entry()?.state).toBe('UNKNOWN');
  });

  it('waits to the last millisecond, in whole seconds, and not longer', async () => {
    const { attempt, settleParked, advance } = scene();
    await attempt(parked);
    await advance(leaseMs + waitMs - 1);
    const before = await settleParked();
    await advance(1);

    const after = await settleParked();

    expect(before).toEqual({ result: 'waiting', retryInSeconds: 1 });
    expect(after).toEqual({ result: 'outcome-unknown' });
  });

  it('is forgotten once a status has come for it', async () => {
    const { attempt, settleParked, confirmSend, advance, calls } = scene();
    await attempt(parked);
    await confirmSend(status);
    await advance(leaseMs + waitMs);

    const settlement = await settleParked();

    expect(settlement).toEqual({ result: 'settled' });
    expect(calls).toEqual([]);
  });

  it("is forgotten once Connectly's own answer has come late", async () => {
    const { attempt, settleParked, calls } = scene();
    const finish = await attempt(parked);
    await finish(accepted);

    const settlement = await settleParked();

    expect(settlement).toEqual({ result: 'settled' });
    expect(calls).toEqual([]);
  });

  it.each(['hold', 'settle'] as const)(
    'goes back to the sends queue under %s when it turns out that it was not accepted',
    async (ifUnclear) => {
      const { attempt, settleParked, calls } = scene({ settings: { ifUnclear } });
      const finish = await attempt(parked);
      await finish(notAccepted);

      const settlement = await settleParked();

      expect(settlement).toEqual({ result: 'released' });
      expect(calls).toEqual([['sendAgain', { originalId: 'order-42', expiresAt }, 'RETRY']]);
    },
  );

  it('goes back to the sends queue when a person has released it', async () => {
    const { attempt, settleParked, write, calls } = scene();
    await attempt(parked);
    await write((entry) => release(entry, queuedAt));

    const settlement = await settleParked();

    expect(settlement).toEqual({ result: 'released' });
    expect(calls).toHaveLength(1);
  });

  it('goes to people under hold, and its entry stays as it is', async () => {
    const { attempt, settleParked, advance, calls, entry } = scene();
    await attempt(parked);
    await advance(leaseMs + waitMs);

    const settlement = await settleParked();

    expect(settlement).toEqual({ result: 'outcome-unknown' });
    expect(calls).toEqual([[...handedOver, 'UNKNOWN']]);
    expect(entry()?.state).toBe('UNKNOWN');
  });

  it('goes back under settle, and the ledger allows that before it happens', async () => {
    const { attempt, settleParked, advance, calls, entry } = scene({ settings: { ifUnclear: 'settle' } });
    await attempt(parked);
    await advance(leaseMs + waitMs);

    const settlement = await settleParked();

    expect(settlement).toEqual({ result: 'released' });
    expect(calls).toEqual([['sendAgain', { originalId: 'order-42', expiresAt }, 'RETRY']]);
    expect(entry()?.state).toBe('RETRY');
  });

  it("follows its own policy against the deployment's", async () => {
    const { attempt, settleParked, advance } = scene({ message: { ...order, ifUnclear: 'settle' } });
    await attempt(parked);
    await advance(leaseMs + waitMs);

    const settlement = await settleParked();

    expect(settlement).toEqual({ result: 'released' });
  });

  it('goes to people under settle when it has expired meanwhile: not as expired, it may have been sent', async () => {
    const { attempt, settleParked, advance, calls } = scene({ settings: { ifUnclear: 'settle' } });
    await attempt(parked);
    await advance(4 * hourMs);

    const settlement = await settleParked();

    expect(settlement).toEqual({ result: 'outcome-unknown' });
    expect(calls).toEqual([[...handedOver, 'UNKNOWN']]);
  });

  it('whose attempt is not written down yet waits for the end of its lease', async () => {
    const { attempt, settleParked, advance, calls } = scene();
    await attempt();
    await advance(leaseMs);

    const settlement = await settleParked();

    expect(settlement).toMatchObject({ result: 'waiting', retryInSeconds: waitMs / 1000 });
    expect(calls).toHaveLength(1);
  });

  it('is not out of sight for longer than SQS allows, however long the wait', async () => {
    const { attempt, settleParked, advance } = scene();
    await attempt(parked);
    await advance(-24 * hourMs);

    const settlement = await settleParked();

    expect(settlement).toEqual({ result: 'waiting', retryInSeconds: 11 * 3600 });
  });
});

describe('a parked send that nothing is known of', () => {
  it('goes to people when the ledger has no entry', async () => {
    const { settleParked, calls } = scene({ settings: { ifUnclear: 'settle' } });

    const settlement = await settleParked();

    expect(settlement).toEqual({ result: 'outcome-unknown' });
    expect(calls).toEqual([[...handedOver, undefined]]);
  });

  it('goes to people when its entry has passed its time', async () => {
    const { attempt, settleParked, leaveAlone } = scene({ settings: { ifUnclear: 'settle' } });
    await attempt(parked);
    leaveAlone(entryLifeMs);

    const settlement = await settleParked();

    expect(settlement).toEqual({ result: 'outcome-unknown' });
  });

  it('goes to people when its id stands for another message by now', async () => {
    const { attempt, settleParked, calls } = scene();
    await attempt(accepted);

    const settlement = await settleParked({ body: JSON.stringify({ ...order, text: 'another' }) });

    expect(settlement).toEqual({ result: 'outcome-unknown' });
    expect(calls).toEqual([[...handedOver, 'SENT']]);
  });

  it.each([
    ['cannot be read', { body: '{' }, {}, 'sqs-1'],
    ['has lost its business', {}, { businessId: undefined }, 'order-42'],
    ['may not be sent to any more', {}, { onlyTo: new Set(['+1999']) }, 'order-42'],
  ])('goes to people when it %s', async (_, change, settings, originalId) => {
    const { settleParked, calls, ledger } = scene({ settings });

    const settlement = await settleParked(change);

    expect(settlement).toEqual({ result: 'outcome-unknown' });
    expect(calls).toEqual([
      ['deadLetter', expect.objectContaining({ originalId, expiresAt, code: 'outcome-unknown' }), undefined],
    ]);
    expect(ledger.counts.calls).toBe(0);
  });
});
