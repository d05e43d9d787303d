import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { createAwsClients } from '../../../../cli/target/aws-clients.ts';
import { createSqs } from '../../../../local/sqs/sqs.ts';
import { serveForTest } from '../../../support/aws-endpoint.ts';
import { createVirtualClock } from '../../../support/virtual-clock.ts';

afterEach(() => vi.unstubAllEnvs());

describe('the clients of a command', () => {
  it('send what is about a queue to AWS_ENDPOINT_URL, whatever host its URL names', async () => {
    const clock = createVirtualClock();
    const sqs = createSqs({
      clock,
      region: 'eu-west-1',
      accountId: '000000000000',
      baseUrl: () => 'http://127.0.0.1:1',
    });
    const { endpoint } = await serveForTest({ services: [sqs.service] });
    vi.stubEnv('AWS_ENDPOINT_URL', endpoint);
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'test');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test');
    const aws = createAwsClients({ region: 'eu-west-1' });
    onTestFinished(() => aws.close());

    // Nobody listens there.
    const QueueUrl = 'http://127.0.0.1:1/000000000000/sends';
    const asked = (await aws.sqs()).send(new GetQueueAttributesCommand({ QueueUrl }));

    await expect(asked).rejects.toMatchObject({ name: 'QueueDoesNotExist' });
  });
});
