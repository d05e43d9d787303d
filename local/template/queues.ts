import type { PropertyReader } from './property-reader.ts';
import { localTypes } from './resource-types.ts';
import type { QueueDescription } from './stack-description.ts';
import type { StackResources } from './stack-resources.ts';
import { TemplateError } from './template-error.ts';

/** Their names are the same in CloudFormation and in CreateQueue. */
const plainAttributes = [
  'ContentBasedDeduplication',
  'DeduplicationScope',
  'DelaySeconds',
  'FifoQueue',
  'FifoThroughputLimit',
  'MaximumMessageSize',
  'MessageRetentionPeriod',
  'ReceiveMessageWaitTimeSeconds',
  'VisibilityTimeout',
];

const encryption = ['KmsDataKeyReusePeriodSeconds', 'KmsMasterKeyId', 'SqsManagedSseEnabled'];

/** The queues, each dead-letter queue before the queues that name it. */
export function describeQueues(resources: StackResources): QueueDescription[] {
  const queues = resources
    .ofType(localTypes.queue)
    .map(({ logicalId }) => describeQueue(resources, logicalId));
  return deadLetterQueuesBeforeSources(queues);
}

function describeQueue(resources: StackResources, logicalId: string): QueueDescription {
  const properties = resources.properties(logicalId, {
    read: [...plainAttributes, 'QueueName', 'RedriveAllowPolicy', 'RedrivePolicy', 'Tags'],
    passedOver: encryption,
  });
  const attributes: Record<string, string> = {};
  for (const name of plainAttributes) {
    const value = properties.text(name);
    if (value !== undefined) attributes[name] = value;
  }
  for (const name of ['RedrivePolicy', 'RedriveAllowPolicy']) {
    if (properties.has(name)) attributes[name] = JSON.stringify(properties.object(name).all());
  }
  return {
    logicalId,
    name: resources.queueName(logicalId),
    arn: resources.queueArn(logicalId),
    attributes,
    tags: tagsOf(properties),
    deadLetterQueueName: deadLetterQueueName(resources, properties),
  };
}

function deadLetterQueueName(resources: StackResources, properties: PropertyReader): string | undefined {
  if (!properties.has('RedrivePolicy')) return undefined;
  const policy = properties.object('RedrivePolicy').only('deadLetterTargetArn', 'maxReceiveCount');
  const target = policy.requiredText('deadLetterTargetArn');
  const found = resources
    .ofType(localTypes.queue)
    .find(({ logicalId }) => resources.queueArn(logicalId) === target);
  if (!found)
    throw new TemplateError(`${policy.at}.deadLetterTargetArn`, `${target} is not a queue of this template`);
  return resources.queueName(found.logicalId);
}

function tagsOf(properties: PropertyReader): Record<string, string> {
  const tags: Record<string, string> = {};
  for (const tag of properties.objects('Tags')) tags[tag.requiredText('Key')] = tag.requiredText('Value');
  return tags;
}

function deadLetterQueuesBeforeSources(queues: readonly QueueDescription[]): QueueDescription[] {
  const byName = new Map(queues.map((queue) => [queue.name, queue]));
  const ordered = new Set<QueueDescription>();
  const place = (queue: QueueDescription, sources: readonly QueueDescription[]): void => {
    if (sources.includes(queue))
      throw new TemplateError(`${queue.logicalId}.RedrivePolicy`, 'ends in a circle of dead-letter queues');
    const target =
      queue.deadLetterQueueName === undefined ? undefined : byName.get(queue.deadLetterQueueName);
    if (target) place(target, [...sources, queue]);
    ordered.add(queue);
  };
  for (const queue of queues) place(queue, []);
  return [...ordered];
}
