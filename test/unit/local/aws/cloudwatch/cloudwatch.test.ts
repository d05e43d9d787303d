import {
  CloudWatchClient,
  GetMetricDataCommand,
  type GetMetricDataCommandInput,
  ListMetricsCommand,
  type MetricDataQuery,
} from '@aws-sdk/client-cloudwatch';
import { describe, expect, it } from 'vitest';
import { createLogger } from '../../../../../lib/logger.ts';
import { createCloudWatch } from '../../../../../local/aws/cloudwatch/cloudwatch.ts';
import { EmbeddedMetrics } from '../../../../../local/aws/cloudwatch/embedded-metrics.ts';
import { createSqs } from '../../../../../local/aws/sqs/sqs.ts';
import { serveForTest } from '../../../../support/aws-endpoint.ts';
import { createVirtualClock } from '../../../../support/virtual-clock.ts';

const noon = Date.UTC(2026, 0, 1, 12);
const minuteMs = 60_000;

/** A CloudWatch over a queue `jobs` with a dead-letter queue `dead`, at noon; and a logger of the relay's own. */
async function startCloudWatch() {
  const clock = createVirtualClock(noon);
  const sqs = createSqs({
    clock,
    region: 'eu-west-1',
    accountId: '000000000000',
    baseUrl: () => 'http://127.0.0.1:1',
  });
  const call = (operation: string, input: object) =>
    sqs.service.operations[operation]?.({ ...input }, { signal: new AbortController().signal });
  await call('CreateQueue', { QueueName: 'dead' });
  const redrive = { deadLetterTargetArn: 'arn:aws:sqs:eu-west-1:000000000000:dead', maxReceiveCount: 5 };
  await call('CreateQueue', { QueueName: 'jobs', Attributes: { RedrivePolicy: JSON.stringify(redrive) } });
  const cloudWatch = createCloudWatch({ clock, queues: () => sqs.queues() });
  const client = new CloudWatchClient(await serveForTest({ services: [cloudWatch.service] }));
  const ask = (queries: MetricDataQuery[], range: Partial<GetMetricDataCommandInput> = {}) =>
    client.send(
      new GetMetricDataCommand({
        MetricDataQueries: queries,
        StartTime: new Date(clock.now() - 10 * minuteMs),
        EndTime: new Date(clock.now()),
        ...range,
      }),
    );
  const QueueUrl = 'http://127.0.0.1:1/000000000000/jobs';
  return {
    clock,
    client,
    cloudWatch,
    ask,
    send: () => call('SendMessage', { QueueUrl, MessageBody: 'm' }),
    receive: () => call('ReceiveMessage', { QueueUrl, VisibilityTimeout: 1 }),
    logger: createLogger({
      stage: 'local',
      level: 'info',
      output: (line) => cloudWatch.readLogLine(line),
      now: () => clock.now(),
    }),
    valueOf: async (name: string, queueName = 'jobs') => {
      const { MetricDataResults: results } = await ask([queueQuery(name, queueName)]);
      return results?.[0]?.Values?.[0];
    },
  };
}

function queueQuery(MetricName: string, queueName = 'jobs', Id = 'q'): MetricDataQuery {
  const Dimensions = [{ Name: 'QueueName', Value: queueName }];
  return {
    Id,
    MetricStat: { Metric: { Namespace: 'AWS/SQS', MetricName, Dimensions }, Period: 60, Stat: 'Maximum' },
  };
}

function relayQuery(
  event: string,
  {
    name,
    stat,
    dimensions = {},
    Id = 'r',
    period = 60,
  }: {
    name: string;
    stat: string;
    dimensions?: Record<string, string>;
    Id?: string;
    period?: number;
  },
): MetricDataQuery {
  const Dimensions = Object.entries({ stage: 'local', ...dimensions }).map(([Name, Value]) => ({
    Name,
    Value,
  }));
  return {
    Id,
    MetricStat: {
      Metric: { Namespace: `connectly-relay/${event}`, MetricName: name, Dimensions },
      Period: period,
      Stat: stat,
    },
  };
}

