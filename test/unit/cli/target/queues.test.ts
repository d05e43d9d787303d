import { describe, expect, it, onTestFinished } from 'vitest';
import { createAwsClients } from '../../../../cli/target/aws-clients.ts';
import { oldestMessages } from '../../../../cli/target/queues.ts';
import { createCloudWatch } from '../../../../local/aws/cloudwatch/cloudwatch.ts';
import { createSqs } from '../../../../local/aws/sqs/sqs.ts';
import { serveForTest } from '../../../support/aws-endpoint.ts';
import { createVirtualClock } from '../../../support/virtual-clock.ts';

const noon = Date.UTC(2026, 0, 1, 12);
const minuteMs = 60_000;

/** CloudWatch over the queues of a target, where the sends queue has a message since noon. */
async function aTarget() {
  const clock = createVirtualClock(noon);
  const baseUrl = 'http://127.0.0.1:1';
  const sqs = createSqs({ clock, region: 'eu-west-1', accountId: '000000000000', baseUrl: () => baseUrl });
  const output = (name: string) => `${baseUrl}/000000000000/${name}`;
  const call = (operation: string, input: object) =>
    sqs.service.operations[operation]?.({ ...input }, { signal: new AbortController().signal });
  for (const QueueName of ['SendsQueueUrl', 'SendsDlqUrl']) await call('CreateQueue', { QueueName });
  await call('SendMessage', { QueueUrl: output('SendsQueueUrl'), MessageBody: 'm' });
  const cloudWatch = createCloudWatch({ clock, queues: () => sqs.queues() });
  const { endpoint, region, credentials } = await serveForTest({ services: [cloudWatch.service] });
  const aws = createAwsClients({ region, endpoint, credentials });
  onTestFinished(() => aws.close());
  return { clock, target: { aws, output } };
}

const { signal } = new AbortController();

describe('the oldest messages', () => {
  it('have an age, and a time of queueing that is never too late', async () => {
    const { clock, target } = await aTarget();
    await clock.advance(30 * minuteMs);

    const oldest = await oldestMessages(target, { queues: ['SendsQueueUrl'], now: clock.now(), signal });

    const { ageSeconds, queuedAt } = oldest.get('SendsQueueUrl') ?? { ageSeconds: 0, queuedAt: 0 };
    expect(ageSeconds).toBe(30 * 60);
    expect(queuedAt).toBeLessThanOrEqual(noon);
    expect(queuedAt).toBeGreaterThanOrEqual(noon - 2 * minuteMs);
  });

  it('are of their own queue, and there is none of an empty one', async () => {
    const { clock, target } = await aTarget();
    await clock.advance(30 * minuteMs);

    const queues = ['SendsDlqUrl', 'SendsQueueUrl'] as const;
    const oldest = await oldestMessages(target, { queues, now: clock.now(), signal });

    expect([...oldest.keys()]).toEqual(['SendsQueueUrl']);
  });
});
