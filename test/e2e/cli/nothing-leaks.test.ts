import { PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { allCommands } from '../../support/cli-commands.ts';
import { type Journey, startJourney } from '../../support/journey.ts';
import { patienceMs } from '../../support/relay-command.ts';

const canaries = { apiKey: 'canary-api-key-1', webhookSecret: 'canary-webhook-secret-1' };
const number = '+15550001234';
const escapeByte = '\u001b';
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
  'secrets set': { args: ['webhook-secret', '--yes'], stdin: canaries.webhookSecret },
  'secrets rotate': { args: ['api-key'], stdin: canaries.apiKey },
  'webhook unregister': { args: ['--topic', 'report', '--yes'] },
  tail: { args: ['--since', '1h', '--no-follow'] },
  'dlq show': { args: ['canary-order'] },
  'dlq purge': { args: ['--expired', '--yes'] },
  validate: { args: ['-'], stdin: `{"type":"text","to":"${number.slice(1)}","text":"hello"}` },
  verify: { args: ['recipients.csv', '--signature', 'fB1yqrlYJbGjRyyF5W9fmDnWqnmsM7DvbUJ1rDa0sno='] },
  completion: { args: ['bash'] },
};

/** They go on until they are stopped, and have no stack but their own. */
const notRun = new Set(['dev', 'demo']);

/** As SQS wants an attribute. */
const text = (StringValue: string) => ({ DataType: 'String', StringValue });

let journey: Journey;

beforeAll(async () => {
  journey = await startJourney();
  await journey.fake('secrets', canaries);
  const { awsUrl: endpoint, outputs } = journey.state;
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const options = { endpoint, region: 'us-east-1', credentials };
  const secrets = new SecretsManagerClient(options);
  await secrets.send(
    new PutSecretValueCommand({ SecretId: outputs['ApiKeySecretArn'], SecretString: canaries.apiKey }),
  );
  await secrets.send(
    new PutSecretValueCommand({
      SecretId: outputs['WebhookSecretArn'],
      SecretString: JSON.stringify(['canary-webhook-secret-0', canaries.webhookSecret]),
    }),
  );
  secrets.destroy();
  const sqs = new SQSClient(options);
  await sqs.send(
    new SendMessageCommand({
      QueueUrl: outputs['SendsDlqUrl'],
      MessageBody: JSON.stringify({ type: 'text', to: number, text: 'hello', id: 'canary-order' }),
      MessageAttributes: {
        'relay.id': text('canary-order'),
        'error.code': text('message-invalid'),
        'error.message': text('to: must be a number'),
      },
    }),
  );
  sqs.destroy();
  await journey.project.write('recipients.csv', `to,id\n${number},row-1\n`);
}, patienceMs);

afterAll(() => journey.end());

/** What must not be in what a command prints. */
function leaksIn(printed: string): string[] {
  const secrets = ['canary-api-key', 'canary-webhook-secret', 'local-webhook-secret', 'local-api-key'];
  return [...secrets, number.slice(1), escapeByte].filter((canary) => printed.includes(canary));
}

describe('what a command prints into a pipe', { timeout: 2 * patienceMs }, () => {
  const commands = allCommands().filter(({ name }) => !notRun.has(name));

  it.each(commands)('has no secret, no full number and no escape byte: relay $name', async ({ name }) => {
    const { args = [], stdin = '' } = typed[name] ?? {};
    const type = (...options: string[]) =>
      journey.relayWith(
        { stdin, env: { FORCE_COLOR: '3' } },
        ...name.split(' '),
        ...args,
        ...options,
        '--local',
      );

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
