import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { failureOf } from '../../../../cli/errors.ts';
import { createAwsClients } from '../../../../cli/target/aws-clients.ts';
import { createSqs } from '../../../../local/aws/sqs/sqs.ts';
import { serveForTest } from '../../../support/aws-endpoint.ts';
import { hang, startScriptedServer } from '../../../support/scripted-server.ts';
import { createVirtualClock } from '../../../support/virtual-clock.ts';

afterEach(() => vi.restoreAllMocks());

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
    const env = { AWS_ENDPOINT_URL: endpoint, AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' };
    const aws = createAwsClients({ region: 'eu-west-1', env });
    onTestFinished(() => aws.close());

    // Nobody listens there.
    const QueueUrl = 'http://127.0.0.1:1/000000000000/sends';
    const asked = (await aws.sqs()).send(new GetQueueAttributesCommand({ QueueUrl }));

    await expect(asked).rejects.toMatchObject({ name: 'QueueDoesNotExist' });
  });

  it('give up on an AWS that takes a request and never answers, and leave the words to us', async () => {
    const silent = await startScriptedServer();
    silent.script(hang);
    const warned = vi.spyOn(console, 'warn');
    const aws = createAwsClients(
      {
        region: 'eu-west-1',
        endpoint: silent.url.href,
        credentials: { accessKeyId: 'x', secretAccessKey: 'x' },
      },
      20,
    );
    onTestFinished(() => aws.close());
    onTestFinished(() => silent.close());

    const asked = (await aws.sts()).send(new GetCallerIdentityCommand({}));

    const error: unknown = await asked.catch((reason: unknown) => reason);
    expect(failureOf(error)).toMatchObject({ exitCode: 3, code: 'aws-unreachable' });
    expect(warned).not.toHaveBeenCalled();
  });
});
