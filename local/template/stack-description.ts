/** Everything the local stack is built from, read from the packaged template. Nothing of it is written down twice. */
export interface StackDescription {
  /** Dead-letter queues come before the queues that name them, so that they can be created in this order. */
  readonly queues: readonly QueueDescription[];
  readonly secrets: readonly SecretDescription[];
  readonly functions: readonly FunctionDescription[];
  readonly eventSourceMappings: readonly EventSourceMappingDescription[];
  readonly httpApis: readonly HttpApiDescription[];
  readonly tables: readonly TableDescription[];
  /** By name, but for those that rest upon a resource without a local part. An HTTP API's address is the local front's. */
  readonly outputs: Readonly<Record<string, string>>;
}

export interface QueueDescription {
  readonly logicalId: string;
  readonly name: string;
  readonly arn: string;
  /** As SQS's CreateQueue takes them; the two redrive policies are JSON with resolved ARNs. Encryption is left out. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  /** The name of its dead-letter queue, when it has one. */
  readonly deadLetterQueueName: string | undefined;
}

export interface SecretDescription {
  readonly logicalId: string;
  readonly name: string;
  readonly description: string | undefined;
  /** Only when the template sets one; a secret without a value is created empty. */
  readonly value: string | undefined;
}

export interface FunctionDescription {
  readonly logicalId: string;
  readonly name: string;
  readonly arn: string;
  readonly handler: string;
  readonly runtime: string;
  readonly architecture: string;
  readonly timeoutSeconds: number;
  readonly memoryMb: number;
  readonly environment: Readonly<Record<string, string>>;
  readonly reservedConcurrency: number | undefined;
  /** How Lambda writes what the runtime logs: `Text` or `JSON`. */
  readonly logFormat: string;
}

export interface EventSourceMappingDescription {
  readonly logicalId: string;
  readonly functionLogicalId: string;
  readonly queueLogicalId: string;
  readonly queueArn: string;
  readonly batchSize: number;
  readonly maximumBatchingWindowSeconds: number;
  /** Undefined: no limit but the account's. */
  readonly maximumConcurrency: number | undefined;
  readonly reportBatchItemFailures: boolean;
  readonly enabled: boolean;
}

export interface HttpApiDescription {
  readonly apiId: string;
  readonly routes: readonly HttpApiRoute[];
}

export interface HttpApiRoute {
  /** Such as `POST /webhooks` or `$default`. */
  readonly routeKey: string;
  readonly functionLogicalId: string;
  readonly timeoutMs: number;
}

export interface TableDescription {
  readonly logicalId: string;
  readonly name: string;
  readonly arn: string;
  /** The template's properties, resolved, in CloudFormation's names. */
  readonly properties: Readonly<Record<string, unknown>>;
}
