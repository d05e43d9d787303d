import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { type Journey, startStackHere } from '../support/journey.ts';
import { eventually, patienceMs } from '../support/waiting.ts';

const rounds = 2;
const places = ['first', 'second', 'third'];
const recipients = Array.from({ length: 40 }, (_, index) => `+1555018${1000 + index}`);

let stack: Journey;

beforeAll(async () => {
  stack = await startStackHere();
}, patienceMs);

afterAll(() => stack.end());

beforeEach(() => stack.fake('reset', {}));

const messageTo = (to: string, place: string) => ({
  type: 'template',
  to,
  templateName: 'order_ready',
  parameters: [{ name: 'body_1', value: place }],
});

/** Recipient after recipient, three messages to each. */
const messages = recipients.flatMap((to) => places.map((place) => messageTo(to, place)));

async function enqueueOneByOne(): Promise<void> {
  for (const message of messages) {
    const MessageBody = JSON.stringify(message);
    await stack.sqs.send(
      new SendMessageCommand({ QueueUrl: stack.state.outputs['SendsQueueUrl'], MessageBody }),
    );
  }
}

const acceptedSchema = z.object({
  accepted: z.object({
    newest: z.array(z.object({ recipient: z.string(), request: z.object({ rawBody: z.string() }) })),
  }),
});

/** What Connectly has accepted for each recipient, in that order; undefined until it has all. */
async function acceptedInOrder(count: number): Promise<Record<string, string[]> | undefined> {
  const { newest } = acceptedSchema.parse(await stack.fake(`state?newest=${count}`)).accepted;
  if (newest.length < count) return undefined;
  const byRecipient: Record<string, string[]> = {};
  for (const { recipient, request } of newest) {
    const { rawBody } = request;
    const place = places.find((each) => rawBody.includes(each)) ?? rawBody;
    (byRecipient[recipient] ??= []).push(place);
  }
  return byRecipient;
}

describe('Messages to one recipient', { timeout: 4 * patienceMs }, () => {
  it.each([
    ['one by one', enqueueOneByOne],
    ['in batches', () => stack.enqueue(messages)],
  ])(`that are queued %s reach Connectly in order, ${rounds} times`, async (_, enqueue) => {
    const outOfOrder: unknown[] = [];
    for (let round = 0; round < rounds; round += 1) {
      await stack.fake('reset', {});
      // Order is promised within a batch: a machine that is slow to queue them must not make two of one.
      await stack.relay('pause', '--yes');
      await enqueue();
      await stack.relay('resume');
      const accepted = await eventually('all messages', () => acceptedInOrder(messages.length));
      for (const [to, order] of Object.entries(accepted))
        if (order.join() !== places.join()) outOfOrder.push([round, to, order]);
    }

    expect(outOfOrder).toEqual([]);
  });

  it('come after the first of them when that is put off', async () => {
    const [to = ''] = recipients;
    await stack.fake('faults', { kind: 'answer', status: 429, times: 1, match: { recipient: to } });

    await stack.enqueue(places.map((place) => messageTo(to, place)));
    const accepted = await eventually('all messages', () => acceptedInOrder(places.length));

    expect(accepted).toEqual({ [to]: places });
  });
});
