import { SQSClient } from '@aws-sdk/client-sqs';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { browseDeadLetters } from '../../../../cli/dlq/browsing.ts';
import { removeLetters } from '../../../../cli/dlq/dead-letters.ts';
import type { AwsService } from '../../../../local/aws/protocols/service.ts';
import { invalidParameterValue, overLimit } from '../../../../local/aws/sqs/errors.ts';
import { serveForTest } from '../../../support/aws-endpoint.ts';
import { type DeadLetterQueue, region, startDeadLetterQueue, text } from './dead-letter-queue.ts';

let queue: DeadLetterQueue;

beforeEach(async () => {
  queue = await startDeadLetterQueue();
});

/** A client for which some of SQS's operations are others. */
async function clientOf(operations: AwsService['operations']): Promise<SQSClient> {
  const { service } = queue.sqs;
  const changed = { ...service, operations: { ...service.operations, ...operations } };
  const client = new SQSClient({
    ...(await serveForTest({ services: [changed] })),
    region,
    useQueueUrlAsEndpoint: false,
  });
  onTestFinished(() => client.destroy());
  return client;
}

/** What is where on the dead-letter queue, as SQS itself has it. */
function countsNow() {
  return queue.sqs.queues().find(({ name }) => name === 'sends-dlq')?.counts;
}

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
    const client = await clientOf({
      async ReceiveMessage(input, context) {
        const answer = await queue.sqs.service.operations.ReceiveMessage(input, context);
        interruption.abort(new Error('Ctrl-C'));
        // The answer has a way to go: Ctrl-C is there first.
        await new Promise(setImmediate);
        return answer;
      },
    });

    const options = queue.browsing({ client, signal: interruption.signal });
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

    const { seen } = await browseDeadLetters(queue.browsing(), async () => 'enough');

    expect(seen).toBeLessThanOrEqual(10);
  });

  it('hides no more of a large queue than it may, sees each letter once all the same, and gives all of them back', async () => {
    for (let n = 0; n < 90; n += 1) await queue.plant({ id: `order-${n}`, code: 'expired' });
    const inFlight: number[] = [];
    const found: string[] = [];

    const browsed = await browseDeadLetters(queue.browsing({ mostHeld: 40, atOnce: 2 }), async (page) => {
      inFlight.push(countsNow()?.inFlight ?? 0);
      found.push(...page.map(({ originalId }) => originalId));
      return 'more';
    });

    expect(browsed).toEqual({ seen: 90, unseen: 0 });
    expect(found.toSorted()).toEqual(Array.from({ length: 90 }, (_, n) => `order-${n}`).toSorted());
    expect(Math.max(...inFlight)).toBeLessThanOrEqual(40);
    expect(countsNow()).toEqual({ visible: 90, inFlight: 0, delayed: 0 });
  });

  it('deletes pages of any size while it looks, and counts nothing that is gone as unseen', async () => {
    for (let n = 0; n < 90; n += 1) await queue.plant({ id: `order-${n}`, code: 'expired' });

    const browsed = await browseDeadLetters(
      queue.browsing({ mostHeld: 40, atOnce: 2 }),
      async (page, removed) => {
        const meant = page.filter(({ originalId }) => originalId.endsWith('5'));
        for (const letter of await removeLetters(meant, queue.browsing())) removed(letter);
        return 'more';
      },
    );

    expect(browsed).toEqual({ seen: 90, unseen: 0 });
    expect(queue.queued('sends-dlq')).toHaveLength(81);
  });

  it('says how many it could not see when so many are out of sight that SQS hands out none', async () => {
    for (let n = 0; n < 25; n += 1) await queue.plant({ id: `order-${n}`, code: 'expired' });
    let received = 0;
    const client = await clientOf({
      async ReceiveMessage(input, context) {
        received += 1;
        // Of AWS's own error, as its clients see it.
        if (received > 1) throw overLimit('Too many messages in flight.');
        return queue.sqs.service.operations.ReceiveMessage(input, context);
      },
    });

    const browsed = await browseDeadLetters(queue.browsing({ client }), async () => 'more');

    expect(browsed).toEqual({ seen: 10, unseen: 15 });
    expect(await queue.look()).toHaveLength(25);
  });

  it('gives back what some receives brought when another one failed at the same time', async () => {
    for (let n = 0; n < 60; n += 1) await queue.plant({ id: `order-${n}`, code: 'expired' });
    let received = 0;
    const client = await clientOf({
      async ReceiveMessage(input, context) {
        received += 1;
        if (received === 2) throw invalidParameterValue('Broken.');
        return queue.sqs.service.operations.ReceiveMessage(input, context);
      },
    });

    const looking = browseDeadLetters(queue.browsing({ client }), async () => 'more');

    await expect(looking).rejects.toThrow('Broken.');
    expect(countsNow()).toEqual({ visible: 60, inFlight: 0, delayed: 0 });
  });

  it('tells what SQS itself has given up on from what the relay has refused', async () => {
    await queue.plant({ body: '{"type":"text","to":"+15555555555","text":"hello!"}' });

    const [letter] = await queue.look();

    expect(letter).toMatchObject({ code: 'received-too-often', message: undefined });
    expect(letter?.originalId).toBe(letter?.messageId);
    expect(letter?.expiresAt).toBe((letter?.queuedAt ?? 0) + 4 * 3_600_000);
  });

  it('shows a message that names no business of a stage that names none, too', async () => {
    await queue.plant({ id: 'order-1', code: 'business-missing' });

    const found = await queue.look({ businessId: undefined });

    expect(found[0]?.send).toEqual({ to: '+15555555555', type: 'text', key: undefined });
  });
});
