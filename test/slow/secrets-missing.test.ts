import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sign, signatureHeader } from '../../lib/webhook/signature.ts';
import { localCredentials, startStack } from '../../local/stack/stack.ts';
import { type StackUnderTest, underTest } from '../support/running-stack.ts';
import { createVirtualClock, type VirtualClock } from '../support/virtual-clock.ts';
import { patienceMs } from '../support/waiting.ts';

// The queues have a clock that the tests move. The functions live in real time, and pause for a quarter of a minute of it.

const projectRoot = fileURLToPath(new URL('../..', import.meta.url));

let clock: VirtualClock;
let stack: StackUnderTest;

beforeAll(async () => {
  clock = createVirtualClock(Date.now());
  const started = await startStack({ projectRoot, clock, fillSecrets: false });
  stack = underTest(started, { meanwhile: () => clock.advance(1000) });
}, patienceMs);

afterAll(() => stack.close());

describe('While the secrets have no value', { timeout: patienceMs }, () => {
  it('webhooks are answered 503, and a send stays on the queue until there is one', async () => {
    const to = '+15550100001';
    const body = '{"message":{"text":"hello"}}';
    const headers = {
      'content-type': 'text/plain',
      [signatureHeader]: sign(body, localCredentials.webhookSecret),
    };
    const post = async () => (await fetch(stack.webhookUrl, { method: 'POST', headers, body })).status;

    const before = await post();
    await stack.enqueue({ type: 'template', to, templateName: 'order_ready' });
    const waiting = await stack.eventually('That the send has come back', () =>
      stack
        .queue('SendsQueue')
        .peek()
        .find(({ visibleAt }) => visibleAt !== undefined && visibleAt < clock.now() + 60_000),
    );
    const requests = stack.requestsFor(to);
    stack.secretsManager.setValue(
      stack.description.outputs['ApiKeySecretArn'] ?? '',
      localCredentials.apiKey,
    );
    stack.secretsManager.setValue(
      stack.description.outputs['WebhookSecretArn'] ?? '',
      localCredentials.webhookSecret,
    );
    await stack.eventually('That it is accepted', () => stack.acceptedFor(to)[0]);

    expect(before).toBe(503);
    expect(waiting.body).toContain(to);
    expect(requests).toBe(0);
    expect(stack.messages('SendsDlq')).toEqual([]);
    expect(await post()).toBe(200);
  });
});
