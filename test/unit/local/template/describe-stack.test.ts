import { describe, expect, test } from 'vitest';
import { described } from './local-names.ts';
import { shopTemplate } from './shop-template.ts';

describe('A template is described as the local stack needs it', () => {
  test('queues come with attributes as CreateQueue takes them, dead-letter queues first', () => {
    const { queues } = described(shopTemplate());

    expect(queues).toEqual([
      {
        logicalId: 'Dead',
        name: 'dead',
        arn: 'arn:aws:sqs:eu-west-1:000000000000:dead',
        attributes: {
          RedriveAllowPolicy:
            '{"redrivePermission":"byQueue","sourceQueueArns":["arn:aws:sqs:eu-west-1:000000000000:jobs"]}',
        },
        tags: {},
        deadLetterQueueName: undefined,
      },
      {
        logicalId: 'Jobs',
        name: 'jobs',
        arn: 'arn:aws:sqs:eu-west-1:000000000000:jobs',
        attributes: {
          VisibilityTimeout: '180',
          MessageRetentionPeriod: '345600',
          RedrivePolicy:
            '{"deadLetterTargetArn":"arn:aws:sqs:eu-west-1:000000000000:dead","maxReceiveCount":5}',
        },
        tags: { team: 'orders' },
        deadLetterQueueName: 'dead',
      },
    ]);
  });

  test('a secret has a value only when the template sets one', () => {
    const template = shopTemplate();
    const Filled = { Type: 'AWS::SecretsManager::Secret', Properties: { Name: 'filled', SecretString: 'x' } };

    const { secrets } = described({ ...template, Resources: { ...template.Resources, Filled } });

    expect(secrets).toEqual([
      { logicalId: 'Key', name: 'shop/key', description: 'the key', value: undefined },
      { logicalId: 'Filled', name: 'filled', description: undefined, value: 'x' },
    ]);
  });

  test('a function has its resolved environment', () => {
    const { functions } = described(shopTemplate());

    expect(functions).toEqual([
      {
        logicalId: 'Worker',
        name: 'shop-worker',
        arn: 'arn:aws:lambda:eu-west-1:000000000000:function:shop-worker',
        handler: 'build/worker.handler',
        runtime: 'nodejs24.x',
        architecture: 'arm64',
        timeoutSeconds: 30,
        memoryMb: 512,
        environment: {
          QUEUE_URL: 'http://127.0.0.1:1/000000000000/jobs',
          KEY_ARN: 'arn:aws:secretsmanager:eu-west-1:000000000000:secret:shop/key-AbCdEf',
          LIMIT: '5',
        },
        reservedConcurrency: undefined,
        logFormat: 'Text',
      },
    ]);
  });

  test('a function and a mapping that say little have the defaults of Lambda', () => {
    const template = shopTemplate();
    const Bare = {
      Type: 'AWS::Lambda::Function',
      Properties: { Handler: 'a.handler', Runtime: 'nodejs24.x' },
    };
    const Mapping = {
      Type: 'AWS::Lambda::EventSourceMapping',
      Properties: { FunctionName: { Ref: 'Bare' }, EventSourceArn: { 'Fn::GetAtt': 'Jobs.Arn' } },
    };

    const { functions, eventSourceMappings } = described({
      Resources: { ...template.Resources, Bare, Mapping },
    });

    expect(functions[1]).toMatchObject({
      name: 'shop-Bare',
      timeoutSeconds: 3,
      memoryMb: 128,
      architecture: 'x86_64',
    });
    expect(eventSourceMappings[0]).toMatchObject({
      batchSize: 10,
      maximumBatchingWindowSeconds: 0,
      maximumConcurrency: undefined,
      reportBatchItemFailures: false,
      enabled: true,
    });
  });

  test('a mapping names its function and its queue', () => {
    const { eventSourceMappings } = described(shopTemplate());

    expect(eventSourceMappings).toEqual([
      {
        logicalId: 'Mapping',
        functionLogicalId: 'Worker',
        queueLogicalId: 'Jobs',
        queueArn: 'arn:aws:sqs:eu-west-1:000000000000:jobs',
        batchSize: 100,
        maximumBatchingWindowSeconds: 1,
        maximumConcurrency: 2,
        reportBatchItemFailures: true,
        enabled: true,
      },
    ]);
  });

  test('an HTTP API has its routes, with their functions', () => {
    const { httpApis } = described(shopTemplate());

    expect(httpApis).toEqual([
      {
        apiId: expect.stringMatching(/^[a-z0-9]{10}$/),
        routes: [{ routeKey: 'POST /orders', functionLogicalId: 'Worker', timeoutMs: 12_000 }],
      },
    ]);
  });

  test('an integration may name the invocation path of its function', () => {
    const template = shopTemplate();
    const uri =
      'arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Worker.Arn}/invocations';
    const { Integration } = template.Resources;
    const Properties = { ...Integration.Properties, IntegrationUri: { 'Fn::Sub': uri } };

    const { httpApis } = described({
      Resources: { ...template.Resources, Integration: { ...Integration, Properties } },
    });

    expect(httpApis[0]?.routes[0]?.functionLogicalId).toBe('Worker');
  });

  test('every way to write the address of the API leads to the local front, and an output of a role nowhere', () => {
    const { outputs, httpApis } = described(shopTemplate());

    const front = `http://127.0.0.1:2/${httpApis[0]?.apiId}`;
    expect(outputs).toEqual({ Url: front, OrdersUrl: `${front}/orders`, Endpoint: front });
  });

  test('an environment variable with the address of the API has the local front in it', () => {
    const template = shopTemplate();
    const { Worker } = template.Resources;
    const Environment = {
      Variables: { SELF: { 'Fn::Sub': 'https://${Api}.execute-api.${AWS::Region}.amazonaws.com/orders' } },
    };
    const Properties = { ...Worker.Properties, Environment };

    const { functions, httpApis } = described({
      Resources: { ...template.Resources, Worker: { ...Worker, Properties } },
    });

    expect(functions[0]?.environment).toEqual({ SELF: `http://127.0.0.1:2/${httpApis[0]?.apiId}/orders` });
  });

  test('a table has its properties resolved', () => {
    const { tables } = described(shopTemplate());

    expect(tables).toEqual([
      {
        logicalId: 'Ledger',
        name: 'ledger',
        arn: 'arn:aws:dynamodb:eu-west-1:000000000000:table/ledger',
        properties: { TableName: 'ledger', BillingMode: 'PAY_PER_REQUEST' },
      },
    ]);
  });
});

