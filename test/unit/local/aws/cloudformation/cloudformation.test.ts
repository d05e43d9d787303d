import {
  CloudFormationClient,
  DeleteStackCommand,
  DescribeStacksCommand,
} from '@aws-sdk/client-cloudformation';
import { describe, expect, it } from 'vitest';
import { createCloudFormation } from '../../../../../local/aws/cloudformation/cloudformation.ts';
import { serveForTest } from '../../../../support/aws-endpoint.ts';
import { createVirtualClock } from '../../../../support/virtual-clock.ts';

const id = 'arn:aws:cloudformation:eu-west-1:000000000000:stack/shop-local/local';

async function startClient(): Promise<CloudFormationClient> {
  const cloudFormation = createCloudFormation({ clock: createVirtualClock(Date.UTC(2026, 0, 1, 12)) });
  cloudFormation.addStack({
    name: 'shop-local',
    id,
    outputs: { Url: 'http://127.0.0.1/?a=1&b=<"2">', Arn: 'x' },
  });
  cloudFormation.addStack({ name: 'empty', id: `${id}2`, outputs: {} });
  return new CloudFormationClient(await serveForTest({ queryServices: [cloudFormation.service] }));
}

describe('DescribeStacks', () => {
  it.each([
    ['its name', 'shop-local'],
    ['its id', id],
  ])('finds a stack by %s, with its outputs', async (_, StackName) => {
    const client = await startClient();

    const { Stacks: stacks } = await client.send(new DescribeStacksCommand({ StackName }));

    expect(stacks).toEqual([
      {
        StackId: id,
        StackName: 'shop-local',
        CreationTime: new Date('2026-01-01T12:00:00.000Z'),
        StackStatus: 'CREATE_COMPLETE',
        DisableRollback: false,
        Outputs: [
          { OutputKey: 'Url', OutputValue: 'http://127.0.0.1/?a=1&b=<"2">' },
          { OutputKey: 'Arn', OutputValue: 'x' },
        ],
      },
    ]);
  });

  it('lists all of them when none is named', async () => {
    const client = await startClient();

    const { Stacks: stacks } = await client.send(new DescribeStacksCommand({}));

    expect(stacks?.map(({ StackName }) => StackName)).toEqual(['shop-local', 'empty']);
  });

  it('says of a stack that there is none', async () => {
    const client = await startClient();

    const call = client.send(new DescribeStacksCommand({ StackName: 'shop-prod' }));

    await expect(call).rejects.toMatchObject({
      name: 'ValidationError',
      message: 'Stack with id shop-prod does not exist',
      $metadata: { httpStatusCode: 400 },
    });
  });
});

it('what is not emulated is refused', async () => {
  const client = await startClient();

  const call = client.send(new DeleteStackCommand({ StackName: 'shop-local' }));

  await expect(call).rejects.toMatchObject({ name: 'InvalidAction' });
});
