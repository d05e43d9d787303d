import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CheckResult, runChecks } from '../../../../cli/checks/check.ts';
import { connectlyChecks } from '../../../../cli/doctor/connectly-checks.ts';
import { registerStack } from '../../../../cli/webhook/register-stack.ts';
import { type FakeConnectly, startFakeConnectly } from '../../../../local/connectly/fake-connectly.ts';
import { answer, type ScriptedServer, startScriptedServer } from '../../../support/scripted-server.ts';
import {
  businessId,
  type StageFacts,
  type StageUnderCheck,
  startStageUnderCheck,
} from './stage-under-check.ts';

const { signal } = new AbortController();
const apiKey = 'an-api-key';
const elsewhere = 'https://example.com/another-stage';

let connectly: FakeConnectly;
let webhook: ScriptedServer;
let stage: StageUnderCheck | undefined;

beforeEach(async () => {
  webhook = await startScriptedServer();
  connectly = await startFakeConnectly({ apiKey, webhookSecret: 'a-webhook-secret' });
  await registerStack({ connectly, businessId, webhookUrl: webhook.url.href }, apiKey);
});

afterEach(async () => {
  await stage?.close();
  await connectly.close();
  await webhook.close();
});

interface Differences extends Partial<StageFacts> {
  readonly withoutBusiness?: true;
  readonly withTestEvent?: true;
}

/** What is not well between Connectly and a stage that is healthy but for this. */
async function troublesOf(different: Differences): Promise<readonly CheckResult[]> {
  const { withoutBusiness, withTestEvent = false, outputs, ...facts } = different;
  const addresses = { WebhookUrl: webhook.url.href, ConnectlyBaseUrl: connectly.url };
  stage = await startStageUnderCheck({ ...facts, outputs: { ...addresses, ...outputs } });
  const checks = connectlyChecks(stage.target, {
    businessId: withoutBusiness ? undefined : businessId,
    withTestEvent,
    roundTripMs: 0,
  });
  const results = await runChecks(checks, { deadlineMs: 10_000, signal });
  return results.filter(({ verdict }) => verdict !== 'ok');
}

const secrets = { 'webhook-secrets': 'a-webhook-secret', 'api-key': apiKey };

describe('The checks of what a stage and Connectly know of each other', () => {
  it('find nothing where all is well', async () => {
    const troubles = await troublesOf({});

    expect(troubles).toEqual([]);
  });

  it.each([
    ['has no value', undefined, 'no value yet'],
    ['is a list that is none', '["one", 2]', 'webhook secret'],
  ])('find a webhook secret that %s, and do not show it', async (_, value, words) => {
    const troubles = await troublesOf({ secrets: { ...secrets, 'webhook-secrets': value } });

    expect(troubles).toEqual([
      {
        check: 'webhook-secrets',
        verdict: 'failed',
        finding: expect.stringContaining(words),
        remedy: 'npx relay secrets set webhook-secrets --stage test',
      },
    ]);
  });

  it('find an empty API key, and say once what to do', async () => {
    const troubles = await troublesOf({ secrets: { ...secrets, 'api-key': undefined } });

    expect(troubles.map(({ check, verdict, finding }) => [check, verdict, finding])).toEqual([
      ['api-key', 'failed', expect.stringContaining('no value yet')],
      ['key-accepted', 'warning', 'Not known: there is no key.'],
      ['registrations', 'warning', 'Not known: there is no key.'],
    ]);
    expect(new Set(troubles.map(({ remedy }) => remedy))).toEqual(
      new Set(['npx relay secrets set api-key --stage test']),
    );
  });

  it('find keys by business that lack the own one', async () => {
    const keys = JSON.stringify({ 'another-business': apiKey });

    const troubles = await troublesOf({ secrets: { ...secrets, 'api-key': keys } });

    expect(troubles.map(({ check, verdict }) => [check, verdict])).toEqual([
      ['api-key', 'failed'],
      ['key-accepted', 'warning'],
      ['registrations', 'warning'],
    ]);
    expect(troubles[0]?.finding).toBe('There is no key for business business-1.');
  });

  it('find a key that Connectly refuses', async () => {
    const troubles = await troublesOf({ secrets: { ...secrets, 'api-key': 'another-key' } });

    expect(troubles.map(({ check, verdict, remedy }) => [check, verdict, remedy])).toEqual([
      ['key-accepted', 'failed', 'npx relay secrets set api-key --stage test'],
      ['registrations', 'warning', 'npx relay secrets set api-key --stage test'],
    ]);
    expect(JSON.stringify(troubles)).not.toContain('another-key');
  });

  it('find topics that point elsewhere, and nowhere', async () => {
    connectly.reset();
    await registerStack({ connectly, businessId, webhookUrl: elsewhere }, apiKey);
    const astray = await troublesOf({});
    await stage?.close();
    connectly.reset();

    const nowhere = await troublesOf({});

    expect(astray).toEqual([
      {
        check: 'registrations',
        verdict: 'failed',
        finding: `"messages" points to ${elsewhere}. "delivery_status" points to ${elsewhere}.`,
        remedy: 'npx relay webhook register --replace --stage test',
      },
    ]);
    expect(nowhere).toEqual([
      {
        check: 'registrations',
        verdict: 'failed',
        finding: '"messages" points nowhere. "delivery_status" points nowhere.',
        remedy: 'npx relay webhook register --stage test',
      },
    ]);
  });

  it.each([408, 429, 500, 503])('blame Connectly, not the key, when it answers %i', async (status) => {
    connectly.addFault({ kind: 'answer', status, times: 'always', match: { endpoint: 'webhooks' } });

    const troubles = await troublesOf({});

    const remedy = 'npx relay status --stage test';
    expect(troubles).toMatchObject([
      { check: 'key-accepted', verdict: 'failed', remedy },
      { check: 'registrations', verdict: 'failed', remedy },
    ]);
    for (const { finding } of troubles)
      expect(finding).toContain(`Connectly answers ${status}: the trouble is there`);
  });

  it('warn when nobody has named a business', async () => {
    const troubles = await troublesOf({ withoutBusiness: true });

    expect(troubles.map(({ check, verdict, finding }) => [check, verdict, finding])).toEqual([
      ['key-accepted', 'warning', expect.stringContaining('--business')],
      ['registrations', 'warning', expect.stringContaining('--business')],
    ]);
    expect(new Set(troubles.map(({ remedy }) => remedy))).toEqual(
      new Set(['npx relay doctor --business BUSINESS_ID --stage test']),
    );
  });
});

