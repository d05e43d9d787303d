/** A small template of every kind of resource, as plain data that tests change before they read it. */
export function shopTemplate() {
  return {
    Resources: {
      Jobs: {
        Type: 'AWS::SQS::Queue',
        Properties: {
          QueueName: 'jobs',
          VisibilityTimeout: 180,
          MessageRetentionPeriod: '345600',
          RedrivePolicy: { deadLetterTargetArn: { 'Fn::GetAtt': ['Dead', 'Arn'] }, maxReceiveCount: 5 },
          Tags: [{ Key: 'team', Value: 'orders' }],
        },
      },
      Dead: {
        Type: 'AWS::SQS::Queue',
        Properties: {
          QueueName: 'dead',
          SqsManagedSseEnabled: true,
          RedriveAllowPolicy: {
            redrivePermission: 'byQueue',
            sourceQueueArns: [{ 'Fn::Sub': 'arn:aws:sqs:${AWS::Region}:${AWS::AccountId}:jobs' }],
          },
        },
      },
      Key: { Type: 'AWS::SecretsManager::Secret', Properties: { Name: 'shop/key', Description: 'the key' } },
      Worker: {
        Type: 'AWS::Lambda::Function',
        Properties: {
          FunctionName: 'shop-worker',
          Handler: 'build/worker.handler',
          Runtime: 'nodejs24.x',
          Timeout: 30,
          MemorySize: 512,
          Architectures: ['arm64'],
          Role: { 'Fn::GetAtt': ['Role', 'Arn'] },
          Environment: { Variables: { QUEUE_URL: { Ref: 'Jobs' }, KEY_ARN: { Ref: 'Key' }, LIMIT: 5 } },
        },
      },
      Mapping: {
        Type: 'AWS::Lambda::EventSourceMapping',
        Properties: {
          FunctionName: { 'Fn::GetAtt': ['Worker', 'Arn'] },
          EventSourceArn: { 'Fn::GetAtt': ['Jobs', 'Arn'] },
          BatchSize: 100,
          MaximumBatchingWindowInSeconds: 1,
          ScalingConfig: { MaximumConcurrency: 2 },
          FunctionResponseTypes: ['ReportBatchItemFailures'],
          Enabled: true,
        },
      },
      Api: { Type: 'AWS::ApiGatewayV2::Api', Properties: { Name: 'shop', ProtocolType: 'HTTP' } },
      Stage: {
        Type: 'AWS::ApiGatewayV2::Stage',
        Properties: {
          ApiId: { Ref: 'Api' },
          StageName: '$default',
          DefaultRouteSettings: { ThrottlingRateLimit: 100.5, ThrottlingBurstLimit: 50 },
        },
      },
      Integration: {
        Type: 'AWS::ApiGatewayV2::Integration',
        Properties: {
          ApiId: { Ref: 'Api' },
          IntegrationType: 'AWS_PROXY',
          IntegrationUri: { 'Fn::GetAtt': ['Worker', 'Arn'] },
          PayloadFormatVersion: '2.0',
          TimeoutInMillis: 12_000,
        },
      },
      Route: {
        Type: 'AWS::ApiGatewayV2::Route',
        Properties: {
          ApiId: { Ref: 'Api' },
          RouteKey: 'POST /orders',
          Target: { 'Fn::Join': ['/', ['integrations', { Ref: 'Integration' }]] },
        },
      },
      Ledger: {
        Type: 'AWS::DynamoDB::Table',
        Properties: { TableName: 'ledger', BillingMode: 'PAY_PER_REQUEST' },
      },
      Role: { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: { 'Fn::Whatever': 1 } } },
    },
    Outputs: {
      Url: {
        Value: {
          'Fn::Join': [
            '',
            ['https://', { Ref: 'Api' }, '.execute-api.', { Ref: 'AWS::Region' }, '.amazonaws.com'],
          ],
        },
      },
      OrdersUrl: {
        Value: { 'Fn::Sub': 'https://${Api}.execute-api.${AWS::Region}.${AWS::URLSuffix}/orders' },
      },
      Endpoint: { Value: { 'Fn::GetAtt': ['Api', 'ApiEndpoint'] } },
      RoleArn: { Value: { 'Fn::GetAtt': ['Role', 'Arn'] } },
    },
  };
}