describe('the metrics of a queue', () => {
  it('are a point for the last whole minute, with the numbers of now', async () => {
    const { clock, send, receive, ask } = await startCloudWatch();
    await send();
    await send();
    await clock.advance(90_000);
    await receive();

    const { MetricDataResults: results } = await ask([
      queueQuery('ApproximateNumberOfMessagesVisible', 'jobs', 'visible'),
      queueQuery('ApproximateNumberOfMessagesNotVisible', 'jobs', 'inFlight'),
      queueQuery('ApproximateNumberOfMessagesDelayed', 'jobs', 'delayed'),
      queueQuery('ApproximateAgeOfOldestMessage', 'jobs', 'age'),
    ]);

    expect(results?.map(({ Id, Values }) => [Id, Values])).toEqual([
      ['visible', [1]],
      ['inFlight', [1]],
      ['delayed', [0]],
      ['age', [90]],
    ]);
    expect(results?.[0]).toMatchObject({
      Label: 'ApproximateNumberOfMessagesVisible',
      Timestamps: [new Date(noon)],
      StatusCode: 'Complete',
    });
  });

  it('say 0 seconds of an empty queue', async () => {
    const { clock, valueOf } = await startCloudWatch();
    await clock.advance(minuteMs);

    const age = await valueOf('ApproximateAgeOfOldestMessage');

    expect(age).toBe(0);
  });

  it('leave a message out of the age once it was received more than three times', async () => {
    const { clock, send, receive, valueOf } = await startCloudWatch();
    await send();
    const ages: (number | undefined)[] = [];

    for (let received = 0; received < 4; received += 1) {
      await clock.advance(10_000);
      await receive();
      ages.push(await valueOf('ApproximateAgeOfOldestMessage'));
    }

    expect(ages).toEqual([10, 20, 30, 0]);
  });

  it('count the age on a dead-letter queue from the time when the message was moved there', async () => {
    const { clock, send, receive, valueOf } = await startCloudWatch();
    await send();
    for (let received = 0; received < 6; received += 1) {
      await clock.advance(10_000);
      await receive();
    }
    await clock.advance(7_000);

    const ages = [
      await valueOf('ApproximateAgeOfOldestMessage'),
      await valueOf('ApproximateAgeOfOldestMessage', 'dead'),
    ];

    expect(ages).toEqual([0, 7]);
  });

  it.each([
    ['a queue that there is not', 'other', {}],
    [
      'a time before the last minute',
      'jobs',
      { StartTime: new Date(noon - minuteMs), EndTime: new Date(noon) },
    ],
  ])('are none for %s', async (_, queueName, range) => {
    const { clock, ask } = await startCloudWatch();
    await clock.advance(5 * minuteMs);

    const answer = await ask([queueQuery('ApproximateAgeOfOldestMessage', queueName)], range);

    expect(answer.MetricDataResults?.[0]).toMatchObject({ Values: [], Timestamps: [] });
  });
});

it('a queue has no metrics with other dimensions than its name', async () => {
  const { clock, ask } = await startCloudWatch();
  await clock.advance(minuteMs);
  const Dimensions = [
    { Name: 'QueueName', Value: 'jobs' },
    { Name: 'Other', Value: 'x' },
  ];
  const Metric = { Namespace: 'AWS/SQS', MetricName: 'ApproximateNumberOfMessagesVisible', Dimensions };

  const answer = await ask([{ Id: 'q', MetricStat: { Metric, Period: 60, Stat: 'Sum' } }]);

  expect(answer.MetricDataResults?.[0]?.Values).toEqual([]);
});

const valuesOf = (embedded: EmbeddedMetrics, dimensions: Record<string, string>) =>
  [...embedded.valuesOf({ namespace: 'Shop', name: 'sold', dimensions })].map(({ value }) => value);

const lineOf = (fields: object, Dimensions: string[][]) =>
  JSON.stringify({
    _aws: {
      Timestamp: noon,
      CloudWatchMetrics: [{ Namespace: 'Shop', Dimensions, Metrics: [{ Name: 'sold' }] }],
    },
    ...fields,
  });