describe('What is not understood is an error that names the place', () => {
  const elsewhere = 'arn:aws:sqs:eu-west-1:000000000000:elsewhere';

  test.each<[string, [string, string, unknown], RegExp]>([
    ['an unknown property of a queue', ['Jobs', 'Colour', 'red'], /: is not understood/],
    ['an unknown property of a function', ['Worker', 'Layers', []], /: is not understood/],
    ['an unknown property of a route', ['Route', 'AuthorizerId', 'x'], /: /],
    ['an unknown setting of a mapping', ['Mapping', 'ScalingConfig', { Speed: 1 }], /\.Speed: /],
    [
      'a redrive policy without its queue',
      ['Jobs', 'RedrivePolicy', {}],
      /\.deadLetterTargetArn: is missing/,
    ],
    [
      'a dead-letter queue that is elsewhere',
      ['Jobs', 'RedrivePolicy', { deadLetterTargetArn: elsewhere, maxReceiveCount: 1 }],
      /\.deadLetterTargetArn: .*elsewhere is not a queue of this template/,
    ],
    [
      'a mapping from another queue',
      ['Mapping', 'EventSourceArn', elsewhere],
      /: .*not a queue of this template/,
    ],
    ['a mapping to another function', ['Mapping', 'FunctionName', 'other'], /: other is not a function/],
    ['a batch size that is no number', ['Mapping', 'BatchSize', 'many'], /: should be a whole number/],
    ['another response type', ['Mapping', 'FunctionResponseTypes', ['X']], /: X/],
    ['payload 1.0', ['Integration', 'PayloadFormatVersion', '1.0'], /: is 1\.0.*2\.0 only/],
    ['another kind of integration', ['Integration', 'IntegrationType', 'HTTP_PROXY'], /: /],
    ['a route with authorisation', ['Route', 'AuthorizationType', 'JWT'], /: JWT/],
    ['a route to nowhere', ['Route', 'Target', 'integrations/none'], /: integrations\/none/],
    ['a WebSocket API', ['Api', 'ProtocolType', 'WEBSOCKET'], /: only HTTP APIs/],
    ['an API without its own address', ['Api', 'DisableExecuteApiEndpoint', true], /: /],
    ['a container image', ['Worker', 'PackageType', 'Image'], /: only zip/],
    [
      'an integration of nothing here',
      ['Integration', 'IntegrationUri', 'arn:x'],
      /: arn:x is not a function/,
    ],
    ['tags that are no list', ['Jobs', 'Tags', 'a'], /: should be a list/],
    ['a filter of a mapping', ['Mapping', 'FilterCriteria', {}], /: is not understood/],
    ['a flag that is none', ['Mapping', 'Enabled', 'perhaps'], /: should be true or false/],
    ['a text that is none', ['Worker', 'Architectures', [1]], /\.0: should be text/],
    ['a generated secret', ['Key', 'GenerateSecretString', {}], /: /],
    [
      'an environment that leads to a role',
      ['Worker', 'Environment', { Variables: { ROLE: { 'Fn::GetAtt': 'Role.Arn' } } }],
      /\.Variables\.ROLE: .*AWS::IAM::Role has no local part/,
    ],
    [
      'an environment value that is no text',
      ['Worker', 'Environment', { Variables: { A: {} } }],
      /\.Variables\.A: should be text/,
    ],
  ])('%s', (_name, [logicalId, property, value], { source: problem }) => {
    const describeIt = () => described(changed(logicalId, property, value));

    expect(describeIt).toThrow(new RegExp(`^${logicalId}\\.${property}${problem}`));
  });

  test('a circle of dead-letter queues', () => {
    const back = { deadLetterTargetArn: { 'Fn::GetAtt': 'Jobs.Arn' }, maxReceiveCount: 1 };

    const describeIt = () => described(changed('Dead', 'RedrivePolicy', back));

    expect(describeIt).toThrow(/RedrivePolicy: ends in a circle/);
  });

  test('a type that nobody has judged, even when its condition does not hold', () => {
    const Resources = { Stream: { Type: 'AWS::Kinesis::Stream', Condition: 'Never' } };
    const Conditions = { Never: { 'Fn::Equals': ['a', 'b'] } };

    const describeIt = () => described({ Conditions, Resources });

    expect(describeIt).toThrow(/^Stream: the local stack does not know AWS::Kinesis::Stream/);
  });

  test.each([
    ['a list', [], /template: /],
    ['nothing', undefined, /template: /],
    ['no resources', {}, /Resources: /],
    ['a resource without a type', { Resources: { A: {} } }, /Resources\.A\.Type: /],
    [
      'a transform',
      { Resources: {}, Transform: 'AWS::Serverless-2016-10-31' },
      /Transform: transforms run in AWS only/,
    ],
  ])('%s instead of a template', (_name, template, message) => {
    const describeIt = () => described(template);

    expect(describeIt).toThrow(message);
  });
});

/** The shop's template with one property of one resource set. */
function changed(logicalId: string, property: string, value: unknown): unknown {
  const template = shopTemplate();
  const resources = new Map<string, { Type: string; Properties: object }>(Object.entries(template.Resources));
  const resource = resources.get(logicalId);
  if (!resource) throw new Error(`no ${logicalId}`);
  const properties = { ...resource.Properties, [property]: value };
  const Resources = { ...template.Resources, [logicalId]: { ...resource, Properties: properties } };
  return { ...template, Resources };
}
