import { beforeEach, describe, expect, it } from 'vitest';
import { letterResult, maskId } from '../../../../cli/dlq/letter-result.ts';
import { identityOf } from '../../../../cli/dlq/redriving.ts';
import { tracesOf, tracesSchema } from '../../../../cli/dlq/traces.ts';
import { leaseMs } from '../../../../lib/delivery/time.ts';
import { RelayError } from '../../../../lib/errors.ts';
import {
  type DeadLetterQueue,
  entry,
  inAnHour,
  keyOf,
  startDeadLetterQueue,
  text,
} from './dead-letter-queue.ts';

let queue: DeadLetterQueue;

beforeEach(async () => {
  queue = await startDeadLetterQueue();
});

const silentLedger = {
  read: () => Promise.reject(new RelayError('ledger-unavailable', 'The ledger table did not answer.')),
};

describe('a letter', () => {
  it('is told apart from one of another business with the same id, and not from its own copy', async () => {
    await queue.plant({ id: 'order-1', code: 'connectly-400' });
    await queue.plant({ id: 'order-1', code: 'connectly-400' });
    const other = {
      type: 'text',
      to: '+15555555555',
      text: 'hello!',
      id: 'order-1',
      businessId: 'business-2',
    };
    await queue.plant({ code: 'connectly-400', body: JSON.stringify(other) });

    const identities = (await queue.look()).map(identityOf);

    expect(identities).toHaveLength(3);
    expect(new Set(identities).size).toBe(2);
  });

  const uuid = '12345678-1234-1234-1234-123456789012';

  it.each([
    ['order-42-ready', 'order-42-ready'],
    ['order-1000234', 'order-1000234'],
    [uuid, uuid],
    ['bulk-0504845f16e27401234567896996abcd', 'bulk-0504845f16e27401234567896996abcd'],
    ['bulk-4915112345674', 'bulk-4915•••5674'],
    ['+15550001234', '+1555•••1234'],
    ['15550001234', '1555•••1234'],
    ['welcome-491511234567-1', 'welcome-4915•••4567-1'],
    ['id-4477123', 'id-44•••3'],
  ])('shows the id %s as %s', (id, shown) => {
    expect(maskId(id, '+4477123')).toBe(shown);
  });

  it('of an unknown outcome has something to ask Connectly with, to search for, and to type', async () => {
    const triedAt = Date.now() - 7_200_000;
    const attributes = { 'error.cause': text('connectly-500'), 'error.traceId': text('t-1') };
    await queue.plant({ id: 'order-1', code: 'outcome-unknown', expiresAt: inAnHour(), attributes });
    await queue.ledger.insert(keyOf('order-1'), { ...entry('UNKNOWN'), leaseUntil: triedAt + leaseMs });
    const [letter] = await queue.look();

    const traces =
      letter && (await tracesOf(letter, { ledger: queue.ledger, now: Date.now(), targetOptions: '--local' }));

    const key = keyOf('order-1').slice(0, 12);
    expect(letter).toMatchObject({ cause: 'connectly-500', traceId: 't-1' });
    expect(tracesSchema.parse(traces)).toEqual({
      key,
      ledger: { state: 'UNKNOWN', attemptedAt: new Date(triedAt).toISOString() },
      search: `npx relay tail --key ${key} --since 3h --no-follow --local`,
      resend: 'npx relay dlq redrive --id order-1 --resend-unknown --yes --local',
    });
  });

  it.each(['it; rm', '--yes', '+15550001234'])(
    'whose id %j cannot be typed, or shown, is named by the id of SQS',
    async (id) => {
      await queue.plant({ id, code: 'outcome-unknown', expiresAt: inAnHour() });
      const [letter] = await queue.look();

      const traces =
        letter &&
        (await tracesOf(letter, { ledger: queue.ledger, now: Date.now(), targetOptions: '--local' }));

      expect(traces?.resend).toContain(`--id ${letter?.messageId} `);
    },
  );

  it.each([
    ['expired', 'expired'],
    ['connectly-400', 'connectly-400'],
    ['ERROR_CODE_OF_TOMORROW', 'ERROR_CODE_OF_TOMORROW'],
    ['expired\n  Remedy  run this', 'code-unreadable'],
    ['$(rm)', 'code-unreadable'],
    ['Expired', 'code-unreadable'],
    ['e'.repeat(200), 'code-unreadable'],
  ])('takes for a code what looks like one: %j', async (code, expected) => {
    const attributes = { 'error.cause': text(code) };
    await queue.plant({ id: 'order-1', code, attributes });

    const [letter] = await queue.look();

    expect(letter?.code).toBe(expected);
    expect(letter?.cause).toBe(expected === 'code-unreadable' ? undefined : code);
  });

  it.each([
    ['order-1', 'order-1'],
    ['order 1: "a" \\ b', 'order 1: "a" \\ b'],
    ['order-1\n  Remedy  run this', undefined],
    ['\u202eorder', undefined],
    ['o'.repeat(129), undefined],
  ])('shows the id of the attribute where it is one, and else the one of SQS: %j', async (id, expected) => {
    await queue.plant({ body: '{}', code: 'message-invalid', attributes: { 'relay.id': text(id) } });

    const [letter] = await queue.look();
    const shown = letter && letterResult(letter, { now: Date.now(), reveal: true });

    expect(shown?.id).toBe(expected ?? letter?.messageId);
    // By this the sender goes, and so does whoever sends it back.
    expect(letter?.originalId).toBe(id);
  });

  it('tells what it can when the ledger does not answer', async () => {
    await queue.plant({ id: 'order-1', code: 'connectly-400', expiresAt: inAnHour() });
    const [letter] = await queue.look();

    const traces =
      letter && (await tracesOf(letter, { ledger: silentLedger, now: Date.now(), targetOptions: '' }));

    expect(traces).toMatchObject({ key: keyOf('order-1').slice(0, 12) });
    expect(traces).not.toHaveProperty('resend');
  });
});