describe('the metrics in log lines', () => {
  it('are the same whatever the order of their dimensions', () => {
    const embedded = new EmbeddedMetrics();

    embedded.read(lineOf({ sold: 1, b: 'x', a: 'y' }, [['b', 'a']]));
    embedded.read(lineOf({ sold: 2, b: 'x', a: 'y' }, [['a', 'b'], ['a']]));

    expect(valuesOf(embedded, { a: 'y', b: 'x' })).toEqual([1, 2]);
    expect(valuesOf(embedded, { b: 'x', a: 'y' })).toEqual([1, 2]);
    expect(valuesOf(embedded, { a: 'y' })).toEqual([2]);
  });

  it('are none where a dimension has no text, or the value is no number', () => {
    const embedded = new EmbeddedMetrics();

    embedded.read(lineOf({ sold: 1, a: 'y', b: 7 }, [['a', 'b']]));
    embedded.read(lineOf({ sold: 2, a: 'y' }, [['a', 'b']]));
    embedded.read(lineOf({ sold: '3', a: 'y' }, [['a']]));

    expect([{ a: 'y' }, { a: 'y', b: '7' }, {}].map((each) => valuesOf(embedded, each))).toEqual([
      [],
      [],
      [],
    ]);
  });

  it('are counted by their dimensions', async () => {
    const { clock, logger, ask } = await startCloudWatch();
    for (const result of ['accepted', 'accepted', 'refused']) logger.write('info', 'attempt', { result });
    logger.write('info', 'attempt', { result: 'refused', code: '4711' });
    await clock.advance(minuteMs);

    const { MetricDataResults: results } = await ask([
      relayQuery('attempt', {
        name: 'count',
        stat: 'Sum',
        dimensions: { result: 'accepted' },
        Id: 'accepted',
      }),
      relayQuery('attempt', { name: 'count', stat: 'Sum', dimensions: { result: 'refused' }, Id: 'refused' }),
      relayQuery('attempt', { name: 'count', stat: 'Sum', dimensions: { code: '4711' }, Id: 'code' }),
      relayQuery('attempt', { name: 'count', stat: 'Sum', dimensions: { result: 'unclear' }, Id: 'unclear' }),
      relayQuery('attempt', { name: 'count', stat: 'Sum', Id: 'without' }),
    ]);

    expect(results?.map(({ Id, Values }) => [Id, Values])).toEqual([
      ['accepted', [2]],
      ['refused', [2]],
      ['code', [1]],
      ['unclear', []],
      ['without', []],
    ]);
  });

  it('have percentiles and a maximum', async () => {
    const { clock, logger, ask } = await startCloudWatch();
    for (let durationMs = 1; durationMs <= 100; durationMs += 1)
      logger.write('info', 'attempt', { durationMs });
    await clock.advance(minuteMs);

    const { MetricDataResults: results } = await ask(
      ['p50', 'p95', 'Maximum', 'SampleCount'].map((stat) =>
        relayQuery('attempt', { name: 'durationMs', stat, Id: stat.toLowerCase() }),
      ),
    );

    expect(results?.map(({ Values }) => Values)).toEqual([[50], [95], [100], [100]]);
  });

  it('are put into periods from the start on, the newest first unless asked otherwise', async () => {
    const { clock, logger, ask } = await startCloudWatch();
    for (let minute = 0; minute < 5; minute += 1) {
      logger.write('info', 'attempt', { durationMs: minute });
      await clock.advance(minuteMs);
    }
    const query = relayQuery('attempt', { name: 'durationMs', stat: 'Sum', period: 120 });
    // The start is rounded down to its minute.
    const StartTime = new Date(noon + minuteMs + 30_000);

    const newestFirst = await ask([query], { StartTime });
    const oldestFirst = await ask([query], { StartTime, ScanBy: 'TimestampAscending' });

    expect(newestFirst.MetricDataResults?.[0]).toMatchObject({
      Timestamps: [new Date(noon + 3 * minuteMs), new Date(noon + minuteMs)],
      Values: [7, 3],
    });
    expect(oldestFirst.MetricDataResults?.[0]?.Values).toEqual([3, 7]);
  });

  it('do not count from the end on', async () => {
    const { clock, logger, ask } = await startCloudWatch();
    logger.write('info', 'attempt', { durationMs: 1 });
    await clock.advance(minuteMs);
    logger.write('info', 'attempt', { durationMs: 2 });
    await clock.advance(minuteMs);

    const answer = await ask([relayQuery('attempt', { name: 'durationMs', stat: 'Sum' })], {
      StartTime: new Date(noon),
      EndTime: new Date(noon + minuteMs),
    });

    expect(answer.MetricDataResults?.[0]?.Values).toEqual([1]);
  });

  it('are read out of nothing that is not in the embedded metric format', async () => {
    const { clock, cloudWatch, ask } = await startCloudWatch();
    for (const line of ['"_aws"', '{"_aws":', '{"_aws":{"Timestamp":"now"}}', '{"_aws":null}', 'REPORT'])
      cloudWatch.readLogLine(line);
    await clock.advance(minuteMs);

    const answer = await ask([relayQuery('attempt', { name: 'count', stat: 'Sum' })]);

    expect(answer.MetricDataResults?.[0]?.Values).toEqual([]);
  });

  it('are kept as long as there are not too many', () => {
    const embedded = new EmbeddedMetrics(3);
    const output = (line: string) => embedded.read(line);
    const logger = createLogger({ stage: 'local', level: 'info', output, now: () => noon });

    for (let durationMs = 1; durationMs <= 5; durationMs += 1)
      logger.write('info', 'attempt', { durationMs });

    const metric = {
      namespace: 'connectly-relay/attempt',
      name: 'durationMs',
      dimensions: { stage: 'local' },
    };
    expect([...embedded.valuesOf(metric)].map(({ value }) => value)).toEqual([3, 4, 5]);
  });

  it('are left out of the answer where only others need them', async () => {
    const { ask } = await startCloudWatch();

    const answer = await ask([
      { ...relayQuery('attempt', { name: 'count', stat: 'Sum', Id: 'hidden' }), ReturnData: false },
      { ...relayQuery('attempt', { name: 'count', stat: 'Sum', Id: 'shown' }), Label: 'Attempts' },
    ]);

    expect(answer.MetricDataResults?.map(({ Id, Label }) => [Id, Label])).toEqual([['shown', 'Attempts']]);
  });
});

