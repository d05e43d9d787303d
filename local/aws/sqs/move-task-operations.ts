import type { AwsOperation } from '../protocols/service.ts';
import type { SqsEngine } from './engine.ts';
import { invalidValueFor, resourceNotFound } from './errors.ts';
import { optionalInteger, optionalString, requiredString } from './input.ts';
import { encodeTaskHandle, type MoveTask } from './move-tasks.ts';

/** The operations of a redrive: moving a dead-letter queue's messages back. */
export function moveTaskOperations(engine: SqsEngine) {
  return {
    async StartMessageMoveTask(input) {
      const task = engine.moveTasks.start({
        sourceArn: requiredString(input, 'SourceArn'),
        destinationArn: optionalString(input, 'DestinationArn'),
        maximumPerSecond: optionalInteger(input, 'MaxNumberOfMessagesPerSecond'),
      });
      return { TaskHandle: encodeTaskHandle(task) };
    },

    async ListMessageMoveTasks(input) {
      const sourceArn = requiredString(input, 'SourceArn');
      const maximum = optionalInteger(input, 'MaxResults') ?? 1;
      if (maximum < 1 || maximum > 10)
        throw invalidValueFor('MaxResults', maximum, 'Must be between 1 and 10, if provided.');
      if (engine.queueByArn(sourceArn) === undefined)
        throw resourceNotFound("The resource that you specified for the SourceArn parameter doesn't exist.");
      return { Results: engine.moveTasks.list(sourceArn).slice(0, maximum).map(taskAsJson) };
    },

    async CancelMessageMoveTask(input) {
      const task = engine.moveTasks.cancel(requiredString(input, 'TaskHandle'));
      return { ApproximateNumberOfMessagesMoved: task.moved };
    },
  } satisfies Record<string, AwsOperation>;
}

function taskAsJson(task: MoveTask): object {
  return {
    // Only a running task can still be cancelled: AWS shows the handle of no other.
    ...(task.status === 'RUNNING' && { TaskHandle: encodeTaskHandle(task) }),
    Status: task.status,
    SourceArn: task.sourceArn,
    ...(task.destinationArn !== undefined && { DestinationArn: task.destinationArn }),
    ...(task.maximumPerSecond !== undefined && { MaxNumberOfMessagesPerSecond: task.maximumPerSecond }),
    ApproximateNumberOfMessagesMoved: task.moved,
    ApproximateNumberOfMessagesToMove: task.toMove,
    ...(task.failureReason !== undefined && { FailureReason: task.failureReason }),
    StartedTimestamp: task.startedAt,
  };
}
