/** The types that the local stack has a part for. */
export const localTypes = {
  queue: 'AWS::SQS::Queue',
  secret: 'AWS::SecretsManager::Secret',
  function: 'AWS::Lambda::Function',
  eventSourceMapping: 'AWS::Lambda::EventSourceMapping',
  api: 'AWS::ApiGatewayV2::Api',
  integration: 'AWS::ApiGatewayV2::Integration',
  route: 'AWS::ApiGatewayV2::Route',
  table: 'AWS::DynamoDB::Table',
} as const;

const described: ReadonlySet<string> = new Set(Object.values(localTypes));

/**
 * Types without a local part: permissions, limits, logs, alarms and the like change nothing about what runs here. A
 * type that is in neither list is an error, so that nothing new in serverless.yml is dropped without a word.
 */
const ignoredTypes: ReadonlySet<string> = new Set([
  'AWS::ApiGatewayV2::Stage',
  'AWS::CloudWatch::Alarm',
  'AWS::CloudWatch::CompositeAlarm',
  'AWS::CloudWatch::Dashboard',
  'AWS::IAM::ManagedPolicy',
  'AWS::IAM::Policy',
  'AWS::IAM::Role',
  'AWS::KMS::Alias',
  'AWS::KMS::Key',
  'AWS::Lambda::Permission',
  'AWS::Logs::LogGroup',
  'AWS::Logs::MetricFilter',
  'AWS::Logs::QueryDefinition',
  'AWS::Logs::SubscriptionFilter',
  'AWS::S3::Bucket',
  'AWS::S3::BucketPolicy',
  'AWS::SNS::Subscription',
  'AWS::SNS::Topic',
  'AWS::SNS::TopicPolicy',
  'AWS::SQS::QueuePolicy',
  'AWS::SSM::Parameter',
  'AWS::SecretsManager::ResourcePolicy',
]);

export type TypeVerdict = 'described' | 'ignored' | 'unknown';

export function verdictOn(type: string): TypeVerdict {
  if (described.has(type)) return 'described';
  return ignoredTypes.has(type) ? 'ignored' : 'unknown';
}
