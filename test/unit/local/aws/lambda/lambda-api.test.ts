import {
  GetEventSourceMappingCommand,
  GetFunctionConfigurationCommand,
  InvokeCommand,
  LambdaClient,
  ListEventSourceMappingsCommand,
  paginateListEventSourceMappings,
  UpdateEventSourceMappingCommand,
} from '@aws-sdk/client-lambda';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startEventSourceMapping } from '../../../../../local/aws/lambda/event-source-mapping.ts';
import type { Invocation } from '../../../../../local/aws/lambda/invocation.ts';
import { createLambdaApi } from '../../../../../local/aws/lambda/lambda-api.ts';
import { createSqs } from '../../../../../local/aws/sqs/sqs.ts';
import type {
  EventSourceMappingDescription,
  FunctionDescription,
} from '../../../../../local/template/stack-description.ts';
import { serveForTest } from '../../../../support/aws-endpoint.ts';
import { createVirtualClock } from '../../../../support/virtual-clock.ts';

const place = { region: 'eu-west-1', accountId: '000000000000' };
const arn = 'arn:aws:lambda:eu-west-1:000000000000:function:shop-worker';
const queueArn = (name: string) => `arn:aws:sqs:eu-west-1:000000000000:${name}`;

const worker: FunctionDescription = {
  logicalId: 'Worker',
  name: 'shop-worker',
  arn,
  handler: 'index.handler',
  runtime: 'nodejs24.x',
  architecture: 'arm64',
  timeoutSeconds: 60,
  memoryMb: 512,
  environment: { STAGE: 'local' },
  reservedConcurrency: undefined,
  logFormat: 'Text',
};

const described: EventSourceMappingDescription = {
  logicalId: 'WorkerMapping',
  functionLogicalId: 'Worker',
  queueLogicalId: 'Jobs',
  queueArn: queueArn('jobs'),
  batchSize: 10,
  maximumBatchingWindowSeconds: 0,
  maximumConcurrency: 2,
  reportBatchItemFailures: true,
  enabled: true,
};

/** A function with a mapping on the queue `jobs`, over a clock that stands still; its invocations end by hand. */
async function startLambda() {
  const clock = createVirtualClock(Date.UTC(2026, 0, 1));
  const sqs = createSqs({ ...place, clock, baseUrl: () => 'http://127.0.0.1:1' });
  const call = (operation: string, input: object) =>
    sqs.service.operations[operation]?.({ ...input }, { signal: new AbortController().signal });
  await call('CreateQueue', { QueueName: 'jobs', Attributes: { VisibilityTimeout: '360' } });
  const queueUrl = 'http://127.0.0.1:1/000000000000/jobs';
  const invocations: { readonly bodies: string[]; readonly end: () => void }[] = [];
  const mapping = startEventSourceMapping({
    ...described,
    maximumConcurrency: 2,
    operations: sqs.service.operations,
    queueUrl,
    region: place.region,
    clock,
    invoke: (event) =>
      new Promise<Invocation>((resolve) => {
        const records: unknown = Reflect.get(Object(event), 'Records');
        invocations.push({
          bodies: (Array.isArray(records) ? records : []).map((record) =>
            String(Reflect.get(Object(record), 'body')),
          ),
          end: () => resolve({ kind: 'success', payload: 'null', requestId: 'r', durationMs: 1 }),
        });
      }),
  });
  onTestFinished(async () => {
    const closing = mapping.close();
    for (const { end } of invocations) end();
    await clock.advance(0);
    await closing;
  });
  const api = createLambdaApi({ ...place, clock });
  api.addFunction(worker);
  api.addMapping(described, mapping);
  const client = new LambdaClient(await serveForTest({ restServices: [api.service] }));
  const list = await client.send(new ListEventSourceMappingsCommand({ FunctionName: 'shop-worker' }));
  const UUID = list.EventSourceMappings?.[0]?.UUID;
  return {
    clock,
    api,
    mapping,
    client,
    UUID,
    invocations,
    send: (body: string) => call('SendMessage', { QueueUrl: queueUrl, MessageBody: body }),
    counts: () => sqs.queues()[0]?.counts,
    state: async () => (await client.send(new GetEventSourceMappingCommand({ UUID }))).State,
    switchTo: async (Enabled: boolean) =>
      (await client.send(new UpdateEventSourceMappingCommand({ UUID, Enabled }))).State,
  };
}

