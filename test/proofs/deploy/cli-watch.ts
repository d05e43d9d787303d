import { pause } from '../../../cli/pause/pause.ts';
import { resume } from '../../../cli/resume/resume.ts';
import { status } from '../../../cli/status/status.ts';
import { type Deployment, readMappings } from './deployment.ts';
import type { RelayCommand } from './relay-command.ts';

/**
 * Watches, pauses and resumes the deployed stage with the command line. The mappings have to be disabled when it starts,
 * and are when it ends; the sends queue has to be empty.
 */
export async function watchWithRelay(deployment: Deployment, relay: RelayCommand): Promise<void> {
  const { report } = deployment;
  const senderState = async () =>
    (await readMappings(deployment)).find(({ EventSourceArn: arn }) => arn.endsWith('-sends'))?.State;

  const resumed = await relay(resume, ['resume']);
  report.equal(
    'relay resume switches the mapping on',
    [resumed.exitCode, resumed.results[0]?.changed, await senderState()],
    [0, true, 'Enabled'],
  );
  const paused = await relay(pause, ['pause']);
  report.equal(
    'relay pause switches it off',
    [paused.exitCode, paused.results[0]?.changed, await senderState()],
    [0, true, 'Disabled'],
  );
  const again = await relay(pause, ['pause']);
  report.equal(
    '... and a second time there is nothing to change',
    [again.exitCode, again.results[0]?.changed],
    [0, false],
  );

  const {
    exitCode,
    results: [overview],
  } = await relay(status, ['status', '--no-webhooks']);
  report.equal(
    'relay status tells that sending is paused, and all queues, and lacks nothing',
    [exitCode, overview?.sending, overview?.queues?.length, overview?.missing],
    [0, 'Disabled', 5, []],
  );
}
