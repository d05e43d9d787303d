import { dlqExplain } from '../../cli/commands/dlq-explain.ts';
import { dlqPurge } from '../../cli/commands/dlq-purge.ts';
import { dlqRedrive } from '../../cli/commands/dlq-redrive.ts';
import { secretsStatus } from '../../cli/commands/secrets-status.ts';
import { sendTemplate } from '../../cli/commands/send-template.ts';
import type { Deployment } from './deployment.ts';
import type { RelayCommand } from './relay-command.ts';

/** Where the AWS CLI finds a queue of the stage. */
function queueUrl({ endpoint, accountId, stackName }: Deployment, name: string): string {
  return `${endpoint}/${accountId}/${stackName}-${name}`;
}

const text = (value: string) => ({ DataType: 'String', StringValue: value });

async function messageCount(deployment: Deployment, name: string): Promise<number> {
  const answer = await deployment.aws([
    'sqs',
    'get-queue-attributes',
    '--queue-url',
    queueUrl(deployment, name),
    '--attribute-names',
    'ApproximateNumberOfMessages',
  ]);
  return Number(Object(answer).Attributes.ApproximateNumberOfMessages);
}

/** Asks about the secrets and queues a message. The sends queue has to be empty, and holds it then. */
export async function sendWithRelay(deployment: Deployment, relay: RelayCommand): Promise<void> {
  const { report } = deployment;
  const { secrets } = secretsStatus.result.parse((await relay('secrets', 'status'))[0]);
  report.equal(
    'relay secrets status tells that both are set',
    secrets.map(({ state }) => state),
    ['set', 'set'],
  );
  const message = ['--to', '+15555555555', '--template', 'order_ready', '--id', 'from-the-command-line'];
  const [queued] = await relay('send', 'template', ...message);
  const step = sendTemplate.result.parse(queued);
  report.equal('relay send queues a template', step.step, 'queued');
  report.equal('... and it is on the sends queue', await messageCount(deployment, 'sends'), 1);
}

/** Looks at planted dead letters, and moves and deletes them. Their queue has to be empty; both queues are when this ends. */
export async function rescueWithRelay(deployment: Deployment, relay: RelayCommand): Promise<void> {
  const { report, aws } = deployment;
  const anHourMs = 3_600_000;
  for (const [id, lifeMs] of [
    ['unapproved', anHourMs],
    ['late', -1],
  ] as const) {
    const body = { type: 'template', to: '+15555555555', templateName: 'order_ready', id };
    const attributes = {
      'relay.id': text(id),
      'relay.expiresAt': text(new Date(Date.now() + lifeMs).toISOString()),
      'error.code': text(lifeMs > 0 ? 'ERROR_CODE_MESSAGE_TEMPLATE_NOT_FOUND' : 'expired'),
    };
    await aws([
      'sqs',
      'send-message',
      '--queue-url',
      queueUrl(deployment, 'sends-dlq'),
      '--message-body',
      JSON.stringify(body),
      '--message-attributes',
      JSON.stringify(attributes),
    ]);
  }
  const groups = (await relay('dlq', 'explain')).map((line) => dlqExplain.result.parse(line));
  report.equal(
    'relay dlq explain tells what two planted letters died of',
    Object.fromEntries(groups.map(({ code, count }) => [code, count])),
    { ERROR_CODE_MESSAGE_TEMPLATE_NOT_FOUND: 1, expired: 1 },
  );
  const before = await messageCount(deployment, 'sends');
  const redriven = dlqRedrive.result.parse((await relay('dlq', 'redrive', '--yes'))[0]);
  report.equal(
    'relay dlq redrive moves the one that can be sent, and keeps the other',
    [redriven.send, redriven.expired, (await messageCount(deployment, 'sends')) - before],
    [1, 1, 1],
  );
  const purged = dlqPurge.result.parse((await relay('dlq', 'purge', '--expired', '--yes'))[0]);
  report.equal('relay dlq purge deletes that one', purged, { removed: { expired: 1 }, kept: 0 });
  report.equal('... and nothing is left', await messageCount(deployment, 'sends-dlq'), 0);
  await aws(['sqs', 'purge-queue', '--queue-url', queueUrl(deployment, 'sends')]);
}