describe('The check of a signed round trip', () => {
  it.each([
    [401, 'does not know the secret'],
    [404, 'has no route to the function'],
    [429, 'limits the rate'],
    [503, 'no secret, or no queue'],
    [500, 'Look into the log of connectly-relay-test-receive-webhook'],
  ])('fails when the webhook answers %i, and says why', async (status, words) => {
    webhook.script(answer(status, '{}'));

    const troubles = await troublesOf({ withTestEvent: true });

    expect(troubles).toEqual([
      {
        check: 'round-trip',
        verdict: 'failed',
        finding: expect.stringMatching(new RegExp(`answered ${status}\\..*${words}`)),
        remedy: 'npx relay webhook test --stage test',
      },
    ]);
  });

  it('fails when nobody is there', async () => {
    await webhook.close();

    const troubles = await troublesOf({ withTestEvent: true });

    expect(troubles).toMatchObject([
      { check: 'round-trip', verdict: 'failed', finding: expect.stringContaining('does not answer') },
    ]);
  });

  it('warns when the event was taken and is not to be found', async () => {
    const troubles = await troublesOf({ withTestEvent: true });

    expect(troubles).toMatchObject([
      { check: 'round-trip', verdict: 'warning', finding: expect.stringContaining('was not seen') },
    ]);
  });

  it('says that the event may wait behind those of others, which consumers then see', async () => {
    const body = '{}';
    const other = {
      ReceiptHandle: 'other',
      Body: body,
      MD5OfBody: createHash('md5').update(body).digest('hex'),
      Attributes: { ApproximateReceiveCount: '1' },
    };
    const operations = {
      ReceiveMessage: async () => ({ Messages: [other] }),
      ChangeMessageVisibilityBatch: async () => ({ Successful: [], Failed: [] }),
    };

    const troubles = await troublesOf({ withTestEvent: true, operations });

    expect(troubles).toMatchObject([
      {
        check: 'round-trip',
        verdict: 'warning',
        finding: expect.stringContaining('one event of topic relay_test'),
      },
    ]);
  });

  it('is not tried without a secret', async () => {
    const troubles = await troublesOf({
      withTestEvent: true,
      secrets: { ...secrets, 'webhook-secrets': undefined },
    });

    expect(troubles.map(({ check, verdict }) => [check, verdict])).toEqual([
      ['webhook-secrets', 'failed'],
      ['round-trip', 'warning'],
    ]);
    expect(webhook.requests).toEqual([]);
  });
});
