import { dlqExplain } from '../../../cli/dlq/explain.ts';
import { dlqExport } from '../../../cli/dlq/export.ts';
import { dlqLs } from '../../../cli/dlq/ls.ts';
import { dlqPurge } from '../../../cli/dlq/purge.ts';
import { dlqRedrive } from '../../../cli/dlq/redrive.ts';
import { dlqShow } from '../../../cli/dlq/show.ts';
import { sendTemplate } from '../../../cli/send/send.ts';
import { type Deployment, queueUrl } from './deployment.ts';
import type { RelayCommand } from './relay-command.ts';

/** Where the AWS CLI finds a queue of the stage. */
function urlOf(deployment: Deployment, name: string): string {
  return queueUrl(deployment, `${deployment.stackName}-${name}`);
}

const text = (value: string) => ({ DataType: 'String', StringValue: value });

async function messageCount(deployment: Deployment, name: string): Promise<number> {
  const answer = await deployment.aws([
    'sqs',
    'get-queue-attributes',
    '--queue-url',
    urlOf(deployment, name),
    '--attribute-names',
    'ApproximateNumberOfMessages',
  ]);
  return Number(Object(answer).Attributes.ApproximateNumberOfMessages);
}

/** Queues a message. The sends queue has to be empty, and holds it then. */
export async function sendWithRelay(deployment: Deployment, relay: RelayCommand): Promise<void> {
  const { report } = deployment;
  const message = ['--to', '+15555555555', '--template', 'order_ready', '--id', 'from-the-command-line'];
  const { exitCode, results } = await relay(sendTemplate, ['send', 'template', ...message]);
  report.equal(
    'relay send queues a template',
    [exitCode, results.map(({ step }) => step), await messageCount(deployment, 'sends')],
    [0, ['queued'], 1],
  );
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
      urlOf(deployment, 'sends-dlq'),
      '--message-body',
      JSON.stringify(body),
      '--message-attributes',
      JSON.stringify(attributes),
    ]);
  }
  await lookAtLetters(deployment, relay);
  const before = await messageCount(deployment, 'sends');
  const dry = await relay(dlqRedrive, ['dlq', 'redrive']);
  report.equal(
    'relay dlq redrive moves nothing without --yes',
    [dry.exitCode, dry.results[0]?.dryRun, (await messageCount(deployment, 'sends')) - before],
    [0, true, 0],
  );
  const redriven = await relay(dlqRedrive, ['dlq', 'redrive', '--yes']);
  report.equal(
    '... and with it the one that can be sent, and keeps the other',
    [
      redriven.exitCode,
      redriven.results[0]?.send,
      redriven.results[0]?.expired,
      (await messageCount(deployment, 'sends')) - before,
    ],
    [0, 1, 1, 1],
  );
  const purged = await relay(dlqPurge, ['dlq', 'purge', '--expired', '--yes']);
  report.equal(
    'relay dlq purge deletes that one, and nothing is left',
    [purged.exitCode, purged.results, await messageCount(deployment, 'sends-dlq')],
    [0, [{ removed: { expired: 1 }, kept: 0 }], 0],
  );
  await aws(['sqs', 'purge-queue', '--queue-url', urlOf(deployment, 'sends')]);
}

async function lookAtLetters({ report }: Deployment, relay: RelayCommand): Promise<void> {
  const listed = await relay(dlqLs, ['dlq', 'ls']);
  report.equal(
    'relay dlq ls lists two planted letters, whose recipients are masked',
    [listed.exitCode, listed.results.map(({ id, to }) => `${id} ${to}`).toSorted()],
    [0, ['late +1555•••5555', 'unapproved +1555•••5555']],
  );
  const shown = await relay(dlqShow, ['dlq', 'show', 'unapproved']);
  report.equal(
    'relay dlq show tells what one means and what to do, and not its body',
    [
      shown.exitCode,
      shown.results.map(({ code, remedy, body }) => [code, remedy !== undefined, body !== undefined]),
    ],
    [0, [['ERROR_CODE_MESSAGE_TEMPLATE_NOT_FOUND', true, false]]],
  );
  const none = await relay(dlqShow, ['dlq', 'show', 'nobody-knows']);
  report.equal('... and that there is no other', [none.exitCode, none.error], [3, 'no-such-letter']);
  const exported = await relay(dlqExport, ['dlq', 'export', '--code', 'expired', '--reveal']);
  report.equal(
    'relay dlq export --reveal gives a letter of one code as it is',
    [exported.exitCode, exported.results.map(({ body = '{}' }) => Object(JSON.parse(body)).to)],
    [0, ['+15555555555']],
  );
  const explained = await relay(dlqExplain, ['dlq', 'explain']);
  report.equal(
    'relay dlq explain tells what they died of',
    [explained.exitCode, Object.fromEntries(explained.results.map(({ code, count }) => [code, count]))],
    [0, { ERROR_CODE_MESSAGE_TEMPLATE_NOT_FOUND: 1, expired: 1 }],
  );
}
