import { pause } from '../../cli/commands/pause.ts';
import { resume } from '../../cli/commands/resume.ts';
import { status } from '../../cli/commands/status.ts';
import { tail } from '../../cli/commands/tail.ts';
import { type Deployment, readMappings } from './deployment.ts';
import type { RelayCommand } from './relay-command.ts';

/**
 * Watches, pauses and resumes the deployed stage with the command line. The mappings have to be disabled when it starts,
 * and are when it ends; the sends queue has to be empty.
 */
export async function watchWithRelay(deployment: Deployment, relay: RelayCommand): Promise<void> {
  const { report, aws, stackName } = deployment;
  const senderState = async () =>
    (await readMappings(deployment)).find(({ EventSourceArn: arn }) => arn.endsWith('-sends'))?.State;

  const resumed = resume.result.parse((await relay('resume'))[0]);
  report.equal(
    'relay resume switches the mapping on',
    [resumed.changed, await senderState()],
    [true, 'Enabled'],
  );
  const paused = pause.result.parse((await relay('pause'))[0]);
  report.equal('relay pause switches it off', [paused.changed, await senderState()], [true, 'Disabled']);
  const again = pause.result.parse((await relay('pause'))[0]);
  report.equal('... and a second time there is nothing to change', again.changed, false);

  report.substituted(
    'a line of the sender is put into its log by the AWS CLI: nobody else writes logs to moto',
  );
  const place = [
    '--log-group-name',
    `/aws/lambda/${stackName}-send-message`,
    '--log-stream-name',
    'of-the-test',
  ];
  const line = {
    timestamp: new Date().toISOString(),
    level: 'warn',
    event: 'attempt',
    code: 'connectly-429',
  };
  const events = JSON.stringify([{ timestamp: Date.now(), message: JSON.stringify(line) }]);
  await aws(['logs', 'create-log-stream', ...place]);
  await aws(['logs', 'put-log-events', ...place, '--log-events', events]);
  const activity = tail.result.parse((await relay('tail', '--no-follow', '--only', 'failures'))[0]);
  report.equal('relay tail finds it', [activity.function, activity.code], ['send-message', 'connectly-429']);

  const overview = status.result.parse((await relay('status', '--no-webhooks'))[0]);
  report.equal(
    'relay status tells that sending is paused, and all queues, and lacks nothing',
    [overview.sending, overview.queues?.length, overview.missing],
    ['Disabled', 5, []],
  );
}
