import { ReceiveMessageCommand, SetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { beforeEach, describe, expect, it } from 'vitest';
import { browseDeadLetters } from '../../../../cli/dlq/browsing.ts';
import { planLetters, type RedrivePorts, redriveLetters } from '../../../../cli/dlq/redriving.ts';
import { maximumMessageBytes } from '../../../../lib/message/parse.ts';
import {
  attributesOf,
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

/** Plans and redrives everything that is there. */
async function redriveAll({ resendUnknown = false } = {}): Promise<string[]> {
  const { ports } = queue;
  const did: string[] = [];
  await browseDeadLetters(queue.browsing(), async (page, removed) => {
    const planned = await planLetters(page, ports, resendUnknown);
    for (const letter of await redriveLetters(planned, ports)) removed(letter);
    did.push(...planned.map(({ letter, plan }) => `${letter.originalId}: ${plan}`));
    return 'more';
  });
  return did.toSorted();
}

describe('a redrive', () => {
  it('puts a letter back with its body, its key, its expiry, its reason and what the producer attached', async () => {
    const expiresAt = inAnHour();
    const attributes = { trace: text('t-1') };
    await queue.plant({ id: 'order-1', code: 'ERROR_CODE_BUSINESS_REACHED_LIMITS', expiresAt, attributes });

    const did = await redriveAll();

    const [message] = queue.queued('sends');
    expect(did).toEqual(['order-1: send']);
    expect(queue.queued('sends-dlq')).toEqual([]);
    expect(JSON.parse(message?.body ?? '')).toMatchObject({ id: 'order-1' });
    expect(attributesOf(message)).toEqual({
      'relay.id': 'order-1',
      'relay.expiresAt': new Date(expiresAt).toISOString(),
      'error.code': 'ERROR_CODE_BUSINESS_REACHED_LIMITS',
      trace: 't-1',
    });
  });

  it('gives a letter of SQS the key that its first copy had', async () => {
    await queue.plant({ body: '{"type":"text","to":"+15555555555","text":"hello!"}' });
    const [letter] = await queue.look();

    await redriveAll();

    expect(attributesOf(queue.queued('sends')[0])['relay.id']).toBe(letter?.messageId);
  });

  it('leaves what has expired, and what would be refused again', async () => {
    await queue.plant({ id: 'late', code: 'connectly-400', expiresAt: Date.now() - 1 });
    await queue.plant({ id: 'bad', code: 'message-invalid', body: '{"type":"text"}', expiresAt: inAnHour() });

    const did = await redriveAll();

    expect(did).toEqual(['bad: invalid', 'late: expired']);
    expect(queue.queued('sends')).toEqual([]);
    expect(queue.queued('sends-dlq')).toHaveLength(2);
  });

  it.each(['UNKNOWN', 'SENDING', 'RETRY'] as const)(
    'leaves an unknown one whose entry is %s, unless it is named so',
    async (state) => {
      await queue.plant({ id: 'order-1', code: 'outcome-unknown', expiresAt: inAnHour() });
      await queue.ledger.insert(keyOf('order-1'), entry(state));

      const without = await redriveAll();
      const named = await redriveAll({ resendUnknown: true });

      expect(without).toEqual(['order-1: unknown']);
      expect(named).toEqual(['order-1: resend']);
      expect((await queue.ledger.read(keyOf('order-1')))?.entry.state).toBe('RETRY');
      expect(queue.queued('sends')).toHaveLength(1);
    },
  );

  it('has the decision written down before the copy is there', async () => {
    await queue.plant({ id: 'order-1', code: 'outcome-unknown', expiresAt: inAnHour() });
    await queue.ledger.insert(keyOf('order-1'), entry('UNKNOWN'));
    const broken: RedrivePorts = { ...queue.ports, sendsQueueUrl: `${queue.ports.sendsQueueUrl}-gone` };
    const planned = await planLetters(await queue.look(), queue.ports, true);

    await expect(redriveLetters(planned, broken)).rejects.toThrow();

    expect((await queue.ledger.read(keyOf('order-1')))?.entry.state).toBe('RETRY');
    expect(queue.queued('sends-dlq')).toHaveLength(1);
  });

  it('removes an unknown one that a delivery status has settled since, even when it has expired', async () => {
    await queue.plant({ id: 'order-1', code: 'outcome-unknown', expiresAt: Date.now() - 1 });
    await queue.ledger.insert(keyOf('order-1'), entry('SENT'));

    const did = await redriveAll({ resendUnknown: true });

    expect(did).toEqual(['order-1: settled']);
    expect(queue.queued('sends')).toEqual([]);
    expect(queue.queued('sends-dlq')).toEqual([]);
  });

  it('asks nobody about one that was certainly not sent', async () => {
    await queue.plant({ id: 'order-1', code: 'connectly-400', expiresAt: inAnHour() });

    await redriveAll();

    expect(queue.ledger.counts.calls).toBe(0);
  });

  it('makes room for the key and the expiry where a producer has attached ten of its own', async () => {
    const attributes = Object.fromEntries(Array.from({ length: 10 }, (_, n) => [`a${n}`, text('x')]));
    await queue.plant({ body: '{"type":"text","to":"+15555555555","text":"hello!"}', attributes });

    await redriveAll();

    const kept = Object.keys(attributesOf(queue.queued('sends')[0]));
    expect(kept).toHaveLength(10);
    expect(kept).toEqual(expect.arrayContaining(['relay.id', 'relay.expiresAt']));
  });

  it('keeps the group of a letter, so that it goes before no other of its file', async () => {
    await queue.plant({ id: 'order-1', code: 'connectly-400', expiresAt: inAnHour(), groupId: 'bulk-1' });
    await queue.plant({ id: 'order-2', code: 'connectly-400', expiresAt: inAnHour() });

    await redriveAll();

    expect(queue.queued('sends').map(({ groupId }) => groupId)).toEqual(['bulk-1', undefined]);
  });

  it('moves letters as long as a message may be, which do not fit into one request together', async () => {
    for (let n = 0; n < 6; n += 1) {
      const short = JSON.stringify({ type: 'text', to: '+15555555555', id: `o-${n}`, text: '' });
      const body = short.replace('""', `"${'x'.repeat(maximumMessageBytes - short.length)}"`);
      await queue.plant({ id: `o-${n}`, code: 'connectly-400', expiresAt: inAnHour(), body });
    }

    await redriveAll();

    expect(queue.queued('sends')).toHaveLength(6);
    expect(queue.queued('sends-dlq')).toEqual([]);
  });

  it('keeps a letter of which SQS took no copy', async () => {
    await queue.client.send(
      new SetQueueAttributesCommand({
        QueueUrl: queue.ports.sendsQueueUrl,
        Attributes: { MaximumMessageSize: '1024' },
      }),
    );
    const long = JSON.stringify({ type: 'text', to: '+15555555555', text: 'x'.repeat(2000), id: 'long' });
    await queue.plant({ id: 'long', code: 'connectly-400', expiresAt: inAnHour(), body: long });
    await queue.plant({ id: 'short', code: 'connectly-400', expiresAt: inAnHour() });

    await redriveAll();

    expect(queue.queued('sends').map(({ body }) => Object(JSON.parse(body)).id)).toEqual(['short']);
    expect(queue.queued('sends-dlq').map(({ body }) => Object(JSON.parse(body)).id)).toEqual(['long']);
  });

  it('leaves no letter hidden behind', async () => {
    await queue.plant({ id: 'late', code: 'connectly-400', expiresAt: Date.now() - 1 });
    await redriveAll();

    const { Messages: messages = [] } = await queue.client.send(
      new ReceiveMessageCommand({ QueueUrl: queue.ports.deadLetterQueueUrl }),
    );

    expect(messages).toHaveLength(1);
  });
});