describe('a question about metrics is refused', () => {
  const good = relayQuery('attempt', { name: 'count', stat: 'Sum' });
  const withStat = (change: object): MetricDataQuery[] => [
    {
      ...good,
      MetricStat: { ...good.MetricStat, Metric: good.MetricStat?.Metric, Period: 60, Stat: 'Sum', ...change },
    },
  ];

  it.each<[string, MetricDataQuery[], Partial<GetMetricDataCommandInput>]>([
    ['with an expression', [{ Id: 'e', Expression: 'a + b' }], {}],
    ['with a statistic that is not emulated', withStat({ Stat: 'tm90' }), {}],
    ['with a period below a minute', withStat({ Period: 10 }), {}],
    ['with a period of no whole minutes', withStat({ Period: 90 }), {}],
    ['with an id that begins with a capital', [{ ...good, Id: 'Q' }], {}],
    ['with two equal ids', [good, good], {}],
    ['with an end before its start', [good], { EndTime: new Date(0) }],
    ['with a unit', withStat({ Unit: 'Count' }), {}],
    ['with another account', [{ ...good, AccountId: '111111111111' }], {}],
    ['with a limit of points', [good], { MaxDatapoints: 10 }],
    ['about what SQS counts and nobody counts here', [queueQuery('NumberOfMessagesSent')], {}],
    ['about Lambda', withStat({ Metric: { Namespace: 'AWS/Lambda', MetricName: 'Errors' } }), {}],
  ])('%s', async (_, queries, input) => {
    const { ask } = await startCloudWatch();

    const call = ask(queries, input);

    await expect(call).rejects.toMatchObject({
      name: 'InvalidParameterValueException',
      $metadata: { httpStatusCode: 400 },
    });
  });

  it('without a query', async () => {
    const { ask } = await startCloudWatch();

    const call = ask([]);

    await expect(call).rejects.toMatchObject({ name: 'MissingRequiredParameterException' });
  });
});

it('what is not emulated is refused', async () => {
  const { client } = await startCloudWatch();

  const call = client.send(new ListMetricsCommand({}));

  await expect(call).rejects.toMatchObject({ name: 'UnknownOperationException' });
});
