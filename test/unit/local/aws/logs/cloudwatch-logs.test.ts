import {
  CloudWatchLogsClient,
  DescribeLogGroupsCommand,
  FilterLogEventsCommand,
  type FilterLogEventsCommandInput,
  paginateDescribeLogGroups,
  paginateFilterLogEvents,
  StartQueryCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { describe, expect, it } from 'vitest';
import { createCloudWatchLogs } from '../../../../../local/aws/logs/cloudwatch-logs.ts';
import { serveForTest } from '../../../../support/aws-endpoint.ts';
import { createVirtualClock } from '../../../../support/virtual-clock.ts';

const start = Date.UTC(2026, 0, 1);
const logGroupName = '/aws/lambda/shop-worker';
const arn = `arn:aws:logs:eu-west-1:000000000000:log-group:${logGroupName}`;

async function startLogs() {
  const clock = createVirtualClock(start);
  const logs = createCloudWatchLogs({ clock, region: 'eu-west-1', accountId: '000000000000' });
  logs.createLogGroup(logGroupName);
  const client = new CloudWatchLogsClient(await serveForTest({ services: [logs.service] }));
  return {
    clock,
    logs,
    client,
    write: (message: string, logStreamName = 'one') => logs.write(logGroupName, { logStreamName, message }),
    messages: async (input: Partial<FilterLogEventsCommandInput> = {}) => {
      const { events } = await client.send(new FilterLogEventsCommand({ logGroupName, ...input }));
      return events?.map(({ message }) => message);
    },
  };
}

describe('the events of a group', () => {
  it('share no id with those of another one: whoever reads two logs goes by the ids', async () => {
    const { client, logs, write } = await startLogs();
    const other = '/aws/lambda/shop-front';
    logs.createLogGroup(other);
    write('a\n');
    logs.write(other, { logStreamName: 'one', message: 'b\n' });

    const found = await Promise.all(
      [logGroupName, other].map((name) => client.send(new FilterLogEventsCommand({ logGroupName: name }))),
    );

    const ids = found.flatMap(({ events = [] }) => events.map(({ eventId }) => eventId));
    expect(ids).toHaveLength(2);
    expect(new Set(ids).size).toBe(2);
  });

  it('have their time, their stream and an id that grows', async () => {
    const { clock, client, write } = await startLogs();
    write('a\n');
    await clock.advance(5);
    write('b\n', 'two');

    const { events, nextToken } = await client.send(new FilterLogEventsCommand({ logGroupName }));

    expect(events).toEqual([
      {
        logStreamName: 'one',
        timestamp: start,
        ingestionTime: start,
        message: 'a\n',
        eventId: '1'.padStart(56, '0'),
      },
      {
        logStreamName: 'two',
        timestamp: start + 5,
        ingestionTime: start + 5,
        message: 'b\n',
        eventId: '2'.padStart(56, '0'),
      },
    ]);
    expect(nextToken).toBeUndefined();
  });

  it('are those of a time, its first and last millisecond included', async () => {
    const { clock, write, messages } = await startLogs();
    for (const message of ['0', '1', '2', '3']) {
      write(message);
      await clock.advance(1);
    }

    const found = await messages({ startTime: start + 1, endTime: start + 2 });

    expect(found).toEqual(['1', '2']);
  });

  it('are those that match the pattern and the streams', async () => {
    const { write, messages } = await startLogs();
    write('red', 'a/1');
    write('green', 'a/2');
    write('green', 'b/1');

    const found = [
      await messages({ filterPattern: 'green' }),
      await messages({ logStreamNames: ['a/1', 'b/1'] }),
      await messages({ logStreamNamePrefix: 'a/', filterPattern: 'green' }),
    ];

    expect(found).toEqual([['green', 'green'], ['red', 'green'], ['green']]);
  });

  it('come in pages of the size that was asked for', async () => {
    const { client, write } = await startLogs();
    for (let index = 0; index < 5; index += 1) write(String(index));

    const pages: (string | undefined)[][] = [];
    for await (const { events = [] } of paginateFilterLogEvents({ client, pageSize: 2 }, { logGroupName }))
      pages.push(events.map(({ message }) => message));

    expect(pages).toEqual([['0', '1'], ['2', '3'], ['4']]);
  });

  it('come in pages of a megabyte', async () => {
    const { client, write } = await startLogs();
    for (let index = 0; index < 5; index += 1) write('x'.repeat(400 * 1024));

    const sizes: number[] = [];
    for await (const { events = [] } of paginateFilterLogEvents({ client }, { logGroupName }))
      sizes.push(events.length);

    expect(sizes).toEqual([2, 2, 1]);
  });

  it('are the newest ten thousand', async () => {
    const { write, messages } = await startLogs();
    for (let index = 0; index < 10_001; index += 1) write(String(index));

    const found = await messages();

    expect(found?.length).toBe(10_000);
    expect(found?.[0]).toBe('1');
  });

  it('are the newest 8 MiB', async () => {
    const { client, write } = await startLogs();
    for (let index = 0; index < 20; index += 1) write('x'.repeat(1024 * 1024));

    const { logGroups: groups } = await client.send(new DescribeLogGroupsCommand({}));

    expect(groups?.[0]?.storedBytes).toBe(8 * 1024 * 1024);
  });

  it('are found by the name, the ARN or the identifier of their group', async () => {
    const { client, write } = await startLogs();
    write('a');
    const names = [{ logGroupName }, { logGroupIdentifier: logGroupName }, { logGroupIdentifier: arn }];

    const counts = await Promise.all(
      names.map(async (input) => (await client.send(new FilterLogEventsCommand(input))).events?.length),
    );

    expect(counts).toEqual([1, 1, 1]);
  });
});

describe('a question about events is refused', () => {
  it.each<[string, Partial<FilterLogEventsCommandInput>]>([
    ['without a group', { logGroupName: undefined }],
    ['with two names for it', { logGroupIdentifier: arn }],
    ['with an end before its start', { startTime: 2, endTime: 1 }],
    ['with a time before 1970', { startTime: -1 }],
    ['with no events to give', { limit: 0 }],
    ['with too many to give', { limit: 10_001 }],
    ['with streams and their prefix', { logStreamNames: ['a'], logStreamNamePrefix: 'a' }],
    ['with a pattern that is not understood', { filterPattern: '?a' }],
    ['with a token that nobody gave', { nextToken: 'somewhere' }],
    ['with a token of another list', { nextToken: Buffer.from('after x').toString('base64url') }],
  ])('%s', async (_, input) => {
    const { messages } = await startLogs();

    const call = messages(input);

    await expect(call).rejects.toMatchObject({
      name: 'InvalidParameterException',
      $metadata: { httpStatusCode: 400 },
    });
  });

  it('about a group that there is not', async () => {
    const { messages } = await startLogs();

    const call = messages({ logGroupName: '/aws/lambda/other' });

    await expect(call).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      message: 'The specified log group does not exist.',
    });
  });
});

