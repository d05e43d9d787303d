import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { status } from '../../../cli/status/status.ts';
import { tail } from '../../../cli/tail/tail.ts';
import { type Journey, resultsIn, startStackHere } from '../../support/journey.ts';
import { type RelayResult } from '../../support/relay-command.ts';
import { eventually, patienceMs } from '../../support/waiting.ts';

const text = 'a text that nobody may log';
const customer = '+15557654321';
const escapeByte = '\u001b';

let journey: Journey;

beforeAll(async () => {
  journey = await startStackHere();
  // Refused: this customer has never written.
  await journey.enqueue([
    { type: 'template', to: customer, templateName: 'order_ready', id: 'order-1' },
    { type: 'text', to: customer, text, id: 'order-2' },
  ]);
  await eventually('both attempts and a delivery status', async () => {
    const { stdout } = await journey.relay('tail', '--no-follow');
    return ['accepted', 'refused', 'receive-webhook', 'settle-send'].every((word) => stdout.includes(word));
  });
}, 2 * patienceMs);

afterAll(() => journey.end());

/** As for a deployed stage, whose AWS is the running local stack's. */
function atDeployed(...args: string[]): Promise<RelayResult> {
  const { awsUrl } = journey.state;
  const env = { AWS_ENDPOINT_URL: awsUrl, AWS_ACCESS_KEY_ID: 'x', AWS_SECRET_ACCESS_KEY: 'x' };
  return journey.relayWith({ env }, ...args, '--stage', 'local', '--region', 'us-east-1');
}

const activitiesIn = (stdout: string) => resultsIn(tail, stdout);

const typesOf = ({ stdout }: RelayResult) => activitiesIn(stdout).map(({ type }) => type);

describe('relay tail', { timeout: patienceMs }, () => {
  it.each([
    ['the local stack', (...args: string[]) => journey.relay(...args)],
    ['a deployed stage', atDeployed],
  ])('tells what the functions of %s did as one object on each line', async (_, run) => {
    const { exitCode, stdout, stderr } = await run('tail', '--no-follow', '--json');

    const activities = activitiesIn(stdout);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(activities).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ function: 'send-message', event: 'attempt', result: 'accepted' }),
        expect.objectContaining({
          level: 'warn',
          result: 'refused',
          code: 'ERROR_CODE_MESSAGE_CUSTOMER_NO_CONVERSATION_INITIATION',
        }),
      ]),
    );
    expect(activities.map(({ at }) => at)).toEqual(activities.map(({ at }) => at).toSorted());
  });

  it('tells it in words, with no number, no text and no escape byte', async () => {
    const { exitCode, stdout, stderr } = await journey.relay('tail', '--no-follow');

    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: 'Acting on the local stack.\n' });
    expect(stdout).toMatch(/^\d{4}-\S+Z {2}send-message {5}accepted/m);
    for (const secret of [customer.slice(1), text, 'order-1', escapeByte])
      expect(stdout).not.toContain(secret);
  });

  it('tells failures only, or webhooks only, on demand', async () => {
    const failures = await journey.relay('tail', '--no-follow', '--json', '--only', 'failures');
    const webhooks = await journey.relay('tail', '--no-follow', '--json', '--only', 'webhooks');

    expect(activitiesIn(failures.stdout).map(({ result }) => result)).toEqual(['refused']);
    expect(new Set(activitiesIn(webhooks.stdout).map((each) => each.function))).toEqual(
      new Set(['receive-webhook']),
    );
  });

  it('tells what delivery statuses say of sends to who asks for settling, not beside the sends', async () => {
    const sends = await journey.relay('tail', '--no-follow', '--json', '--only', 'sends');
    const settling = await journey.relay('tail', '--no-follow', '--json', '--only', 'settling');

    expect(typesOf(settling)).toContain('report');
    expect(typesOf(sends)).toEqual(expect.arrayContaining(['template', 'text']));
    expect(typesOf(sends)).not.toContain('report');
  });

  it('tells the attempts of one message by its key in the log', async () => {
    const [refused] = activitiesIn(
      (await journey.relay('tail', '--no-follow', '--json', '--only', 'failures')).stdout,
    );

    const ofKey = await journey.relay('tail', '--no-follow', '--json', '--key', refused?.key ?? '');

    expect(activitiesIn(ofKey.stdout)).toEqual([refused]);
  });

  it('goes on until Ctrl-C, and tells a webhook as it comes', async () => {
    const tailing = journey.start('tail', '--since', '0s', '--only', 'webhooks', '--json');
    await eventually('the first look', async () => {
      await journey.fake('inbound', { from: '+16315555500', text });
      return tailing.stdout() !== '';
    });

    tailing.ctrlC();
    const { exitCode, stdout, stderr } = await tailing.ended;

    expect(exitCode).toBe(130);
    expect(activitiesIn(stdout)).toContainEqual(
      expect.objectContaining({ event: 'webhook', result: 'queued', topic: 'messages' }),
    );
    expect(JSON.parse(stderr)).toMatchObject({ error: { code: 'interrupted' } });
    expect(stdout).not.toContain('16315555500');
  });

  it.each([['soon'], ['10 weeks'], ['-5m']])('ends with 2 on --since %s', async (since) => {
    const { exitCode, stderr } = await journey.relay('tail', `--since=${since}`);

    expect(exitCode).toBe(2);
    expect(stderr).toContain('90s, 10m, 4h or 2d');
  });
});

