import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { allCommands } from '../../support/cli-commands.ts';
import { type Journey, startStackHere } from '../../support/journey.ts';
import { canaries, escapeByte, leaksIn, number } from '../../support/leaks.ts';
import { putOn } from '../../support/queue-messages.ts';
import { patienceMs } from '../../support/waiting.ts';

const to = ['--to', number];

/** What is typed after each command, and on stdin; a command that is not here is typed alone. */
const typed: Readonly<Record<string, { readonly args: readonly string[]; readonly stdin?: string }>> = {
  'send text': { args: [...to, '--text', 'hello'] },
  'send template': { args: [...to, '--template', 'order_ready', '--language', 'en', '--dry-run'] },
  'send attachment': { args: [...to, '--type', 'image', '--url', 'https://example.com/x.png', '--dry-run'] },
  'send location': { args: [...to, '--latitude', '49', '--longitude', '-123', '--dry-run'] },
  'send list': { args: [...to, '--text', 'Pick', '--button', 'Open', '--row', 's1=10:00', '--dry-run'] },
  'send buttons': { args: [...to, '--text', 'Confirm?', '--button', 'yes=Yes', '--dry-run'] },
  'send session': { args: ['-', ...to, '--dry-run'], stdin: '{"text":"hello"}' },
  bulk: { args: ['recipients.csv', '--template', 'order_ready', '--language', 'en', '--dry-run'] },
  'simulate message': { args: ['--from', number] },
  'simulate button': { args: ['--text', 'Yes', '--payload', 'yes', '--from', number] },
  'simulate location': { args: ['--from', number] },
  'secrets set': { args: ['webhook-secrets', '--yes'], stdin: canaries.webhookSecret },
  'secrets rotate': { args: ['api-key'], stdin: canaries.apiKey },
  'webhook unregister': { args: ['--topic', 'report', '--yes'] },
  tail: { args: ['--since', '1h', '--no-follow'] },
  'dlq show': { args: ['canary-order'] },
  'dlq purge': { args: ['--expired', '--yes'] },
  policy: { args: ['deployer'] },
  validate: { args: ['-'], stdin: `{"type":"text","to":"${number.slice(1)}","text":"hello"}` },
  verify: { args: ['recipients.csv', '--signature', 'fB1yqrlYJbGjRyyF5W9fmDnWqnmsM7DvbUJ1rDa0sno='] },
  completion: { args: ['bash'] },
};

/** They have a stack of their own: the slow tests run them. */
const withOwnStack = new Set(['dev', 'demo']);

let journey: Journey;

beforeAll(async () => {
  journey = await startStackHere();
  await journey.fake('secrets', canaries);
  await journey.putSecret('ApiKeySecretArn', canaries.apiKey);
  const old = 'canary-webhook-secret-0';
  await journey.putSecret('WebhookSecretArn', JSON.stringify([old, canaries.webhookSecret]));
  await putOn(journey.sqs, journey.state.outputs['SendsDlqUrl'], [
    {
      body: { type: 'text', to: number, text: 'hello', id: 'canary-order' },
      attributes: {
        'relay.id': 'canary-order',
        'error.code': 'message-invalid',
        'error.message': 'to: must be a number',
      },
    },
  ]);
  await journey.project.write('recipients.csv', `to,id\n${number},row-1\n`);
}, patienceMs);

afterAll(() => journey.end());

describe('what a command prints into a pipe', { timeout: 2 * patienceMs }, () => {
  const commands = allCommands().filter(({ name }) => !withOwnStack.has(name));

  it.each(commands)('has no secret, no full number and no escape byte: relay $name', async ({ name }) => {
    const { args = [], stdin = '' } = typed[name] ?? {};
    const words = args.map((word) => (word === 'recipients.csv' ? journey.project.path(word) : word));
    const isAtStage = name === 'preflight';
    const keys = { AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local' };
    const env = isAtStage ? { AWS_ENDPOINT_URL: journey.state.awsUrl, ...keys } : {};
    const where = isAtStage ? ['--stage', 'local'] : ['--local'];
    const type = (...options: string[]) =>
      journey.relayWith({ stdin, env }, ...name.split(' '), ...words, ...options, ...where);

    const results = await Promise.all([type(), type('--json')]);

    for (const { exitCode, stdout, stderr } of results) {
      expect(leaksIn(stdout + stderr)).toEqual([]);
      // Not turned away before it had anything to print.
      expect({ exitCode, stderr }).not.toMatchObject({ exitCode: 2 });
    }
  });

  it('would be noticed', () => {
    expect(leaksIn(`${canaries.apiKey} ${number} ${escapeByte}[31m`)).toHaveLength(3);
  });
});
