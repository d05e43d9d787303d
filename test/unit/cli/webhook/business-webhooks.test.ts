import { expect, it, onTestFinished } from 'vitest';
import { createNetwork } from '../../../../cli/network/network.ts';
import { withWebhooks } from '../../../../cli/webhook/business-webhooks.ts';
import { answer, hang, startScriptedServer } from '../../../support/scripted-server.ts';
import { eventually } from '../../../support/waiting.ts';

it('A request to Connectly ends with the command that is interrupted', async () => {
  const silent = await startScriptedServer();
  silent.script(hang);
  onTestFinished(() => silent.close());
  const interruption = new AbortController();
  const { signal } = interruption;
  const target = { connectlyBaseUrl: silent.url, network: createNetwork() };
  const access = { target, businessId: 'business', apiKey: 'key', signal };
  const listing = withWebhooks(access, (webhooks) => webhooks.list());
  await eventually('the request', () => silent.requests.length > 0);

  interruption.abort('interrupted');

  await expect(listing).rejects.toBe('interrupted');
});

it.each(['..', '.', ''])('An id that would name another path is not used in one: %j', async (id) => {
  const connectly = await startScriptedServer();
  const webhooks = [{ id, topic: 'messages', address: 'https://here.example' }];
  connectly.script(answer(200, JSON.stringify({ entity: { webhooks } })));
  onTestFinished(() => connectly.close());
  const { signal } = new AbortController();
  const target = { connectlyBaseUrl: connectly.url, network: createNetwork() };
  const access = { target, businessId: 'business', apiKey: 'key', signal };

  const removing = withWebhooks(access, async (each) => {
    for (const webhook of await each.list()) await each.remove(webhook.id);
  });

  await expect(removing).rejects.toMatchObject({ code: 'connectly-answer-invalid' });
  expect(connectly.requests).toHaveLength(1);
});
