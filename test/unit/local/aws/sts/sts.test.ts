import { GetCallerIdentityCommand, GetSessionTokenCommand, STSClient } from '@aws-sdk/client-sts';
import { expect, it } from 'vitest';
import { createSts } from '../../../../../local/aws/sts/sts.ts';
import { serveForTest } from '../../../../support/aws-endpoint.ts';

async function startClient(): Promise<STSClient> {
  return new STSClient(await serveForTest({ queryServices: [createSts({ accountId: '000000000000' })] }));
}

it('whoever asks is told the account of the emulators', async () => {
  const client = await startClient();

  const identity = await client.send(new GetCallerIdentityCommand());

  expect(identity).toMatchObject({
    Account: '000000000000',
    Arn: 'arn:aws:iam::000000000000:user/local',
    UserId: 'AIDALOCAL',
  });
  expect(identity.$metadata.requestId).toMatch(/^[0-9a-f-]{36}$/);
});

it('what is not emulated is refused', async () => {
  const client = await startClient();

  const call = client.send(new GetSessionTokenCommand());

  await expect(call).rejects.toMatchObject({ name: 'InvalidAction', $fault: 'client' });
});
