/** What CloudFormation calls for a type of resource, in the name of whoever deploys. */
export interface Needs {
  readonly create: readonly string[];
  readonly update: readonly string[];
  readonly delete: readonly string[];
  /** The stack's tags go to every resource that can have some. */
  readonly tag: readonly string[] | 'has no tags';
  /** To find out whether it is there and how. */
  readonly read: readonly string[];
  /** The property that names it, and the ARN before that name. */
  readonly named?: readonly [property: string, arn: string];
}

const api = {
  create: ['apigateway:POST', 'apigateway:PUT'],
  update: ['apigateway:PATCH'],
  delete: ['apigateway:DELETE'],
  tag: ['apigateway:POST', 'apigateway:PUT', 'apigateway:DELETE'],
  read: ['apigateway:GET'],
} as const;

const place = 'us-east-1:123456789012';

/** By CloudFormation's documentation of each type; nobody has tried it against AWS. */
export const neededByType: Readonly<Record<string, Needs>> = {
  'AWS::ApiGatewayV2::Api': api,
  'AWS::ApiGatewayV2::Integration': { ...api, tag: 'has no tags' },
  'AWS::ApiGatewayV2::Route': { ...api, tag: 'has no tags' },
  // The log deliveries are for its access log.
  'AWS::ApiGatewayV2::Stage': {
    create: [...api.create, 'logs:CreateLogDelivery', 'logs:PutResourcePolicy'],
    update: [...api.update, 'logs:UpdateLogDelivery'],
    delete: [...api.delete, 'logs:DeleteLogDelivery'],
    tag: api.tag,
    read: [...api.read, 'logs:DescribeResourcePolicies', 'logs:GetLogDelivery', 'logs:ListLogDeliveries'],
  },
  'AWS::CloudWatch::Alarm': {
    create: ['cloudwatch:PutMetricAlarm'],
    update: ['cloudwatch:PutMetricAlarm'],
    delete: ['cloudwatch:DeleteAlarms'],
    tag: ['cloudwatch:TagResource', 'cloudwatch:UntagResource', 'cloudwatch:ListTagsForResource'],
    read: ['cloudwatch:DescribeAlarms'],
    named: ['AlarmName', `arn:aws:cloudwatch:${place}:alarm:`],
  },
  'AWS::CloudWatch::Dashboard': {
    create: ['cloudwatch:PutDashboard'],
    update: ['cloudwatch:PutDashboard'],
    delete: ['cloudwatch:DeleteDashboards'],
    tag: 'has no tags',
    read: ['cloudwatch:GetDashboard'],
    named: ['DashboardName', 'arn:aws:cloudwatch::123456789012:dashboard/'],
  },
  'AWS::DynamoDB::Table': {
    create: ['dynamodb:CreateTable', 'dynamodb:UpdateTimeToLive', 'dynamodb:UpdateContinuousBackups'],
    update: ['dynamodb:UpdateTable'],
    delete: ['dynamodb:DeleteTable'],
    tag: ['dynamodb:TagResource', 'dynamodb:UntagResource', 'dynamodb:ListTagsOfResource'],
    read: [
      'dynamodb:DescribeTable',
      'dynamodb:DescribeTimeToLive',
      'dynamodb:DescribeContinuousBackups',
      'dynamodb:DescribeContributorInsights',
      'dynamodb:DescribeKinesisStreamingDestination',
      'dynamodb:GetResourcePolicy',
    ],
    named: ['TableName', `arn:aws:dynamodb:${place}:table/`],
  },
  'AWS::IAM::ManagedPolicy': {
    create: ['iam:CreatePolicy'],
    update: ['iam:CreatePolicyVersion', 'iam:DeletePolicyVersion'],
    delete: ['iam:DeletePolicy'],
    tag: ['iam:TagPolicy', 'iam:UntagPolicy'],
    read: ['iam:GetPolicy', 'iam:GetPolicyVersion', 'iam:ListEntitiesForPolicy', 'iam:ListPolicyVersions'],
  },
  'AWS::IAM::Role': {
    create: ['iam:CreateRole', 'iam:PutRolePolicy'],
    update: ['iam:PutRolePolicy', 'iam:UpdateAssumeRolePolicy'],
    delete: ['iam:DeleteRole', 'iam:DeleteRolePolicy'],
    tag: ['iam:TagRole', 'iam:UntagRole'],
    read: ['iam:GetRole', 'iam:GetRolePolicy', 'iam:ListRolePolicies'],
  },
  'AWS::Lambda::EventSourceMapping': {
    create: ['lambda:CreateEventSourceMapping'],
    update: ['lambda:UpdateEventSourceMapping'],
    delete: ['lambda:DeleteEventSourceMapping'],
    tag: ['lambda:TagResource', 'lambda:UntagResource', 'lambda:ListTags'],
    read: ['lambda:GetEventSourceMapping'],
  },
  'AWS::Lambda::Function': {
    create: ['lambda:CreateFunction', 'iam:PassRole', 's3:GetObject'],
    update: ['lambda:UpdateFunctionCode', 'lambda:UpdateFunctionConfiguration'],
    delete: ['lambda:DeleteFunction'],
    tag: ['lambda:TagResource', 'lambda:UntagResource', 'lambda:ListTags'],
    read: [
      'lambda:GetFunction',
      'lambda:GetFunctionCodeSigningConfig',
      'lambda:GetFunctionRecursionConfig',
      'lambda:GetRuntimeManagementConfig',
    ],
    named: ['FunctionName', `arn:aws:lambda:${place}:function:`],
  },
  'AWS::Lambda::Permission': {
    create: ['lambda:AddPermission'],
    update: ['lambda:AddPermission', 'lambda:RemovePermission'],
    delete: ['lambda:RemovePermission'],
    tag: 'has no tags',
    read: ['lambda:GetPolicy'],
  },
  'AWS::Logs::LogGroup': {
    create: ['logs:CreateLogGroup', 'logs:PutRetentionPolicy', 'logs:AssociateKmsKey'],
    update: ['logs:PutRetentionPolicy', 'logs:DeleteRetentionPolicy', 'logs:DisassociateKmsKey'],
    delete: ['logs:DeleteLogGroup'],
    tag: ['logs:TagResource', 'logs:UntagResource', 'logs:ListTagsForResource'],
    read: ['logs:DescribeLogGroups'],
    named: ['LogGroupName', `arn:aws:logs:${place}:log-group:`],
  },
  'AWS::S3::Bucket': {
    create: ['s3:CreateBucket', 's3:PutEncryptionConfiguration', 's3:PutBucketPublicAccessBlock'],
    update: ['s3:PutEncryptionConfiguration', 's3:PutBucketPublicAccessBlock'],
    delete: ['s3:DeleteBucket'],
    tag: ['s3:PutBucketTagging', 's3:GetBucketTagging'],
    read: ['s3:ListBucket', 's3:GetEncryptionConfiguration', 's3:GetBucketPublicAccessBlock'],
  },
  'AWS::S3::BucketPolicy': {
    create: ['s3:PutBucketPolicy'],
    update: ['s3:PutBucketPolicy'],
    delete: ['s3:DeleteBucketPolicy'],
    tag: 'has no tags',
    read: ['s3:GetBucketPolicy'],
  },
  'AWS::SNS::Subscription': {
    create: ['sns:Subscribe'],
    update: ['sns:Subscribe', 'sns:Unsubscribe'],
    delete: ['sns:Unsubscribe'],
    tag: 'has no tags',
    read: ['sns:GetSubscriptionAttributes', 'sns:ListSubscriptionsByTopic'],
  },
  'AWS::SNS::Topic': {
    create: ['sns:CreateTopic'],
    update: ['sns:SetTopicAttributes'],
    delete: ['sns:DeleteTopic'],
    tag: ['sns:TagResource', 'sns:UntagResource', 'sns:ListTagsForResource'],
    read: ['sns:GetTopicAttributes', 'sns:GetDataProtectionPolicy'],
    named: ['TopicName', `arn:aws:sns:${place}:`],
  },
  'AWS::SNS::TopicPolicy': {
    create: ['sns:SetTopicAttributes'],
    update: ['sns:SetTopicAttributes'],
    delete: ['sns:SetTopicAttributes'],
    tag: 'has no tags',
    read: ['sns:GetTopicAttributes'],
  },
  'AWS::SQS::Queue': {
    create: ['sqs:CreateQueue'],
    update: ['sqs:SetQueueAttributes'],
    delete: ['sqs:DeleteQueue'],
    tag: ['sqs:TagQueue', 'sqs:UntagQueue', 'sqs:ListQueueTags'],
    read: ['sqs:GetQueueAttributes', 'sqs:GetQueueUrl'],
    named: ['QueueName', `arn:aws:sqs:${place}:`],
  },
  'AWS::SQS::QueuePolicy': {
    create: ['sqs:SetQueueAttributes'],
    update: ['sqs:SetQueueAttributes'],
    delete: ['sqs:SetQueueAttributes'],
    tag: 'has no tags',
    read: ['sqs:GetQueueAttributes'],
  },
  'AWS::SSM::Parameter': {
    create: ['ssm:PutParameter'],
    update: ['ssm:PutParameter'],
    delete: ['ssm:DeleteParameter'],
    tag: ['ssm:AddTagsToResource', 'ssm:RemoveTagsFromResource', 'ssm:ListTagsForResource'],
    read: ['ssm:GetParameters'],
    named: ['Name', `arn:aws:ssm:${place}:parameter`],
  },
  'AWS::SecretsManager::Secret': {
    create: ['secretsmanager:CreateSecret'],
    update: ['secretsmanager:UpdateSecret'],
    delete: ['secretsmanager:DeleteSecret'],
    tag: ['secretsmanager:TagResource', 'secretsmanager:UntagResource'],
    read: ['secretsmanager:DescribeSecret', 'secretsmanager:GetResourcePolicy'],
    named: ['Name', `arn:aws:secretsmanager:${place}:secret:`],
  },
};

/** What `serverless deploy`, `info` and `remove` call themselves. */
export const neededByCommands: readonly string[] = [
  ...[
    'CreateChangeSet',
    'CreateStack',
    'DeleteChangeSet',
    'DeleteStack',
    'DescribeChangeSet',
    'DescribeStackEvents',
    'DescribeStackResource',
    'DescribeStackResources',
    'DescribeStacks',
    'ExecuteChangeSet',
    'GetTemplate',
    'ListStackResources',
    'TagResource',
    'UpdateStack',
    'ValidateTemplate',
  ].map((operation) => `cloudformation:${operation}`),
  'lambda:ListVersionsByFunction',
  's3:DeleteObject',
  's3:DeleteObjectVersion',
  's3:ListBucketVersions',
  's3:PutObject',
  'sts:GetCallerIdentity',
];

/** Every action for a type of resource. */
export function actionsFor({ create, update, delete: remove, tag, read }: Needs): string[] {
  return [...create, ...update, ...remove, ...read, ...(tag === 'has no tags' ? [] : tag)];
}
