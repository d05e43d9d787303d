import { describe, expect, test } from 'vitest';
import { described, evaluated } from './local-names.ts';

const queue = { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'jobs' } };
const withQueue = { Resources: { Jobs: queue } };

describe('Intrinsic functions evaluate as CloudFormation does', () => {
  test.each<[string, unknown, string]>([
    ['Ref of a queue is its URL', { Ref: 'Jobs' }, 'http://127.0.0.1:1/000000000000/jobs'],
    ['Fn::GetAtt as a list', { 'Fn::GetAtt': ['Jobs', 'Arn'] }, 'arn:aws:sqs:eu-west-1:000000000000:jobs'],
    ['Fn::GetAtt as a text', { 'Fn::GetAtt': 'Jobs.Arn' }, 'arn:aws:sqs:eu-west-1:000000000000:jobs'],
    ['Fn::GetAtt of the name', { 'Fn::GetAtt': ['Jobs', 'QueueName'] }, 'jobs'],
    ['the region', { Ref: 'AWS::Region' }, 'eu-west-1'],
    ['the account', { Ref: 'AWS::AccountId' }, '000000000000'],
    ['the partition', { Ref: 'AWS::Partition' }, 'aws'],
    ['the stack', { Ref: 'AWS::StackName' }, 'shop'],
    ['the suffix', { Ref: 'AWS::URLSuffix' }, 'amazonaws.com'],
    [
      'Fn::Sub with a name and an attribute',
      { 'Fn::Sub': '${AWS::Region}/${Jobs.QueueName}' },
      'eu-west-1/jobs',
    ],
    ['Fn::Sub with an escape', { 'Fn::Sub': '${!Jobs} $1 ${AWS::Partition}' }, '${Jobs} $1 aws'],
    [
      'Fn::Sub with its own variables',
      { 'Fn::Sub': ['${one}-${Jobs.QueueName}', { one: { 'Fn::GetAtt': 'Jobs.QueueName' } }] },
      'jobs-jobs',
    ],
    ['Fn::Join', { 'Fn::Join': ['-', ['a', { Ref: 'AWS::Partition' }, 3]] }, 'a-aws-3'],
    ['Fn::Join leaves out AWS::NoValue', { 'Fn::Join': ['-', ['a', { Ref: 'AWS::NoValue' }, 'b']] }, 'a-b'],
    ['Fn::Select', { 'Fn::Select': ['1', ['a', 'b']] }, 'b'],
    [
      'Fn::Split in Fn::Select',
      { 'Fn::Select': [5, { 'Fn::Split': [':', { 'Fn::GetAtt': 'Jobs.Arn' }] }] },
      'jobs',
    ],
    ['Fn::Base64', { 'Fn::Base64': 'hello' }, 'aGVsbG8='],
    ['a number becomes text', 5, '5'],
  ])('%s', (_name, expression, expected) => {
    const value = evaluated(expression, withQueue);

    expect(value).toBe(expected);
  });

  test('a parameter has its default, as a list where its type is one', () => {
    const Parameters = {
      Limit: { Type: 'Number', Default: 5 },
      Zones: { Type: 'CommaDelimitedList', Default: 'a, b' },
    };

    const limit = evaluated({ Ref: 'Limit' }, { Parameters });
    const zones = evaluated({ 'Fn::Join': ['+', { Ref: 'Zones' }] }, { Parameters });

    expect([limit, zones]).toEqual(['5', 'a+b']);
  });

  test('Fn::FindInMap finds by computed keys', () => {
    const Mappings = { Limits: { 'eu-west-1': { rate: 80 } } };

    const rate = evaluated({ 'Fn::FindInMap': ['Limits', { Ref: 'AWS::Region' }, 'rate'] }, { Mappings });

    expect(rate).toBe('80');
  });

  test.each([
    ['Fn::Equals', { 'Fn::Equals': [{ Ref: 'Stage' }, 'prod'] }, 'no'],
    ['Fn::Equals of a number and its text', { 'Fn::Equals': [5, '5'] }, 'yes'],
    ['Fn::Not', { 'Fn::Not': [{ Condition: 'IsProd' }] }, 'yes'],
    ['Fn::And', { 'Fn::And': [{ Condition: 'IsDev' }, { Condition: 'IsProd' }] }, 'no'],
    ['Fn::Or', { 'Fn::Or': [{ Condition: 'IsDev' }, { Condition: 'IsProd' }] }, 'yes'],
  ])('Fn::If asks a condition made of %s', (_name, condition, expected) => {
    const Parameters = { Stage: { Type: 'String', Default: 'dev' } };
    const Conditions = {
      IsProd: { 'Fn::Equals': [{ Ref: 'Stage' }, 'prod'] },
      IsDev: { 'Fn::Equals': [{ Ref: 'Stage' }, 'dev'] },
      Asked: condition,
    };

    const value = evaluated({ 'Fn::If': ['Asked', 'yes', 'no'] }, { Parameters, Conditions });

    expect(value).toBe(expected);
  });

  test('a property that is AWS::NoValue is absent', () => {
    const properties = { ...queue.Properties, DelaySeconds: { Ref: 'AWS::NoValue' } };

    const { queues } = described({ Resources: { Jobs: { ...queue, Properties: properties } } });

    expect(queues[0]?.attributes).toEqual({});
  });

  test('a resource and an output whose condition does not hold do not exist', () => {
    const description = described({
      Conditions: { Never: { 'Fn::Equals': ['a', 'b'] } },
      Resources: { Jobs: { ...queue, Condition: 'Never' } },
      Outputs: { Url: { Condition: 'Never', Value: { Ref: 'Jobs' } } },
    });

    expect(description.queues).toEqual([]);
    expect(description.outputs).toEqual({});
  });

  test.each<[string, unknown, RegExp]>([
    ['an unknown name', { Ref: 'Nobody' }, /Outputs\.Value: there is no resource Nobody/],
    ['a name that every object has', { Ref: 'constructor' }, /there is no resource constructor/],
    ['an unknown attribute', { 'Fn::GetAtt': 'Jobs.Colour' }, /attribute Colour of AWS::SQS::Queue/],
    ['an unknown pseudo parameter', { Ref: 'AWS::Moon' }, /AWS::Moon is not understood/],
    ['an unknown function', { 'Fn::Length': [] }, /Outputs\.Value: Fn::Length is not understood/],
    ['a function beside other keys', { Ref: 'Jobs', More: 1 }, /Ref must stand alone/],
    ['a value of another stack', { 'Fn::ImportValue': 'x' }, /another stack/],
    ['a dynamic reference', '{{resolve:ssm:/x}}', /dynamic reference/],
    ['a condition that does not exist', { 'Fn::If': ['Asked', 1, 2] }, /there is no condition Asked/],
    ['an entry that is not there', { 'Fn::Select': [2, ['a', 'b']] }, /nothing at index 2/],
    ['a map that is not there', { 'Fn::FindInMap': ['a', 'b', 'c'] }, /nothing at a\.b\.c/],
    ['a list where text belongs', ['a'], /Outputs\.Value: should be text/],
    ['a Ref of no name', { Ref: ['Jobs'] }, /Ref takes a name/],
    ['an attribute of nothing', { 'Fn::GetAtt': 'Jobs' }, /Fn::GetAtt takes a logical id and an attribute/],
    ['a Sub of no text', { 'Fn::Sub': 5 }, /Fn::Sub takes a text/],
    ['a join of no list', { 'Fn::Join': ['-', 'a'] }, /should be a list/],
    [
      'an attribute of what has no local part',
      { 'Fn::GetAtt': 'AWS::Region.Name' },
      /there is no resource AWS::Region/,
    ],
    ['too few arguments', { 'Fn::Join': ['-'] }, /Fn::Join takes 2 arguments/],
  ])('%s is an error that says where', (_name, expression, message) => {
    const evaluate = () => evaluated(expression, withQueue);

    expect(evaluate).toThrow(message);
  });

  test('a condition that depends on itself is an error', () => {
    const Conditions = { Circle: { 'Fn::Not': [{ Condition: 'Circle' }] } };

    const evaluate = () => evaluated({ 'Fn::If': ['Circle', 1, 2] }, { Conditions });

    expect(evaluate).toThrow(/Circle depends on itself/);
  });

  test('a parameter whose value only AWS knows is an error', () => {
    const Parameters = { Image: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/image' } };

    const evaluate = () => evaluated({ Ref: 'Image' }, { Parameters });

    expect(evaluate).toThrow(/whose value only AWS knows/);
  });

  test('a parameter without a default is an error', () => {
    const Parameters = { Stage: { Type: 'String' } };

    const evaluate = () => evaluated({ Ref: 'Stage' }, { Parameters });

    expect(evaluate).toThrow(/the parameter Stage has no default/);
  });

  test('a name that depends on itself is an error', () => {
    const circle = {
      Type: 'AWS::SQS::Queue',
      Properties: { QueueName: { 'Fn::GetAtt': 'Circle.QueueName' } },
    };

    const describeIt = () => described({ Resources: { Circle: circle } });

    expect(describeIt).toThrow(/Circle\.QueueName: depends on itself/);
  });
});
