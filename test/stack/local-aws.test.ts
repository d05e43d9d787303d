import { fileURLToPath } from 'node:url';
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { CloudWatchClient, GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import {
  CloudWatchLogsClient,
  DescribeLogGroupsCommand,
  FilterLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import {
  GetEventSourceMappingCommand,
  GetFunctionConfigurationCommand,
  LambdaClient,
  ListEventSourceMappingsCommand,
  UpdateEventSourceMappingCommand,
} from '@aws-sdk/client-lambda';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startStack } from '../../local/stack/stack.ts';
import { type ClientSettings, clientSettings } from '../support/client-settings.ts';
import { type StackUnderTest, underTest } from '../support/running-stack.ts';
import { patienceMs } from '../support/waiting.ts';

// The running local stack as the command line sees it, with the clients that it uses for AWS.

const projectRoot = fileURLToPath(new URL('../..', import.meta.url));
const sender = 'connectly-relay-local-send-message';
const minuteMs = 60_000;

let stack: StackUnderTest;
let settings: ClientSettings;

beforeAll(async () => {
  stack = underTest(await startStack({ projectRoot }));
  settings = clientSettings(stack.awsUrl, stack.region);
}, patienceMs);

afterAll(() => stack.close());

const templateTo = (to: string) => ({ type: 'template', to, templateName: 'order_ready' });

describe('The stack', { timeout: patienceMs }, () => {
  it('tells who asks, and its own outputs, as CloudFormation and STS do', async () => {
    const identity = await new STSClient(settings).send(new GetCallerIdentityCommand());
    const { Stacks: stacks } = await new CloudFormationClient(settings).send(
      new DescribeStacksCommand({ StackName: 'connectly-relay-local' }),
    );

    const outputs = Object.fromEntries(
      stacks?.[0]?.Outputs?.map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]) ?? [],
    );
    expect(identity.Account).toBe(stack.accountId);
    expect(stacks?.[0]?.StackStatus).toBe('CREATE_COMPLETE');
    expect(outputs).toEqual(stack.description.outputs);
  });

  it('has the three functions, each with a log group', async () => {
    const lambda = new LambdaClient(settings);
    const names = ['receive-webhook', 'send-message', 'settle-send'].map(
      (name) => `connectly-relay-local-${name}`,
    );

    const functions = await Promise.all(
      names.map((FunctionName) => lambda.send(new GetFunctionConfigurationCommand({ FunctionName }))),
    );
    const { logGroups: groups } = await new CloudWatchLogsClient(settings).send(
      new DescribeLogGroupsCommand({}),
    );

    expect(functions.map(({ Timeout }) => Timeout)).toEqual([12, 60, 30]);
    expect(groups?.map(({ logGroupName }) => logGroupName)).toEqual(
      names.map((name) => `/aws/lambda/${name}`),
    );
  });
});

describe('The sender', { timeout: patienceMs }, () => {
  it('stops while its mapping is disabled, and goes on with what has come meanwhile', async () => {
    const lambda = new LambdaClient(settings);
    const { EventSourceMappings: mappings } = await lambda.send(
      new ListEventSourceMappingsCommand({ FunctionName: sender }),
    );
    const UUID = mappings?.[0]?.UUID;
    const stateIs = (wanted: string) =>
      stack.eventually(`The state ${wanted}`, async () => {
        const { State } = await lambda.send(new GetEventSourceMappingCommand({ UUID }));
        return State === wanted;
      });
    const customers = ['+15550110001', '+15550110002'];

    await lambda.send(new UpdateEventSourceMappingCommand({ UUID, Enabled: false }));
    await stateIs('Disabled');
    await stack.enqueueAll(customers.map(templateTo));
    const waiting = stack.queue('SendsQueue').counts;
    await lambda.send(new UpdateEventSourceMappingCommand({ UUID, Enabled: true }));
    await stateIs('Enabled');
    for (const to of customers) await stack.eventually('That it is accepted', () => stack.acceptedFor(to)[0]);

    expect(waiting).toEqual({ visible: 2, inFlight: 0, delayed: 0 });
    expect(customers.map((to) => stack.acceptedFor(to).length)).toEqual([1, 1]);
  });

  it('is seen in its log and in its metrics', async () => {
    const logs = new CloudWatchLogsClient(settings);
    const cloudWatch = new CloudWatchClient(settings);
    const startTime = Date.now();
    const logGroupName = `/aws/lambda/${sender}`;
    const filterPattern = '{ $.result = "accepted" }';

    await stack.enqueue({ ...templateTo('+15550110003'), id: 'seen' });
    const [event] = await stack.eventually('The line in the log', async () => {
      const { events } = await logs.send(
        new FilterLogEventsCommand({ logGroupName, filterPattern, startTime }),
      );
      return events?.length ? events : undefined;
    });
    const Dimensions = [
      { Name: 'stage', Value: 'local' },
      { Name: 'result', Value: 'accepted' },
    ];
    const Metric = { Namespace: 'connectly-relay/attempt', MetricName: 'count', Dimensions };
    const { MetricDataResults: results } = await cloudWatch.send(
      new GetMetricDataCommand({
        MetricDataQueries: [{ Id: 'accepted', MetricStat: { Metric, Period: 600, Stat: 'Sum' } }],
        StartTime: new Date(startTime - 5 * minuteMs),
        EndTime: new Date(startTime + 5 * minuteMs),
      }),
    );

    expect(event?.message).toMatch(/^\{.*"event":"attempt".*\}\n$/);
    expect(event?.message).not.toContain('+15550110003');
    // With the two of the other test, when that has run.
    expect(results?.[0]?.Values?.[0]).toBeGreaterThanOrEqual(1);
  });
});
