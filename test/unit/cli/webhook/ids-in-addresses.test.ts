import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createNetwork } from '../../../../cli/network/network.ts';
import { withWebhooks } from '../../../../cli/webhook/business-webhooks.ts';
import type { Webhooks } from '../../../../cli/webhook/registrations.ts';
import { answer, type ScriptedServer, startScriptedServer } from '../../../support/scripted-server.ts';

let server: ScriptedServer;

beforeEach(async () => {
  server = await startScriptedServer();
  server.script(answer(200, '{}'));
});

afterEach(() => server.close());

function asking<Result>(businessId: string, ask: (webhooks: Webhooks) => Promise<Result>): Promise<Result> {
  const target = { connectlyBaseUrl: server.url, network: createNetwork() };
  return withWebhooks({ target, businessId, apiKey: 'key', signal: new AbortController().signal }, ask);
}

describe('an id in the address of a request to Connectly', () => {
  it.each(['..', '.', '', 'a/b', 'a?b', '%2e%2e', 'a b', 'b'.repeat(129)])(
    'is no business, and gets no key: %j',
    async (businessId) => {
      const listing = asking(businessId, (webhooks) => webhooks.list());

      await expect(listing).rejects.toMatchObject({
        exitCode: 2,
        message: expect.stringContaining('--business'),
      });
      expect(server.requests).toEqual([]);
    },
  );

  it('is one part of it, whatever else Connectly chose', async () => {
    await asking('business', (webhooks) => webhooks.remove('../a?b'));

    expect(server.requests).toMatchObject([
      { method: 'DELETE', path: '/v1/businesses/business/delete/webhooks/..%2Fa%3Fb' },
    ]);
  });
});
