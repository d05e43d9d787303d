import { randomUUID } from 'node:crypto';
import type { Clock } from '../../clock.ts';
import { invalidParameterValue, invalidValueFor, resourceNotFound } from './errors.ts';
import type { Message } from './message.ts';
import type { Queue } from './queue.ts';

export interface MoveTask {
  readonly id: string;
  readonly sourceArn: string;
  readonly destinationArn: string | undefined;
  readonly maximumPerSecond: number | undefined;
  readonly startedAt: number;
  readonly toMove: number;
  moved: number;
  status: 'RUNNING' | 'COMPLETED' | 'CANCELLED' | 'FAILED';
  failureReason: string | undefined;
}

export interface MoveTaskRequest {
  readonly sourceArn: string;
  readonly destinationArn: string | undefined;
  readonly maximumPerSecond: number | undefined;
}

export interface MoveTaskSurroundings {
  readonly clock: Clock;
  readonly queueByArn: (arn: string) => Queue | undefined;
  /** Whether some queue names this one as its dead-letter queue. */
  readonly isDeadLetterQueue: (queue: Queue) => boolean;
}

/** The fastest rate that can be asked for; also what is moved each second when none is. */
const maximumRate = 500;
/** AWS lists a queue's last ten tasks. */
const rememberedTasks = 10;

/** Redrives: the tasks that move a dead-letter queue's messages back, in the background. */
export class MoveTasks {
  readonly #world: MoveTaskSurroundings;
  /** By source ARN, the newest first. */
  readonly #tasks = new Map<string, MoveTask[]>();

  constructor(world: MoveTaskSurroundings) {
    this.#world = world;
  }

  start(request: MoveTaskRequest): MoveTask {
    const { sourceArn, destinationArn, maximumPerSecond } = request;
    const source = this.#world.queueByArn(sourceArn);
    if (source === undefined) throw noSuchResource('SourceArn');
    if (!this.#world.isDeadLetterQueue(source))
      throw invalidParameterValue('Source queue must be configured as a Dead Letter Queue.');
    if (destinationArn !== undefined && this.#world.queueByArn(destinationArn) === undefined)
      throw noSuchResource('DestinationArn');
    if (destinationArn === sourceArn)
      throw invalidParameterValue('Source queue arn and destination queue arn cannot be the same.');
    if (maximumPerSecond !== undefined && (maximumPerSecond < 1 || maximumPerSecond > maximumRate))
      throw invalidValueFor(
        'MaxNumberOfMessagesPerSecond',
        maximumPerSecond,
        `Must be between 1 and ${maximumRate}, if provided.`,
      );
    if (this.list(sourceArn).some(({ status }) => status === 'RUNNING'))
      throw invalidParameterValue(
        'There is already a task running. Only one active task is allowed for a source queue arn at a given time.',
      );
    const task: MoveTask = {
      id: randomUUID(),
      ...request,
      startedAt: this.#world.clock.now(),
      toMove: source.counts().visible,
      moved: 0,
      status: 'RUNNING',
      failureReason: undefined,
    };
    this.#tasks.set(sourceArn, [task, ...this.list(sourceArn)].slice(0, rememberedTasks));
    this.#world.clock.after(0, () => this.#step(task));
    return task;
  }

  list(sourceArn: string): readonly MoveTask[] {
    return this.#tasks.get(sourceArn) ?? [];
  }

  cancel(handle: string): MoveTask {
    const { taskId, sourceArn } = decodeTaskHandle(handle);
    if (this.#world.queueByArn(sourceArn) === undefined) throw noSuchResource('SourceArn');
    const task = this.list(sourceArn).find(({ id }) => id === taskId);
    if (task === undefined) throw resourceNotFound('Task does not exist.');
    if (task.status !== 'RUNNING') throw invalidParameterValue('Only active tasks can be cancelled.');
    task.status = 'CANCELLED';
    return task;
  }

  /** Forgets the tasks of a deleted queue. */
  forget(sourceArn: string): void {
    for (const task of this.list(sourceArn)) if (task.status === 'RUNNING') task.status = 'CANCELLED';
    this.#tasks.delete(sourceArn);
  }

  /** Moves one second's worth. */
  #step(task: MoveTask): void {
    const source = this.#world.queueByArn(task.sourceArn);
    for (let i = 0; i < (task.maximumPerSecond ?? maximumRate); i += 1) {
      if (task.status !== 'RUNNING' || source === undefined) return;
      const message = task.moved < task.toMove ? source.takeForMove() : undefined;
      if (message === undefined) {
        task.status = 'COMPLETED';
        return;
      }
      const failure = this.#moveOne(task, message);
      if (failure !== undefined) {
        source.add(message, 0);
        task.status = 'FAILED';
        task.failureReason = failure;
        return;
      }
      task.moved += 1;
    }
    if (task.moved >= task.toMove) task.status = 'COMPLETED';
    else this.#world.clock.after(1_000, () => this.#step(task));
  }

  /** Says why it cannot, or nothing. */
  #moveOne(task: MoveTask, message: Message): string | undefined {
    const arn = task.destinationArn ?? message.deadLetterSourceArn;
    // Somebody put it on the dead-letter queue directly: it has no queue to return to.
    if (arn === undefined) return 'CouldNotDetermineMessageSource';
    const destination = this.#world.queueByArn(arn);
    if (destination === undefined) return 'AWS.SimpleQueueService.NonExistentQueue';
    // A redriven message is a new one: new id, new enqueue time, nothing received yet.
    destination.add(
      {
        id: randomUUID(),
        content: message.content,
        sentAt: this.#world.clock.now(),
        receiveCount: 0,
        firstReceivedAt: undefined,
        deadLetterSourceArn: undefined,
      },
      destination.settings.delaySeconds,
    );
    return undefined;
  }
}

export function encodeTaskHandle({ id, sourceArn }: MoveTask): string {
  return Buffer.from(JSON.stringify({ taskId: id, sourceArn })).toString('base64');
}

function decodeTaskHandle(handle: string): { taskId: string; sourceArn: string } {
  try {
    const value: unknown = JSON.parse(Buffer.from(handle, 'base64').toString('utf8'));
    if (typeof value === 'object' && value !== null && 'taskId' in value && 'sourceArn' in value) {
      const { taskId, sourceArn } = value;
      if (typeof taskId === 'string' && typeof sourceArn === 'string') return { taskId, sourceArn };
    }
  } catch {
    // Not JSON: falls through to the same answer as JSON of another shape.
  }
  throw invalidParameterValue('Value for parameter TaskHandle is invalid.');
}

const noSuchResource = (parameter: string) =>
  resourceNotFound(`The resource that you specified for the ${parameter} parameter doesn't exist.`);
