import { describe, expect, it } from 'vitest';
import { composeSettleSend } from '../../../lib/compose/settle-send.ts';
import { contentDigest, messageKey } from '../../../lib/delivery/decode.ts';
import { deliveryConfig, lineAtStart, recordOf, startedAt, testOutside } from './outside.ts';

const config = {
  ...deliveryConfig,
  outcomeWaitMs: 600_000,
} as const;
const context = { awsRequestId: 'request-1' };
const key = messageKey({ businessId: 'business-1', id: 'order-1' });
const none = { batchItemFailures: [] };

const statusRecord = recordOf(
  { sendId: 'order-1', vendorId: 'V1' },
  { attributes: { 'relay.kind': 'status' } },
);
const message = { type: 'text', to: '+15550001111', text: 'hello', id: 'order-1' };
const parkedRecord = recordOf(message, {
  attributes: { 'relay.id': 'order-1', 'error.code': 'no-answer' },
});

/** The function in an environment of its own, with a send in the ledger of which nobody knows what became of it. */
function compose(change: Partial<Parameters<typeof composeSettleSend>[0]> = {}) {
  const outside = testOutside();
  outside.items.set(key, {
    pk: { S: key },
    state: { S: 'UNKNOWN' },
    content: { S: contentDigest(message) },
    attempt: { S: 'attempt-1' },
    leaseUntil: { N: String(startedAt) },
    forgetAt: { N: String(startedAt / 1000 + 86_400) },
    revision: { N: '3' },
  });
  return { outside, handle: composeSettleSend({ ...config, ...change }, outside) };
}

describe('the composed settle-send', () => {
  it('writes down that a status names the send, acknowledges it and writes its line', async () => {
    const { outside, handle } = compose();

    const answer = await handle({ Records: [statusRecord] }, context);

    expect(answer).toEqual(none);
    expect(outside.items.get(key)).toMatchObject({ state: { S: 'SENT' }, vendorId: { S: 'V1' } });
    expect(outside.lines).toEqual([
      expect.objectContaining({
        event: 'settle',
        ...lineAtStart,
        sqsMessageId: 'sqs-1',
        type: 'report',
        result: 'settled',
        _aws: expect.anything(),
      }),
    ]);
  });

  it.each([
    ['info', 0],
    ['debug', 1],
  ] as const)(
    'says and counts nothing at level %s of a status that says nothing new: %d lines',
    async (logLevel, lines) => {
      const { outside, handle } = compose({ logLevel });
      await handle({ Records: [statusRecord] }, context);

      const answer = await handle({ Records: [statusRecord] }, context);

      expect(answer).toEqual(none);
      expect(outside.lines).toHaveLength(1 + lines);
      for (const line of outside.lines.slice(1)) {
        expect(line).toMatchObject({ level: 'debug', event: 'report', type: 'report', result: 'known' });
        expect(line).not.toHaveProperty('_aws');
      }
    },
  );

  it('keeps a parked send on the outcomes queue while a status may come', async () => {
    const { outside, handle } = compose();

    const answer = await handle({ Records: [parkedRecord] }, context);

    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: 'sqs-1' }] });
    expect(outside.queueCalls).toEqual([{ queue: 'outcomes', hiddenSeconds: 600 }]);
    expect(outside.lines).toMatchObject([
      { event: 'settle', type: 'parked', result: 'waiting', retryInSeconds: 600 },
    ]);
  });

  it.each([
    ['hold', 'dlq', 'outcome-unknown'],
    ['settle', 'sends', 'released'],
  ] as const)('hands it over after the wait, under %s to the queue %s', async (ifUnclear, queue, result) => {
    const { outside, handle } = compose({ ifUnclear });
    await outside.clock.advance(600_000);
    // It has just started, and so looks again for five minutes.
    for (let looks = 0; looks < 15; looks++) {
      await handle({ Records: [parkedRecord] }, context);
      await outside.clock.advance(20_000);
    }

    const answer = await handle({ Records: [parkedRecord] }, context);

    const hidden = Array.from({ length: 15 }, () => ({ queue: 'outcomes', hiddenSeconds: 20 }));
    expect(answer).toEqual(none);
    expect(outside.queueCalls).toMatchObject([...hidden, { queue, attributes: { 'relay.id': 'order-1' } }]);
    expect(outside.lines.at(-1)).toMatchObject({ event: 'settle', result });
  });

  it('forgets a parked send that was sent after all', async () => {
    const { outside, handle } = compose();
    await handle({ Records: [statusRecord] }, context);

    const answer = await handle({ Records: [parkedRecord] }, context);

    expect(answer).toEqual(none);
    expect(outside.lines[1]).toMatchObject({ type: 'parked', result: 'settled' });
    expect(outside.queueCalls).toEqual([]);
  });

  it('leaves a record that it cannot handle on its queue, with an error in the log, and handles the others', async () => {
    const { outside, handle } = compose();
    const broken = { ...parkedRecord, messageId: 'sqs-2', attributes: null };

    const answer = await handle({ Records: [broken, statusRecord] }, context);

    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: 'sqs-2' }] });
    expect(outside.lines).toMatchObject([
      { event: 'settle-failed', level: 'error', requestId: 'request-1', sqsMessageId: 'sqs-2' },
      { event: 'settle', sqsMessageId: 'sqs-1' },
    ]);
    expect(outside.lines[0]).toHaveProperty('errorName');
    expect(JSON.stringify(outside.lines[0])).toContain('"Namespace":"connectly-relay/failed-effects"');
  });

  it('forgets a report that cannot be read, and says so once: nobody but the relay writes reports', async () => {
    const { outside, handle } = compose();
    const junk = recordOf('{', { id: 'sqs-2', attributes: { 'relay.kind': 'status' } });

    const answer = await handle({ Records: [junk] }, context);

    expect(answer).toEqual(none);
    expect(outside.queueCalls).toEqual([]);
    expect(outside.lines).toMatchObject([
      { event: 'report', level: 'warn', sqsMessageId: 'sqs-2', type: 'report', result: 'unreadable' },
    ]);
    expect(JSON.stringify(outside.lines[0])).not.toContain('Namespace');
  });

  it('looks for the business of a status without one in its settings', async () => {
    const { outside, handle } = compose({ businessId: undefined, logLevel: 'debug' });

    await handle({ Records: [statusRecord] }, context);

    expect(outside.lines).toMatchObject([{ result: 'not-ours' }]);
  });
});
