import { SQSClient } from '@aws-sdk/client-sqs';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { browseDeadLetters } from '../../../../cli/dlq/dead-letters.ts';
import { letterResult } from '../../../../cli/dlq/letter-result.ts';
import type { AwsService } from '../../../../local/aws/protocols/service.ts';
import { serveForTest } from '../../../support/aws-endpoint.ts';
import { type DeadLetterQueue, region, startDeadLetterQueue, text } from './dead-letter-queue.ts';

let queue: DeadLetterQueue;

beforeEach(async () => {
  queue = await startDeadLetterQueue();
});

describe('browsing', () => {
  it('sees each of many letters once, and gives all of them back', async () => {
    for (let n = 0; n < 25; n += 1) await queue.plant({ id: `order-${n}`, code: 'expired' });

    const first = await queue.look();
    const second = await queue.look();

    expect(new Set(first.map(({ originalId }) => originalId)).size).toBe(25);
    expect(first).toHaveLength(25);
    expect(second).toHaveLength(25);
  });

  it('gives them back when whoever looks fails, or is interrupted', async () => {
    await queue.plant({ id: 'order-1', code: 'expired' });
    const interruption = new AbortController();
    const options = queue.browsing({ signal: interruption.signal });

    const failing = browseDeadLetters(options, () => Promise.reject(new Error('Broken.')));
    await expect(failing).rejects.toThrow('Broken.');
    const interrupted = browseDeadLetters(options, async () => {
      interruption.abort(new Error('Ctrl-C'));
      return 'more';
    });
    await expect(interrupted).rejects.toThrow('Ctrl-C');

    expect(await queue.look()).toHaveLength(1);
  });

  it('gives back what SQS had handed out when Ctrl-C came, and whose answer was still on its way', async () => {
    await queue.plant({ id: 'order-1', code: 'expired' });
    const interruption = new AbortController();
    const interrupting: AwsService = {
      ...queue.sqs.service,
      operations: {
        ...queue.sqs.service.operations,
        async ReceiveMessage(input, context) {
          const answer = await queue.sqs.service.operations.ReceiveMessage(input, context);
          interruption.abort(new Error('Ctrl-C'));
          // The answer has a way to go: Ctrl-C is there first.
          await new Promise(setImmediate);
          return answer;
        },
      },
    };
    const settings = await serveForTest({ services: [interrupting] });
    const interrupted = new SQSClient({ ...settings, region, useQueueUrlAsEndpoint: false });
    onTestFinished(() => interrupted.destroy());

    const options = queue.browsing({ client: interrupted, signal: interruption.signal });
    const looking = browseDeadLetters(options, async () => 'more');

    await expect(looking).rejects.toThrow('Ctrl-C');
    expect(await queue.look()).toHaveLength(1);
  });

  it.each([
    ['{"type":"text","id":"py-1-bad","txt":"hello!"}', 'py-1-bad'],
    ['{"type":"text","id":42}', '42'],
    ['{"type":"text","id":{}}', undefined],
    ['[]', undefined],
    ['null', undefined],
    ['no JSON', undefined],
    ['['.repeat(100_000), undefined],
  ])(
    'knows the id in a body that may be anything, and leaves the key as it is (%#)',
    async (body, bodyId) => {
      await queue.plant({ body, code: 'message-invalid', attributes: { 'relay.id': text('sqs-1') } });

      const [letter] = await queue.look();

      expect(letter).toMatchObject({ bodyId, originalId: 'sqs-1' });
    },
  );

  it('stops when it has seen enough', async () => {
    for (let n = 0; n < 15; n += 1) await queue.plant({ id: `order-${n}`, code: 'expired' });

    const seen = await browseDeadLetters(queue.browsing(), async () => 'enough');

    expect(seen).toBeLessThanOrEqual(10);
  });

  it('tells what SQS itself has given up on from what the relay has refused', async () => {
    await queue.plant({ body: '{"type":"text","to":"+15555555555","text":"hello!"}' });

    const [letter] = await queue.look();

    expect(letter).toMatchObject({ code: 'received-too-often', message: undefined });
    expect(letter?.originalId).toBe(letter?.messageId);
    expect(letter?.expiresAt).toBe((letter?.queuedAt ?? 0) + 4 * 3_600_000);
  });

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

  it('shows a message that names no business of a stage that names none, too', async () => {
    await queue.plant({ id: 'order-1', code: 'business-missing' });

    const found = await queue.look({ businessId: undefined });

    expect(found[0]?.send).toEqual({ to: '+15555555555', type: 'text', key: undefined });
  });
});
