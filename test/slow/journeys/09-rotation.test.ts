import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { secretsRotate } from '../../../cli/secrets/rotate.ts';
import { secretsStatus } from '../../../cli/secrets/status.ts';
import { type Journey, startJourney } from '../../support/journey.ts';
import { type RelayResult } from '../../support/relay-command.ts';
import { eventually, patienceMs } from '../../support/waiting.ts';

const secrets = { webhook: 'canary-webhook-secret-2', apiKey: 'canary-api-key-2' };

let journey: Journey;

beforeAll(async () => {
  // A cached secret lives for 5 minutes: longer than anybody wants to watch a test.
  journey = await startJourney({
    prepare: (project) =>
      project.edit(
        'lib/secrets/cache.ts',
        ['timeToLiveMs = 5 * 60 * 1000', 'timeToLiveMs = 1000'],
        ['refreshIntervalMs = 30 * 1000', 'refreshIntervalMs = 200'],
      ),
  });
}, patienceMs);

afterAll(() => journey.end());

/** Something again and again, until it is told to stop. */
function traffic(once: () => Promise<unknown>): () => Promise<void> {
  const controller = new AbortController();
  const running = (async () => {
    while (!controller.signal.aborted) {
      await once();
      await sleep(50);
    }
  })();
  return async () => {
    controller.abort();
    await running;
  };
}

function rotate(stdin: string, ...args: string[]): Promise<RelayResult> {
  return journey.relayWith({ stdin }, 'secrets', 'rotate', ...args, '--json');
}

const rotation = ({ stdout }: RelayResult) => secretsRotate.result.parse(JSON.parse(stdout));

/** Until the moment that a command has named. */
async function untilTime(time: string | undefined): Promise<void> {
  await eventually(`the time ${time}`, () => Date.now() > Date.parse(time ?? ''));
}

describe('rotating the webhook secret while events come', { timeout: 3 * patienceMs }, () => {
  it('refuses no event, and the old secret goes only once it is out of use', async () => {
    const stop = traffic(() => journey.fake('inbound', { from: '+16315555500', text: 'hello' }));
    const outputs: RelayResult[] = [];

    const added = await rotate(`${secrets.webhook}\n`, 'webhook-secrets');
    const [during] = await journey.results(secretsStatus, 'secrets', 'status');
    await untilTime(rotation(added).switchAfter);
    // So that there are two seconds to look back upon.
    await sleep(2_000);
    const early = await rotate('', 'webhook-secrets', '--finish', '--unused-for', '2');
    await journey.fake('secrets', { webhookSecret: secrets.webhook });
    await eventually('the end of the rotation', async () => {
      outputs.push(await rotate('', 'webhook-secrets', '--finish', '--unused-for', '2'));
      return outputs.at(-1)?.exitCode === 0;
    });
    const [after] = await journey.results(secretsStatus, 'secrets', 'status');
    await stop();

    expect(rotation(added)).toMatchObject({ action: 'added' });
    expect(during?.secrets[0]).toMatchObject({ secret: 'webhook-secrets', live: 2 });
    expect(early.exitCode).toBe(3);
    expect(JSON.parse(early.stderr)).toMatchObject({ error: { code: 'old-secret-in-use' } });
    expect(after?.secrets[0]).toMatchObject({ live: 1 });
    for (const { stdout, stderr } of [added, early, ...outputs])
      expect(stdout + stderr).not.toContain('canary');
    await eventually('the last event', async () => {
      const { delivered, events } = (await journey.seen(0)).webhooks;
      return delivered === events;
    });
    const { events, attempts } = (await journey.seen(0)).webhooks;
    expect(events).toBeGreaterThan(20);
    expect(attempts).toBe(events);
  });
});

describe('rotating the API key while messages are sent', { timeout: 3 * patienceMs }, () => {
  it('loses no message, and sends each once', async () => {
    let queued = 0;
    const stop = traffic(() => {
      queued += 1;
      return journey.enqueue([{ type: 'text', to: '+15555555555', text: `${queued}`, id: `m-${queued}` }]);
    });

    const refused = await rotate('canary-wrong-key\n', 'api-key');
    // Connectly lets both work for a while; the fake knows one, so it changes in the same moment.
    const [replaced] = await Promise.all([
      rotate(`${secrets.apiKey}\n`, 'api-key', '--no-check'),
      journey.fake('secrets', { apiKey: secrets.apiKey }),
    ]);
    await untilTime(rotation(replaced).switchAfter);
    await stop();

    expect(refused).toMatchObject({ exitCode: 4, stdout: '' });
    expect(refused.stderr + replaced.stdout + replaced.stderr).not.toContain('canary');
    // Those that meet the moment in which no key works pause for a quarter of a minute, and come back with growing delays.
    await eventually(
      'all messages at Connectly',
      async () => (await journey.seen(0)).accepted.count >= queued,
      { forMs: 2 * patienceMs },
    );
    expect((await journey.seen(0)).accepted.count).toBe(queued);
  });
});
