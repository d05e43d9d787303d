import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { secretUse } from '../../../../cli/secrets/rotation.ts';
import { createLogger } from '../../../../lib/logger.ts';
import type { SecretAge } from '../../../../lib/webhook/receive.ts';
import { type AwsEndpoint, startAwsEndpoint } from '../../../../local/aws/endpoint.ts';
import { createCloudWatchLogs } from '../../../../local/cloudwatch-logs/cloudwatch-logs.ts';

const functionName = 'receive-webhook';
const groupName = `/aws/lambda/${functionName}`;

let now = 0;
let endpoint: AwsEndpoint;
let client: CloudWatchLogsClient;
let writeLine: (line: string) => void;

beforeEach(async () => {
  const clock = { now: () => now, after: () => () => {} };
  const logs = createCloudWatchLogs({ clock, region: 'us-east-1', accountId: '000000000000' });
  logs.createLogGroup(groupName);
  writeLine = (message) => logs.write(groupName, { logStreamName: 'stream', message });
  endpoint = await startAwsEndpoint({ services: [logs.service] });
  client = new CloudWatchLogsClient({
    endpoint: endpoint.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
});

afterEach(async () => {
  client.destroy();
  await endpoint.close();
});

/** A webhook as the function logs it. */
function logged(secretAge: SecretAge, { at = 2000, topic = 'messages' } = {}): void {
  now = at;
  const logger = createLogger({ stage: 'test', level: 'info', output: writeLine, now: () => now });
  logger.write('info', 'webhook', { result: 'queued', topic, secretAge });
}

function used() {
  const { signal } = new AbortController();
  return secretUse(client, { functionName, since: 1000, signal });
}

describe('secretUse', () => {
  it.each<[SecretAge[], { old: boolean; new: boolean }]>([
    [[], { old: false, new: false }],
    [['newest'], { old: false, new: true }],
    [['older', 'newest'], { old: true, new: true }],
    // A function that does not know of the rotation yet.
    [['only'], { old: true, new: false }],
  ])('of %j is %j', async (ages, expected) => {
    for (const age of ages) logged(age);

    expect(await used()).toEqual(expected);
  });

  it('leaves out what was before', async () => {
    logged('older', { at: 999 });
    logged('newest');

    expect(await used()).toEqual({ old: false, new: true });
  });

  it('leaves out test events of our own', async () => {
    logged('older', { topic: 'relay_test' });
    logged('newest', { topic: 'relay_test' });

    expect(await used()).toEqual({ old: false, new: false });
  });
});
