import { onTestFinished } from 'vitest';
import { createAwsClients } from '../../../../cli/target/aws-clients.ts';
import { createTarget, type Target } from '../../../../cli/target/target.ts';
import { createCloudWatchLogs } from '../../../../local/aws/logs/cloudwatch-logs.ts';
import { serveForTest } from '../../../support/aws-endpoint.ts';

export interface LogsTarget {
  readonly target: Target;
  /** Writes a line in the webhook's log. */
  readonly write: (message: string, at: number) => void;
}

/** For one test: a stage of which there is nothing but the webhook's log. */
export async function startLogsTarget(): Promise<LogsTarget> {
  let now = 0;
  const clock = { now: () => now, after: () => () => {} };
  const logs = createCloudWatchLogs({ clock, region: 'eu-west-1', accountId: '000000000000' });
  const { endpoint, region, credentials } = await serveForTest({ services: [logs.service] });
  const target = createTarget({
    kind: 'deployed',
    name: 'stage test',
    options: '--stage test',
    stage: 'test',
    region,
    outputs: {},
    aws: createAwsClients({ region, endpoint, credentials }),
  });
  onTestFinished(() => target.close());
  const groupName = `/aws/lambda/${target.functions['receive-webhook']}`;
  logs.createLogGroup(groupName);
  return {
    target,
    write(message, at) {
      now = at;
      logs.write(groupName, { logStreamName: 'stream', message });
    },
  };
}
