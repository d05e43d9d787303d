import { describe, expect, it } from 'vitest';
import { readyStandForEachTest, type Stand, signedWebhook } from './stand.ts';

// What a message costs, in things that can be counted: one more of any of them is paid for a million times.
let stand: Stand;

readyStandForEachTest((started) => {
  stand = started;
});

const countOf = (calls: readonly string[]) =>
  Object.fromEntries([...new Set(calls)].map((call) => [call, calls.filter((each) => each === call).length]));

/** The metrics that CloudWatch reads out of lines: each directive's metrics, for each of its sets of dimensions. */
function metricsIn(lines: readonly Record<string, unknown>[]): number {
  const directives: unknown[] = lines.flatMap((line) => Object(line['_aws'])['CloudWatchMetrics'] ?? []);
  return directives.reduce<number>((sum, directive) => {
    const { Dimensions: splits, Metrics: metrics } = Object(directive);
    return sum + splits.length * metrics.length;
  }, 0);
}

describe('Ten messages that Connectly accepts', () => {
  it('cost two writes of the ledger and one request each, and one read of the key', async () => {
    const batch = await stand.batchOf(...orders(10));
    const before = stand.calls.sqs.length;

    await stand.runSendMessage().invoke(batch);

    expect(countOf(stand.calls.ledger)).toEqual({ PutItem: 20 });
    expect(countOf(stand.calls.secrets)).toEqual({ GetSecretValue: 1 });
    expect(stand.calls.sqs.slice(before)).toEqual([]);
    expect(stand.connectly.requests).toHaveLength(10);
  });

  it('cost one line in the log each, and three metrics', async () => {
    const sendMessage = stand.runSendMessage({ LOG_LEVEL: 'info' });

    await sendMessage.invoke(await stand.batchOf(...orders(10)));

    expect(sendMessage.log()).toHaveLength(10);
    expect(metricsIn(sendMessage.log())).toBe(30);
  });
});

describe('Ten webhooks', () => {
  it('cost one message on the events queue each, and one read of the secret', async () => {
    const receiveWebhook = stand.runReceiveWebhook();

    for (const webhook of webhooks(10)) await receiveWebhook.invoke(webhook);

    expect(countOf(stand.calls.sqs)).toEqual({ SendMessage: 10 });
    expect(countOf(stand.calls.secrets)).toEqual({ GetSecretValue: 1 });
  });

  it('cost one line in the log each, and one metric', async () => {
    const receiveWebhook = stand.runReceiveWebhook({ LOG_LEVEL: 'info' });

    for (const webhook of webhooks(10)) await receiveWebhook.invoke(webhook);

    expect(receiveWebhook.log()).toHaveLength(10);
    expect(metricsIn(receiveWebhook.log())).toBe(10);
  });
});

function orders(count: number): object[] {
  return Array.from({ length: count }, (_, n) => ({
    type: 'text',
    to: `+1555000${1_000 + n}`,
    text: 'hello!',
    id: `order-${n}`,
  }));
}

function webhooks(count: number): object[] {
  return Array.from({ length: count }, (_, n) => signedWebhook(`M${n}`));
}
