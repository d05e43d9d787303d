/** Permissions that a schema lists for a type, and that nobody needs here; `*` in an action stands for anything. */
export interface Exception {
  readonly actions: readonly string[];
  readonly reason: string;
  /** Somebody needs it who sets an option: docs/deploy.md names each action, to be granted then. */
  readonly isDocumented?: true;
}

/** Schemas list what any template might need: most of it belongs to properties that ours does not have. */
export const unneeded: Readonly<Record<string, readonly Exception[]>> = {
  'AWS::ApiGatewayV2::Api': [
    { actions: ['s3:getObject'], reason: 'no definition of an API lies in a bucket' },
  ],
  'AWS::ApiGatewayV2::Integration': [
    {
      actions: ['iam:PassRole'],
      reason: 'API Gateway calls the function by its permission, not with a role',
    },
  ],
  'AWS::DynamoDB::Table': [
    {
      actions: [
        'dynamodb:*Replica',
        'dynamodb:BatchWriteItem',
        'dynamodb:DeleteItem',
        'dynamodb:GetItem',
        'dynamodb:PutItem',
        'dynamodb:Query',
        'dynamodb:Scan',
        'dynamodb:UpdateItem',
        'iam:CreateServiceLinkedRole',
      ],
      reason: 'no replica in another region, whose rows would be copied',
    },
    {
      actions: ['dynamodb:ImportTable', 'logs:*', 's3:GetObject*', 's3:ListBucket'],
      reason: 'no import from a bucket',
    },
    {
      actions: ['dynamodb:*ableKinesisStreamingDestination', 'dynamodb:UpdateKinesis*', 'kinesis:*'],
      reason: 'no stream to Kinesis',
    },
    { actions: ['dynamodb:UpdateContributorInsights'], reason: 'no contributor insights' },
    {
      actions: ['dynamodb:PutResourcePolicy', 'dynamodb:DeleteResourcePolicy'],
      reason: 'no policy of its own',
    },
    { actions: ['kms:*'], reason: 'no key of its own without dataKeyArn', isDocumented: true },
  ],
  'AWS::IAM::ManagedPolicy': [
    {
      actions: ['iam:Attach*Policy', 'iam:Detach*Policy'],
      reason:
        'people attach the policies, and docs/deploy.md has them take them off before a stack is removed',
    },
  ],
  'AWS::IAM::Role': [
    { actions: ['iam:AttachRolePolicy', 'iam:DetachRolePolicy'], reason: 'no managed policy: all is inline' },
    {
      actions: ['iam:UpdateRole', 'iam:UpdateRoleDescription'],
      reason: 'no description, no session duration',
    },
    {
      actions: ['iam:*RolePermissionsBoundary'],
      reason: 'no boundary without permissionsBoundaryArn',
      isDocumented: true,
    },
  ],
  'AWS::Lambda::EventSourceMapping': [{ actions: ['kms:*'], reason: 'no filter criteria to encrypt' }],
  'AWS::Lambda::Function': [
    {
      actions: ['ec2:*', 'elasticfilesystem:*', 's3files:*', 'lambda:PassCapacityProvider'],
      reason: 'no VPC, no file system, no machines of its own',
    },
    { actions: ['kms:*'], reason: 'no key for its variables or its code' },
    { actions: ['lambda:*FunctionConcurrency'], reason: 'no reserved concurrency, ever' },
    {
      actions: ['lambda:DeleteFunctionCodeSigningConfig', 'lambda:PutFunctionCodeSigningConfig'],
      reason: 'no code signing',
    },
    {
      actions: [
        'lambda:AssociateRuntimeAlias',
        'lambda:PublishVersion',
        'lambda:PutFunctionScalingConfig',
        'lambda:PutRuntimeManagementConfig',
      ],
      reason: 'no versions, no aliases, no setting of the runtime or of scaling',
    },
    { actions: ['s3:GetObjectVersion'], reason: 'the bucket keeps no versions' },
  ],
  'AWS::Logs::LogGroup': [
    {
      actions: [
        'logs:PutDataProtectionPolicy',
        'logs:DeleteDataProtectionPolicy',
        's3:REST.PUT.OBJECT',
        'firehose:TagDeliveryStream',
      ],
      reason: 'no data protection policy, nor a place for what it finds',
    },
    { actions: ['logs:PutIndexPolicy', 'logs:DeleteIndexPolicy'], reason: 'no field indexes' },
    { actions: ['logs:DeleteResourcePolicy'], reason: 'no policy of its own' },
    {
      actions: ['logs:PutBearerTokenAuthentication', 'logs:PutLogGroupDeletionProtection'],
      reason: 'no such setting',
    },
  ],
  'AWS::S3::Bucket': [
    {
      actions: [
        's3:*Abac',
        's3:*Accelerate*',
        's3:*Acl',
        's3:*Analytics*',
        's3:*Cors',
        's3:*Inventory*',
        's3:*Lifecycle*',
        's3:*Metadata*',
        's3:*Metrics*',
        's3:*Notification',
        's3:*ObjectLock*',
        's3:*OwnershipControls',
        's3:*Replication*',
        's3:*Tiering*',
        's3:*Website',
        's3:PutBucketLogging',
        's3:PutBucketVersioning',
        's3tables:*',
      ],
      reason: 'the bucket has encryption, tags and a block of public access, and none of these',
    },
    { actions: ['s3:DeleteBucketEncryption', 's3:DeleteBucketTagging'], reason: 'it always has both' },
    { actions: ['iam:PassRole'], reason: 'no role copies it elsewhere' },
  ],
  'AWS::SNS::Subscription': [
    { actions: ['iam:*'], reason: 'no stream to Firehose, which needs a role' },
    { actions: ['sns:SetSubscriptionAttributes'], reason: 'another address is another subscription' },
  ],
  'AWS::SNS::Topic': [
    { actions: ['sns:PutDataProtectionPolicy'], reason: 'no data protection policy' },
    { actions: ['iam:*'], reason: 'no log of deliveries, which needs a role' },
  ],
  'AWS::SecretsManager::Secret': [
    { actions: ['secretsmanager:GetRandomPassword'], reason: 'the template makes no values up' },
    {
      actions: ['secretsmanager:GetSecretValue'],
      reason: 'whoever deploys reads no secret; the template has no value that CloudFormation would compare',
    },
    {
      actions: ['secretsmanager:ReplicateSecretToRegions', 'secretsmanager:RemoveRegionsFromReplication'],
      reason: 'no replica in another region',
    },
  ],
};
