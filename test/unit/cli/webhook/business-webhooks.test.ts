import { expect, it, onTestFinished } from 'vitest';
import { createNetwork } from '../../../../cli/network/network.ts';
import { withWebhooks } from '../../../../cli/webhook/business-webhooks.ts';
import { hang, startScriptedServer } from '../../../support/scripted-server.ts';
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
