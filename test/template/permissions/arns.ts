import { type Properties, referenceOf, type Template } from '../template.ts';
import { accountId, mappingArn, region, secretArn } from './aws-calls.ts';

const place = `${region}:${accountId}`;
const madeUp = 'a1B2c3D4e5F6';

/**
 * What CloudFormation calls a resource that the template does not name: the stack, the logical id and twelve letters. It
 * cuts both where that is too long; AWS documents none of this (KensioSoftware/yulin#1113 infers it from real names).
 */
function generatedName(stack: string, logicalId: string, longest: number): string {
  const room = longest - madeUp.length - 1;
  const whole = `${stack}-${logicalId}`;
  if (whole.length <= room) return `${whole}-${madeUp}`;
  const left = room - 1;
  return `${stack.slice(0, Math.ceil(left / 2))}-${logicalId.slice(0, Math.floor(left / 2))}-${madeUp}`;
}

interface Named {
  readonly id: string;
  readonly properties: Properties;
  readonly stack: string;
}

const apis = `arn:aws:apigateway:${region}::/apis`;
const api = `${apis}/a1b2c3d4e5`;

/** The ARN of each kind of resource that has one of its own. */
const arnOf: Readonly<Record<string, (named: Named) => string>> = {
  'AWS::ApiGatewayV2::Api': () => api,
  'AWS::ApiGatewayV2::Integration': () => `${api}/integrations/f6g7h8`,
  'AWS::ApiGatewayV2::Route': () => `${api}/routes/f6g7h8`,
  'AWS::ApiGatewayV2::Stage': () => `${api}/stages/$default`,
  'AWS::CloudWatch::Alarm': ({ properties }) =>
    `arn:aws:cloudwatch:${place}:alarm:${String(properties['AlarmName'])}`,
  'AWS::CloudWatch::Dashboard': ({ properties }) =>
    `arn:aws:cloudwatch::${accountId}:dashboard/${String(properties['DashboardName'])}`,
  'AWS::DynamoDB::Table': ({ properties }) =>
    `arn:aws:dynamodb:${place}:table/${String(properties['TableName'])}`,
  'AWS::IAM::ManagedPolicy': ({ stack, id }) =>
    `arn:aws:iam::${accountId}:policy/${generatedName(stack, id, 128)}`,
  'AWS::IAM::Role': ({ stack, id }) => `arn:aws:iam::${accountId}:role/${generatedName(stack, id, 64)}`,
  'AWS::Lambda::EventSourceMapping': () => mappingArn,
  'AWS::Lambda::Function': ({ properties }) =>
    `arn:aws:lambda:${place}:function:${String(properties['FunctionName'])}`,
  'AWS::Logs::LogGroup': ({ properties }) =>
    `arn:aws:logs:${place}:log-group:${String(properties['LogGroupName'])}`,
  'AWS::S3::Bucket': ({ stack, id }) => `arn:aws:s3:::${generatedName(stack, id, 63).toLowerCase()}`,
  'AWS::SNS::Topic': ({ properties }) => `arn:aws:sns:${place}:${String(properties['TopicName'])}`,
  'AWS::SQS::Queue': ({ properties }) => `arn:aws:sqs:${place}:${String(properties['QueueName'])}`,
  'AWS::SSM::Parameter': ({ properties }) => `arn:aws:ssm:${place}:parameter${String(properties['Name'])}`,
  'AWS::SecretsManager::Secret': ({ properties }) => secretArn(String(properties['Name'])),
};

/** The property that refers to what a resource without an ARN is a part of. */
const partOf: Readonly<Record<string, (properties: Properties) => unknown>> = {
  'AWS::Lambda::Permission': ({ FunctionName: name }) => name,
  'AWS::S3::BucketPolicy': ({ Bucket: bucket }) => bucket,
  'AWS::SNS::Subscription': ({ TopicArn: topic }) => topic,
  'AWS::SNS::TopicPolicy': ({ Topics: topics }) => Object(topics)[0],
  'AWS::SQS::QueuePolicy': ({ Queues: queues }) => Object(queues)[0],
};

/** The ARN of a resource of a template, or of what it is a part of. Throws for a kind that nobody has said this of. */
export function arnIn(template: Template, stack: string, id: string): string {
  const resource = template.Resources[id];
  if (resource === undefined) throw new Error(`The template has no ${id}.`);
  const { Type: type, Properties: properties } = resource;
  const whole = partOf[type];
  if (whole !== undefined) return arnIn(template, stack, referenceOf(whole(properties)) ?? '');
  const arn = arnOf[type];
  if (arn === undefined) throw new Error(`Nobody has said what ARN ${type} has.`);
  return arn({ id, properties, stack });
}

/** Where API Gateway makes a thing: the collection that it will be in. */
export function collectionOf(arn: string): string {
  return arn.replace(/\/[^/]*$/, '');
}
