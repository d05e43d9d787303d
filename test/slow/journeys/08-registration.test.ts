import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { webhookRegister } from '../../../cli/webhook/register.ts';
import { webhookStatus } from '../../../cli/webhook/status.ts';
import { webhookTest } from '../../../cli/webhook/test.ts';
import { webhookUnregister } from '../../../cli/webhook/unregister.ts';
import { type Journey, startJourney } from '../../support/journey.ts';
import { putOn } from '../../support/queue-messages.ts';
import { asTyped } from '../../support/relay-command.ts';
import { patienceMs } from '../../support/waiting.ts';

const elsewhere = 'https://example.com/other-stage';

let journey: Journey;
let here = '';

beforeAll(async () => {
  journey = await startJourney();
  here = journey.state.webhookUrl;
}, patienceMs);

afterAll(() => journey.end());

/** Where each topic points. */
async function pointing(): Promise<Record<string, string>> {
  const [status] = await journey.results(webhookStatus, 'webhook', 'status');
  return Object.fromEntries((status?.topics ?? []).map(({ topic, points }) => [topic, points]));
}

/** One answer 500, after Connectly has told so many times what is registered. */
async function failAfter(skip: number): Promise<void> {
  const fault = { kind: 'answer', status: 500, times: 1, skip, match: { endpoint: 'webhooks' } };
  await fetch(`${journey.state.connectlyUrl}/_fake/faults`, {
    method: 'POST',
    body: JSON.stringify(fault),
  });
}

describe('taking over a registration', { timeout: 2 * patienceMs }, () => {
  it('finds both topics here at first', async () => {
    const points = await pointing();

    expect(points).toEqual({ messages: 'here', delivery_status: 'here', report: 'nowhere' });
  });

  it('is refused when one topic points elsewhere, and leaves the others alone', async () => {
    await journey.relay('webhook', 'unregister', '--topic', 'messages', '--yes');
    const [, status] = await journey.results(
      webhookRegister,
      ...asTyped`webhook register --address ${elsewhere} --replace`,
    );
    await journey.relay('webhook', 'unregister', '--topic', 'messages', '--address', elsewhere, '--yes');

    const { exitCode, stdout, stderr } = await journey.relay('webhook', 'register');

    expect(status).toMatchObject({ action: 'updated', topic: 'delivery_status', before: here });
    expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: '' });
    expect(stderr).toContain(`"delivery_status" points to ${elsewhere}`);
    expect(stderr).toContain('--replace');
    expect(await pointing()).toEqual({
      messages: 'nowhere',
      delivery_status: 'elsewhere',
      report: 'nowhere',
    });
  });

  it('updates with --replace, creates what is not there, and shows the address before and after', async () => {
    const registered = await journey.results(webhookRegister, 'webhook', 'register', '--replace');
    const again = await journey.results(webhookRegister, 'webhook', 'register');

    expect(registered).toMatchObject([
      { action: 'created', topic: 'messages', after: here },
      { action: 'updated', topic: 'delivery_status', before: elsewhere, after: here },
    ]);
    expect(again.map(({ action }) => action)).toEqual(['unchanged', 'unchanged']);
  });

  it('says in words where to point what is not here', async () => {
    await journey.relay('webhook', 'register', '--topic', 'messages', '--address', elsewhere, '--replace');

    const { exitCode, stdout, stderr } = await journey.relay('webhook', 'status');
    await journey.relay('webhook', 'register', '--replace');

    expect(exitCode).toBe(0);
    expect(stdout).toContain(`elsewhere: ${elsewhere}`);
    expect(stderr).toContain('relay webhook register --replace --local');
  });
});

describe('removing a registration', { timeout: 2 * patienceMs }, () => {
  it('asks first', async () => {
    const { exitCode, stderr } = await journey.relay('webhook', 'unregister');

    expect(exitCode).toBe(2);
    expect(stderr).toContain('--yes');
    expect(await pointing()).toMatchObject({ messages: 'here', delivery_status: 'here' });
  });

  it('is refused for a topic that points elsewhere', async () => {
    await journey.relay('webhook', 'register', '--topic', 'report', '--address', elsewhere);

    const { exitCode, stderr } = await journey.relay('webhook', 'unregister', '--topic', 'report', '--yes');
    const removed = await journey.results(
      webhookUnregister,
      ...asTyped`webhook unregister --topic report --address ${elsewhere} --yes`,
    );
    const again = await journey.results(
      webhookUnregister,
      ...asTyped`webhook unregister --topic report --yes`,
    );

    expect(exitCode).toBe(3);
    expect(stderr).toContain('--address');
    expect(removed).toEqual([{ action: 'removed', topic: 'report', before: elsewhere }]);
    expect(again).toEqual([{ action: 'unchanged', topic: 'report' }]);
  });
});

describe('Connectly failing between two topics', { timeout: 2 * patienceMs }, () => {
  it.each([
    ['unregister', 'removed', 1, ['--yes']],
    ['register', 'updated', 2, ['--address', elsewhere, '--replace']],
    ['register', 'updated', 3, ['--address', elsewhere, '--replace']],
  ])('ends %s with 6, and tells what was %s: failure after %i', async (command, action, skip, options) => {
    await journey.relay('webhook', 'register', '--replace');
    await failAfter(skip);

    const { exitCode, stdout, stderr } = await journey.relay('--json', 'webhook', command, ...options);

    const points = await pointing();
    expect(exitCode).toBe(6);
    expect(JSON.parse(stdout)).toMatchObject({ action, topic: 'messages', before: here });
    expect(JSON.parse(stderr)).toMatchObject({
      error: {
        code: 'connectly-500',
        message: expect.stringMatching(
          /: Connectly answered 500\..*changed topic "messages", .* no change of topic "delivery_status".*webhook status --local/s,
        ),
      },
    });
    expect(points).toMatchObject({ delivery_status: 'here' });
    expect(points['messages']).not.toBe('here');
  });
});

describe('the round trip', { timeout: 2 * patienceMs }, () => {
  it('finds its own event on the queue, deletes it alone, and gives everything else back', async () => {
    const { outputs } = journey.state;
    await putOn(journey.sqs, outputs['EventsQueueUrl'], [{ body: { id: 'of a customer' } }]);

    const [first] = await journey.results(webhookTest, 'webhook', 'test');
    const [second] = await journey.results(webhookTest, 'webhook', 'test');

    expect([first, second]).toMatchObject([
      { foundIn: 'queue', others: 1 },
      { foundIn: 'queue', others: 1 },
    ]);
  });

  it('does not speak of a consumer when more events wait than it may receive', async () => {
    const { outputs } = journey.state;
    const others = Array.from({ length: 40 }, (_, each) => ({ body: { id: `of customer ${each}` } }));
    await putOn(journey.sqs, outputs['EventsQueueUrl'], others);

    const { exitCode, stdout } = await journey.relay('webhook', 'test');

    expect(exitCode).toBe(0);
    expect(stdout).toContain('consumers will see one event of topic relay_test');
    expect(stdout).not.toContain('faster');
  });
});
