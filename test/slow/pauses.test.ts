import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { dlqRedrive } from '../../cli/dlq/redrive.ts';
import { doctor } from '../../cli/doctor/doctor.ts';
import { sendTemplate } from '../../cli/send/send.ts';
import { status } from '../../cli/status/status.ts';
import { type Journey, resultsIn, startStackHere } from '../support/journey.ts';
import { asTyped } from '../support/relay-command.ts';
import { eventually, patienceMs } from '../support/waiting.ts';

/** So many failures in a row pause sending for all. */
const several = 16;

let journey: Journey;

beforeAll(async () => {
  journey = await startStackHere();
  // Reads, too: what probes find keeps the gate closed while these tests last.
  for (const endpoint of ['send/whatsapp_templated_messages', 'webhooks'])
    await journey.fake('faults', { kind: 'answer', status: 503, times: 100_000, match: { endpoint } });
  await journey.enqueue(
    Array.from({ length: several + 4 }, (_, index) => ({
      type: 'template',
      to: `+1555555${1000 + index}`,
      templateName: 'order_ready',
      id: `order-${index}`,
    })),
  );
  await eventually('a message that was turned away', async () => {
    const { stdout } = await journey.relay('tail', '--no-follow');
    return stdout.includes('untouched');
  });
}, 2 * patienceMs);

afterAll(() => journey.end());

const pause = {
  code: 'sending-paused',
  cause: 'connectly-503',
  meaning: expect.stringContaining('Connectly answered 503'),
};

describe('while sending pauses', { timeout: patienceMs }, () => {
  it('relay status says so first, with the cause and the next try', async () => {
    const inJson = await journey.relay('status', '--json');
    const inWords = await journey.relay('status');

    const { pauses } = status.result.parse(JSON.parse(inJson.stdout));
    expect(inJson.stdout).toMatch(/^\{"pauses":/);
    expect(pauses).toEqual([expect.objectContaining(pause)]);
    expect(inWords.stdout).toMatch(
      /^Sending pauses for all, since .* because of connectly-503\. The next try is .*\. Waiting: \d+\.$/m,
    );
    expect(inWords.stdout.startsWith('Sending pauses')).toBe(true);
  });

  it('relay status says so of a deployed stage, too', async () => {
    const env = {
      AWS_ENDPOINT_URL: journey.state.awsUrl,
      AWS_ACCESS_KEY_ID: 'x',
      AWS_SECRET_ACCESS_KEY: 'x',
    };

    const { stdout } = await journey.relayWith(
      { env },
      ...asTyped`status --json --no-webhooks --stage local --region us-east-1`,
    );

    expect(status.result.parse(JSON.parse(stdout)).pauses).toEqual([expect.objectContaining(pause)]);
  });

  it('relay doctor fails, with the remedy of the cause', async () => {
    const { exitCode, stdout } = await journey.relay('doctor', '--json', '--no-test-event');

    const { checks } = doctor.result.parse(JSON.parse(stdout));
    expect(exitCode).toBe(3);
    expect(checks.find(({ check }) => check === 'pauses')).toEqual({
      check: 'pauses',
      verdict: 'failed',
      finding: expect.stringMatching(/^Sending pauses for all, .* because of connectly-503\./),
      remedy: expect.stringMatching(/\nnpx relay explain connectly-503$/),
    });
  });

  it('relay send --follow says so once, and goes on waiting', async () => {
    const { exitCode, stdout } = await journey.relay(
      ...asTyped`send template --to +15555559999 --template order_ready --follow --limit 6s --json`,
    );

    const steps = resultsIn(sendTemplate, stdout);
    expect(exitCode).toBe(6);
    expect(steps.filter(({ step }) => step === 'paused')).toEqual([expect.objectContaining(pause)]);
  });

  it('relay dlq redrive says so before it begins', async () => {
    const inWords = await journey.relay('dlq', 'redrive');
    const [result] = await journey.results(dlqRedrive, 'dlq', 'redrive');

    expect(inWords.stderr).toMatch(/Sending pauses for all, .* What goes back waits on the sends queue\./);
    expect(result?.pauses).toEqual([expect.objectContaining(pause)]);
  });

  it('relay pause says what it waits for', async () => {
    onTestFinished(async () => void (await journey.relay('resume')));
    const pausing = journey.start('pause');
    await eventually('a word about that', async () => pausing.stderr().includes('wait for another try'));

    pausing.ctrlC();
    const { exitCode, stderr } = await pausing.ended;

    expect(exitCode).toBe(130);
    expect(stderr).toMatch(/Waiting until nothing is with the sender, \d+ s at most: \d+ may be/);
  });
});