describe('the mappings of a function', () => {
  it('are found by its name, its ARN or a part of that, with their settings', async () => {
    const { client } = await startLambda();
    const names = ['shop-worker', arn, `${arn}:$LATEST`, '000000000000:function:shop-worker', undefined];

    const lists = await Promise.all(
      names.map((FunctionName) => client.send(new ListEventSourceMappingsCommand({ FunctionName }))),
    );

    for (const { EventSourceMappings: mappings } of lists)
      expect(mappings).toEqual([
        {
          UUID: expect.stringMatching(/^[0-9a-f-]{36}$/),
          EventSourceMappingArn: expect.stringContaining(':event-source-mapping:'),
          EventSourceArn: queueArn('jobs'),
          FunctionArn: arn,
          BatchSize: 10,
          MaximumBatchingWindowInSeconds: 0,
          ScalingConfig: { MaximumConcurrency: 2 },
          FunctionResponseTypes: ['ReportBatchItemFailures'],
          State: 'Enabled',
          StateTransitionReason: 'USER_INITIATED',
          LastModified: new Date('2026-01-01T00:00:00.000Z'),
        },
      ]);
  });

  it('are those of one queue where one is named', async () => {
    const { client } = await startLambda();

    const lists = await Promise.all(
      ['jobs', 'others'].map((name) =>
        client.send(new ListEventSourceMappingsCommand({ EventSourceArn: queueArn(name) })),
      ),
    );

    expect(lists.map(({ EventSourceMappings: mappings }) => mappings?.length)).toEqual([1, 0]);
  });

  it('come in pages', async () => {
    const { api, mapping, client } = await startLambda();
    api.addMapping({ ...described, queueArn: queueArn('second') }, mapping);
    api.addMapping({ ...described, queueArn: queueArn('third') }, mapping);

    const pages: (string | undefined)[][] = [];
    for await (const page of paginateListEventSourceMappings({ client, pageSize: 2 }, {}))
      pages.push((page.EventSourceMappings ?? []).map(({ EventSourceArn }) => EventSourceArn));

    expect(pages).toEqual([[queueArn('jobs'), queueArn('second')], [queueArn('third')]]);
  });

  it.each([
    ['no items', { MaxItems: 0 }],
    ['a marker that nobody gave', { Marker: 'somewhere' }],
  ])('are refused with %s', async (_, input) => {
    const { client } = await startLambda();

    const call = client.send(new ListEventSourceMappingsCommand(input));

    await expect(call).rejects.toMatchObject({ name: 'InvalidParameterValueException' });
  });
});

describe('a mapping that is disabled', () => {
  it('goes through Disabling to Disabled, and receives nothing from the start of that', async () => {
    const { clock, send, state, switchTo, counts, invocations } = await startLambda();

    const answered = await switchTo(false);
    await send('a');
    await clock.advance(999);
    const before = await state();
    await clock.advance(1);
    const after = await state();
    await clock.advance(3_600_000);

    expect([answered, before, after]).toEqual(['Disabling', 'Disabling', 'Disabled']);
    expect(invocations).toEqual([]);
    expect(counts()).toEqual({ visible: 1, inFlight: 0, delayed: 0 });
  });

  it('lets the batch that is with the function end as ever', async () => {
    const { clock, send, state, switchTo, counts, invocations } = await startLambda();
    await send('a');
    await clock.advance(0);

    await switchTo(false);
    await clock.advance(5_000);
    const during = { state: await state(), counts: counts() };
    invocations[0]?.end();
    await clock.advance(0);

    expect(during).toEqual({ state: 'Disabled', counts: { visible: 0, inFlight: 1, delayed: 0 } });
    expect(counts()).toEqual({ visible: 0, inFlight: 0, delayed: 0 });
  });

  it('goes on through Enabling to Enabled, with what has come meanwhile', async () => {
    const { clock, send, state, switchTo, invocations } = await startLambda();
    await switchTo(false);
    await clock.advance(1_000);
    await send('a');
    await send('b');

    const answered = await switchTo(true);
    await clock.advance(1_000);

    expect([answered, await state()]).toEqual(['Enabling', 'Enabled']);
    expect(invocations.map(({ bodies }) => bodies)).toEqual([['a', 'b']]);
  });

  it('cannot be changed while a change is under way', async () => {
    const { clock, switchTo, state } = await startLambda();
    await switchTo(false);

    const call = switchTo(true);

    await expect(call).rejects.toMatchObject({
      name: 'ResourceInUseException',
      $metadata: { httpStatusCode: 400 },
    });
    await clock.advance(1_000);
    expect(await state()).toBe('Disabled');
  });

  it('stays as it is when it is disabled again', async () => {
    const { clock, switchTo } = await startLambda();
    await switchTo(false);
    await clock.advance(1_000);

    const answered = await switchTo(false);

    expect(answered).toBe('Disabled');
  });
});

