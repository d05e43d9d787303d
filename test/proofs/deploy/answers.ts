import * as z from 'zod';

// The parts of the AWS CLI's answers that the deploy test looks at.

export const stacksSchema = z.object({
  Stacks: z.tuple([
    z.object({
      StackStatus: z.string(),
      Outputs: z.array(z.object({ OutputKey: z.string(), OutputValue: z.string() })).default([]),
    }),
  ]),
});

export const stackResourcesSchema = z.object({
  StackResourceSummaries: z.array(
    z.object({
      LogicalResourceId: z.string().optional(),
      PhysicalResourceId: z.string().optional(),
      ResourceType: z.string().optional(),
    }),
  ),
});

export const queueAttributesSchema = z.object({ Attributes: z.record(z.string(), z.string()) });

export const queueListSchema = z.object({ QueueUrls: z.array(z.string()).default([]) }).nullable();

export const tableSchema = z.object({
  Table: z.object({
    TableName: z.string(),
    TableArn: z.string(),
    CreationDateTime: z.union([z.string(), z.number()]),
    KeySchema: z.array(z.object({ AttributeName: z.string(), KeyType: z.string() })),
    BillingModeSummary: z.object({ BillingMode: z.string() }),
    DeletionProtectionEnabled: z.boolean().optional(),
  }),
});

export const tableListSchema = z.object({ TableNames: z.array(z.string()) });

export const timeToLiveSchema = z.object({
  TimeToLiveDescription: z.object({ TimeToLiveStatus: z.string(), AttributeName: z.string().optional() }),
});

export const backupsSchema = z.object({
  ContinuousBackupsDescription: z.object({
    PointInTimeRecoveryDescription: z.object({ PointInTimeRecoveryStatus: z.string() }),
  }),
});

export const mappingsSchema = z.object({
  EventSourceMappings: z.array(
    z.object({
      UUID: z.string(),
      State: z.string(),
      BatchSize: z.number(),
      MaximumBatchingWindowInSeconds: z.number(),
      EventSourceArn: z.string(),
      FunctionArn: z.string(),
      FunctionResponseTypes: z.array(z.string()).default([]),
      ScalingConfig: z.object({ MaximumConcurrency: z.number() }).optional(),
    }),
  ),
});

export type DeployedMapping = z.infer<typeof mappingsSchema>['EventSourceMappings'][number];

export const functionSchema = z.object({
  FunctionName: z.string(),
  FunctionArn: z.string(),
  Runtime: z.string(),
  Handler: z.string(),
  Role: z.string(),
  Timeout: z.number(),
  MemorySize: z.number(),
  CodeSha256: z.string(),
  Environment: z.object({ Variables: z.record(z.string(), z.string()) }),
});

export const functionsSchema = z.object({ Functions: z.array(functionSchema) });

export type DeployedFunction = z.infer<typeof functionSchema>;

export const roleSchema = z.object({ Role: z.object({ AssumeRolePolicyDocument: z.unknown() }) });

export const rolePolicySchema = z.object({ PolicyName: z.string(), PolicyDocument: z.unknown() });

export const policyNamesSchema = z.object({ PolicyNames: z.array(z.string()) });

export const secretSchema = z.object({ ARN: z.string(), CreatedDate: z.union([z.string(), z.number()]) });

export const secretValueSchema = z.object({ SecretString: z.string() });

export const templateSchema = z.object({ TemplateBody: z.looseObject({ Resources: z.unknown() }) });

export const parametersSchema = z.object({
  Parameters: z.array(z.object({ Name: z.string(), Value: z.string() })),
});
