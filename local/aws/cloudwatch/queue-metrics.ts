import type { QueueView } from '../sqs/sqs.ts';
import type { Measurement, Metric } from './metric.ts';

export const queueNamespace = 'AWS/SQS';

/** What is measured of a queue. SQS has more: those count what happened, and nobody counts it here. */
const measures: Readonly<Record<string, (queue: QueueView) => number>> = {
  ApproximateAgeOfOldestMessage: ({ oldestAgeSeconds }) => oldestAgeSeconds,
  ApproximateNumberOfMessagesVisible: ({ counts }) => counts.visible,
  ApproximateNumberOfMessagesNotVisible: ({ counts }) => counts.inFlight,
  ApproximateNumberOfMessagesDelayed: ({ counts }) => counts.delayed,
};

export function isQueueMetric(name: string): boolean {
  return Object.hasOwn(measures, name);
}

/**
 * What SQS would have reported for the last whole minute, measured now: there is no history here. Nothing for a queue
 * that there is not.
 */
export function queueMeasurements(
  { name, dimensions }: Metric,
  { queues, now }: { queues: readonly QueueView[]; now: number },
): Measurement[] {
  const { QueueName: queueName, ...others } = dimensions;
  const queue = queues.find((each) => each.name === queueName);
  const measure = isQueueMetric(name) ? measures[name] : undefined;
  if (queue === undefined || measure === undefined || Object.keys(others).length > 0) return [];
  return [{ at: now - 60_000, value: measure(queue) }];
}
