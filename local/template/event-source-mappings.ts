import type { PropertyReader } from './property-reader.ts';
import { localTypes } from './resource-types.ts';
import type { EventSourceMappingDescription } from './stack-description.ts';
import type { StackResources } from './stack-resources.ts';
import { TemplateError } from './template-error.ts';

/** Lambda's default for queues. */
const defaultBatchSize = 10;

export function describeEventSourceMappings(resources: StackResources): EventSourceMappingDescription[] {
  return resources.ofType(localTypes.eventSourceMapping).map(({ logicalId }) => {
    const properties = resources.properties(logicalId, {
      read: [
        'BatchSize',
        'Enabled',
        'EventSourceArn',
        'FunctionName',
        'FunctionResponseTypes',
        'MaximumBatchingWindowInSeconds',
        'ScalingConfig',
      ],
      passedOver: ['KmsKeyArn', 'LoggingConfig', 'MetricsConfig', 'Tags'],
    });
    const queueArn = properties.requiredText('EventSourceArn');
    return {
      logicalId,
      functionLogicalId: functionOf(resources, properties),
      queueLogicalId: queueOf(resources, { queueArn, at: `${logicalId}.EventSourceArn` }),
      queueArn,
      batchSize: properties.integer('BatchSize') ?? defaultBatchSize,
      maximumBatchingWindowSeconds: properties.integer('MaximumBatchingWindowInSeconds') ?? 0,
      maximumConcurrency: properties
        .object('ScalingConfig')
        .only('MaximumConcurrency')
        .integer('MaximumConcurrency'),
      reportBatchItemFailures: reportsItemFailures(properties),
      enabled: properties.flag('Enabled') ?? true,
    };
  });
}

function queueOf(resources: StackResources, { queueArn, at }: { queueArn: string; at: string }): string {
  const found = resources
    .ofType(localTypes.queue)
    .find(({ logicalId }) => resources.queueArn(logicalId) === queueArn);
  if (!found) throw new TemplateError(at, `${queueArn} is not a queue of this template`);
  return found.logicalId;
}

/** CloudFormation takes a function's name or its ARN. */
function functionOf(resources: StackResources, properties: PropertyReader): string {
  const wanted = properties.requiredText('FunctionName');
  const found = resources
    .ofType(localTypes.function)
    .find(({ logicalId }) =>
      [resources.functionName(logicalId), resources.functionArn(logicalId)].includes(wanted),
    );
  if (!found)
    throw new TemplateError(`${properties.at}.FunctionName`, `${wanted} is not a function of this template`);
  return found.logicalId;
}

function reportsItemFailures(properties: PropertyReader): boolean {
  const types = properties.texts('FunctionResponseTypes');
  const unknown = types.find((type) => type !== 'ReportBatchItemFailures');
  if (unknown !== undefined)
    throw new TemplateError(`${properties.at}.FunctionResponseTypes`, `${unknown} is not understood`);
  return types.length > 0;
}