describe('relay status', { timeout: patienceMs }, () => {
  it('tells queues, mappings, webhooks and the last failures as one object', async () => {
    const { exitCode, stdout, stderr } = await journey.relay('status', '--json');

    const overview = status.result.parse(JSON.parse(stdout));
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(overview).toMatchObject({
      target: 'the local stack',
      sending: 'Enabled',
      settling: 'Enabled',
      webhooks: [
        { topic: 'messages', points: 'here' },
        { topic: 'delivery_status', points: 'here' },
      ],
      missing: [],
    });
    expect(overview.queues).toContainEqual({ name: 'sends-dlq', waiting: 1, outOfSight: 0, delayed: 0 });
    expect(overview.deadLetters).toEqual([
      { code: 'ERROR_CODE_MESSAGE_CUSTOMER_NO_CONVERSATION_INITIATION', count: 1 },
    ]);
    expect(overview.failures).toContainEqual(expect.objectContaining({ result: 'refused' }));
  });

  it('tells it on one screen, with the next command on stderr, and no number, text or escape byte', async () => {
    const { exitCode, stdout, stderr } = await journey.relay('status');

    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^Sending {3}on$/m);
    expect(stdout).toMatch(/^sends-dlq +1 /m);
    expect(stderr).toContain('relay explain ERROR_CODE_MESSAGE_CUSTOMER_NO_CONVERSATION_INITIATION');
    for (const secret of [customer.slice(1), text, escapeByte]) expect(stdout).not.toContain(secret);
  });

  it('tells the same of a deployed stage, without asking Connectly when told so', async () => {
    const { exitCode, stdout } = await atDeployed('status', '--json', '--no-webhooks');

    const overview = status.result.parse(JSON.parse(stdout));
    expect(exitCode).toBe(0);
    expect(overview).toMatchObject({ target: 'stage local in us-east-1', sending: 'Enabled', missing: [] });
    expect(overview.webhooks).toBeUndefined();
  });

  it('ends with 6 and tells the rest when a part cannot be read', async () => {
    onTestFinished(() => journey.putSecret('ApiKeySecretArn', 'local-api-key'));
    await journey.putSecret('ApiKeySecretArn', '{"another-business":"planted-canary-key"}');

    const { exitCode, stdout, stderr } = await journey.relay('status', '--json');

    const overview = status.result.parse(JSON.parse(stdout));
    expect(exitCode).toBe(6);
    expect(overview.missing).toEqual([
      { part: 'webhooks', code: 'no-key-for-business', reason: expect.stringContaining('--business') },
    ]);
    expect(overview.queues).toHaveLength(5);
    expect(JSON.parse(stderr)).toMatchObject({ error: { code: 'partly-read' } });
    expect(stdout + stderr).not.toContain('planted-canary-key');
  });
});