describe('what is not emulated of an update', () => {
  it.each([
    ['another batch size', { BatchSize: 5 }, 'InvalidParameterValueException'],
    ['another function', { FunctionName: 'shop-other' }, 'ResourceNotFoundException'],
  ])('is refused: %s', async (_, change, name) => {
    const { client, UUID } = await startLambda();

    const call = client.send(new UpdateEventSourceMappingCommand({ UUID, ...change }));

    await expect(call).rejects.toMatchObject({ name });
  });

  it('is not the function that it has anyway', async () => {
    const { client, UUID } = await startLambda();

    const answer = await client.send(
      new UpdateEventSourceMappingCommand({ UUID, FunctionName: 'shop-worker', Enabled: true }),
    );

    expect(answer).toMatchObject({ State: 'Enabled', $metadata: { httpStatusCode: 202 } });
  });
});

describe('a function', () => {
  it('has its configuration as the template sets it', async () => {
    const { client } = await startLambda();

    const { $metadata: _, ...configuration } = await client.send(
      new GetFunctionConfigurationCommand({ FunctionName: 'shop-worker' }),
    );

    expect(configuration).toEqual({
      FunctionName: 'shop-worker',
      FunctionArn: arn,
      Version: '$LATEST',
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      PackageType: 'Zip',
      Handler: 'index.handler',
      Timeout: 60,
      MemorySize: 512,
      LastModified: '2026-01-01T00:00:00.000+0000',
      Environment: { Variables: { STAGE: 'local' } },
      LoggingConfig: { LogFormat: 'Text', LogGroup: '/aws/lambda/shop-worker' },
      State: 'Active',
      LastUpdateStatus: 'Successful',
    });
  });
});

describe('what does not exist', () => {
  const FunctionName = 'shop-other';

  it.each<[string, (client: LambdaClient) => Promise<unknown>]>([
    ['a function', (client) => client.send(new GetFunctionConfigurationCommand({ FunctionName }))],
    [
      'a function with mappings',
      (client) => client.send(new ListEventSourceMappingsCommand({ FunctionName })),
    ],
  ])('is told as Lambda tells it: %s', async (_, ask) => {
    const { client } = await startLambda();

    const call = ask(client);

    await expect(call).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      message: 'Function not found: arn:aws:lambda:eu-west-1:000000000000:function:shop-other',
      Type: 'User',
      $metadata: { httpStatusCode: 404 },
    });
  });

  it('is told so: a mapping', async () => {
    const { client } = await startLambda();

    const call = client.send(new GetEventSourceMappingCommand({ UUID: 'other' }));

    await expect(call).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      message: 'The resource you requested does not exist.',
    });
  });

  it('is told so: an operation', async () => {
    const { client } = await startLambda();

    const call = client.send(new InvokeCommand({ FunctionName: 'shop-worker' }));

    await expect(call).rejects.toMatchObject({ name: 'UnknownOperationException' });
  });
});