describe('log groups', () => {
  it('are described', async () => {
    const { client, write } = await startLogs();
    write('abc\n');

    const { logGroups: groups } = await client.send(new DescribeLogGroupsCommand({}));

    expect(groups).toEqual([
      {
        logGroupName,
        creationTime: start,
        metricFilterCount: 0,
        arn: `${arn}:*`,
        logGroupArn: arn,
        logGroupClass: 'STANDARD',
        storedBytes: 4,
      },
    ]);
  });

  it('are those whose name begins with a prefix, or holds a text', async () => {
    const { client, logs } = await startLogs();
    logs.createLogGroup('/aws/lambda/shop-front');
    logs.createLogGroup('/other/worker');
    const inputs = [{ logGroupNamePrefix: '/aws/' }, { logGroupNamePattern: 'worker' }];

    const found = await Promise.all(
      inputs.map(async (input) => {
        const { logGroups: groups } = await client.send(new DescribeLogGroupsCommand(input));
        return groups?.map((group) => group.logGroupName);
      }),
    );

    expect(found).toEqual([
      ['/aws/lambda/shop-front', '/aws/lambda/shop-worker'],
      ['/aws/lambda/shop-worker', '/other/worker'],
    ]);
  });

  it('come in pages', async () => {
    const { client, logs } = await startLogs();
    logs.createLogGroup('/a');
    logs.createLogGroup('/b');

    const pages: (string | undefined)[][] = [];
    for await (const { logGroups: groups = [] } of paginateDescribeLogGroups({ client, pageSize: 2 }, {}))
      pages.push(groups.map((group) => group.logGroupName));

    expect(pages).toEqual([['/a', logGroupName], ['/b']]);
  });

  it.each([
    ['a prefix and a text', { logGroupNamePrefix: 'a', logGroupNamePattern: 'a' }],
    ['a page that is too large', { limit: 51 }],
    ['what is not emulated', { logGroupClass: 'INFREQUENT_ACCESS' } as const],
  ])('are refused with %s', async (_, input) => {
    const { client } = await startLogs();

    const call = client.send(new DescribeLogGroupsCommand(input));

    await expect(call).rejects.toMatchObject({ name: 'InvalidParameterException' });
  });
});

it('what is not emulated is refused', async () => {
  const { client } = await startLogs();

  const call = client.send(
    new StartQueryCommand({ startTime: 0, endTime: 1, queryString: 'fields @message' }),
  );

  await expect(call).rejects.toMatchObject({ name: 'UnknownOperationException' });
});
