import { describe, expect, it } from 'vitest';
import { completeTemplate } from '../../../resources/complete-template.ts';
import { withoutRedundantDependencies } from '../../../resources/dependencies.ts';
import { suppressionMetadata, suppressions } from '../../../resources/suppressions.ts';
import { visibilityProblems } from '../../../resources/visibility.ts';

const options = {
  service: 'relay',
  stage: 'dev',
  region: 'eu-west-1',
  alarmTopicArn: '',
  accessLog: true,
  webhooksPerHour: undefined,
  sendsPerHour: undefined,
  ownOutputs: ['SendsQueueUrl', 'BusinessId'],
};
const template = {
  Conditions: { HasBusiness: { 'Fn::Equals': ['', 'x'] }, HasDashboard: { 'Fn::Equals': [true, 'true'] } },
  Resources: { SendsQueue: { Type: 'AWS::SQS::Queue', Metadata: { own: 1 } } },
  Outputs: {
    SendsQueueUrl: { Description: 'Your producers write here', Value: { Ref: 'SendsQueue' } },
    BusinessId: { Condition: 'HasBusiness', Value: '' },
    HttpApiId: { Value: 'of the framework' },
  },
};

describe('A completed template', () => {
  it('has an SSM parameter for each of our outputs that exists', () => {
    const { Resources: resources } = completeTemplate(template, options);

    const parameters = Object.entries(resources).filter(([id]) => id.endsWith('Parameter'));
    expect(parameters).toEqual([
      [
        'SendsQueueUrlParameter',
        {
          Type: 'AWS::SSM::Parameter',
          Properties: {
            Name: '/relay/dev/sends-queue-url',
            Type: 'String',
            Description: 'Your producers write here',
            Value: { Ref: 'SendsQueue' },
          },
        },
      ],
    ]);
  });

  it('has a dashboard whose name another region does not share', () => {
    const { Resources: resources } = completeTemplate(template, options);

    expect(resources['Dashboard']).toMatchObject({ Properties: { DashboardName: 'relay-dev-eu-west-1' } });
  });

  it.each([
    ['', { Ref: 'AlarmTopic' }],
    ['arn:aws:sns:eu-west-1:123456789012:mine', 'arn:aws:sns:eu-west-1:123456789012:mine'],
  ])('sends alarms to the topic "%s"', (alarmTopicArn, action) => {
    const { Resources: resources } = completeTemplate(template, { ...options, alarmTopicArn });

    expect(resources['SendsDlqAlarm']).toMatchObject({ Properties: { AlarmActions: [action] } });
  });

  it('has no access log, and an alarm that does not ask for it, where there shall be none', () => {
    const stage = {
      Type: 'AWS::ApiGatewayV2::Stage',
      DependsOn: 'HttpApiLogGroup',
      Properties: { StageName: '$default', AccessLogSettings: { Format: '{}' } },
    };
    const logged = {
      ...template,
      Resources: { HttpApiStage: stage, HttpApiLogGroup: { Type: 'AWS::Logs::LogGroup' } },
    };

    const { Resources: resources } = completeTemplate(logged, { ...options, accessLog: false });

    expect(resources['HttpApiStage']).toEqual({
      Type: 'AWS::ApiGatewayV2::Stage',
      Properties: { StageName: '$default' },
    });
    expect(resources).not.toHaveProperty('HttpApiLogGroup');
    expect(JSON.stringify(resources)).not.toContain('HttpApiLogGroup');
    expect(JSON.stringify(resources['TurnedAwayAlarm'])).toContain('First: npx relay doctor --stage dev');
  });

  it('says beside each resource why a check does not apply, and keeps what it said already', () => {
    const { Resources: resources } = completeTemplate(template, options);

    expect(resources['SendsQueue']).toMatchObject({
      Metadata: {
        own: 1,
        checkov: { skip: [{ id: 'CKV_AWS_27', comment: expect.stringContaining('dataKeyArn') }] },
        cfn_nag: { rules_to_suppress: [{ id: 'W48', reason: expect.stringContaining('dataKeyArn') }] },
      },
    });
  });
});

describe('A suppression', () => {
  it('has a reason and goes to a tool that knows its rule', () => {
    for (const [type, list] of Object.entries(suppressions)) {
      const metadata = JSON.stringify(suppressionMetadata(type));
      for (const { ids, reason } of list) {
        expect(reason.length).toBeGreaterThan(30);
        for (const id of ids) expect(metadata).toContain(`"id":"${id}"`);
      }
    }
  });

  it('is not there for a type without any', () => {
    expect(suppressionMetadata('AWS::IAM::Role')).toBeUndefined();
  });
});

describe('A dependency', () => {
  it('is left out where a reference says it already, and kept where none does', () => {
    const resources = withoutRedundantDependencies({
      Function: {
        DependsOn: ['Role', 'LogGroup'],
        Properties: { Role: { 'Fn::GetAtt': ['Role', 'Arn'] } },
      },
      Route: { DependsOn: 'Target', Properties: { Target: { 'Fn::Join': ['/', ['a', { Ref: 'Target' }]] } } },
      Plain: { Properties: { Role: { Ref: 'Role' } } },
    });

    expect(resources).toEqual({
      Function: { DependsOn: ['LogGroup'], Properties: { Role: { 'Fn::GetAtt': ['Role', 'Arn'] } } },
      Route: { Properties: { Target: { 'Fn::Join': ['/', ['a', { Ref: 'Target' }]] } } },
      Plain: { Properties: { Role: { Ref: 'Role' } } },
    });
  });
});

/** A queue, its function of 10 s and the mapping between them. */
function mapped(visibilitySeconds: number, windowSeconds?: number): Record<string, object> {
  return {
    Queue: { Type: 'AWS::SQS::Queue', Properties: { VisibilityTimeout: visibilitySeconds } },
    Function: { Type: 'AWS::Lambda::Function', Properties: { Timeout: 10 } },
    Mapping: {
      Type: 'AWS::Lambda::EventSourceMapping',
      Properties: {
        EventSourceArn: { 'Fn::GetAtt': ['Queue', 'Arn'] },
        FunctionName: { 'Fn::GetAtt': ['Function', 'Arn'] },
        ...(windowSeconds !== undefined && { MaximumBatchingWindowInSeconds: windowSeconds }),
      },
    },
  };
}

describe('The visibility timeout', () => {
  it.each([
    [60, undefined],
    [62, 2],
  ])('of %i s is enough for 10 s and a window of %s', (visibilitySeconds, windowSeconds) => {
    expect(visibilityProblems(mapped(visibilitySeconds, windowSeconds))).toEqual([]);
  });

  it.each([
    [59, undefined, 'set it to 60 at least'],
    [61, 2, 'set it to 62 at least'],
  ])('of %i s is refused for 10 s and a window of %s', (visibilitySeconds, windowSeconds, remedy) => {
    const problems = visibilityProblems(mapped(visibilitySeconds, windowSeconds));

    expect(problems).toEqual([expect.stringContaining(remedy)]);
    expect(problems[0]).toContain('VisibilityTimeout of Queue');
  });
});
