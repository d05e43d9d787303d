import { randomUUID } from 'node:crypto';
import type { Clock } from '../../clock.ts';
import {
  invalidParameterValue,
  invalidValueFor,
  queueDeletedRecently,
  queueDoesNotExist,
  queueNameExists,
} from './errors.ts';
import type { Message, MessageContent } from './message.ts';
import { MoveTasks } from './move-tasks.ts';
import { Queue } from './queue.ts';
import { initialAttributes, mergeAttributes, type QueueAttributes, settingsOf } from './queue-attributes.ts';

/** After a deletion, AWS keeps a name back for this long. */
const nameHeldBackMs = 60_000;

export interface SqsEngineOptions {
  readonly clock: Clock;
  readonly region: string;
  readonly accountId: string;
  readonly changed: (queue: Queue) => void;
}

/** An account's queues in one region: everything that SQS does, without a word of HTTP or JSON. */
export class SqsEngine {
  readonly clock: Clock;
  readonly moveTasks: MoveTasks;
  readonly #options: SqsEngineOptions;
  readonly #queues = new Map<string, Queue>();
  readonly #deletedAt = new Map<string, number>();

  constructor(options: SqsEngineOptions) {
    this.#options = options;
    this.clock = options.clock;
    this.moveTasks = new MoveTasks({
      clock: options.clock,
      queueByArn: (arn) => this.queueByArn(arn),
      isDeadLetterQueue: (queue) => this.sourcesOf(queue).length > 0,
    });
  }

  /** In the order of their names. */
  queues(): readonly Queue[] {
    return [...this.#queues.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1));
  }

  queue(name: string): Queue {
    const queue = this.#queues.get(name);
    if (queue === undefined) throw queueDoesNotExist();
    return queue;
  }

  queueByArn(arn: string): Queue | undefined {
    const queue = this.#queues.get(arn.slice(arn.lastIndexOf(':') + 1));
    return queue?.arn === arn ? queue : undefined;
  }

  /** Creates a queue, or finds the one that has this name and these attributes already. */
  createQueue(name: string, changes: readonly (readonly [string, string])[]): Queue {
    const existing = this.#queues.get(name);
    // Checked against the defaults in any case: a wrong value is refused even where the queue exists.
    const attributes = mergeAttributes(initialAttributes, changes);
    if (!/^[\w-]{1,80}$/.test(name))
      throw invalidParameterValue(
        'Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length',
      );
    if (existing !== undefined) {
      const different = changes.find(([key, value]) => (existing.attributes.get(key) ?? '') !== value);
      if (different !== undefined) throw queueNameExists(different[0]);
      return existing;
    }
    const deletedAt = this.#deletedAt.get(name);
    if (deletedAt !== undefined && this.clock.now() - deletedAt < nameHeldBackMs)
      throw queueDeletedRecently();
    const arn = `arn:aws:sqs:${this.#options.region}:${this.#options.accountId}:${name}`;
    this.#checkDeadLetterTarget(arn, attributes);
    const queue = new Queue(
      { name, arn, attributes },
      {
        clock: this.clock,
        deadLetter: (source, message) => this.#deadLetter(source, message),
        changed: this.#options.changed,
      },
    );
    this.#queues.set(name, queue);
    this.#options.changed(queue);
    return queue;
  }

  setAttributes(queue: Queue, changes: readonly (readonly [string, string])[]): void {
    const attributes = mergeAttributes(queue.attributes, changes);
    this.#checkDeadLetterTarget(queue.arn, attributes);
    queue.changeAttributes(attributes);
  }

  deleteQueue(queue: Queue): void {
    this.#queues.delete(queue.name);
    this.#deletedAt.set(queue.name, this.clock.now());
    this.moveTasks.forget(queue.arn);
    queue.close();
  }

  /** Queues a message and gives it its id. `delaySeconds` undefined is the queue's own delay. */
  send(queue: Queue, content: MessageContent, delaySeconds: number | undefined): Message {
    const message: Message = {
      id: randomUUID(),
      content,
      sentAt: this.clock.now(),
      receiveCount: 0,
      firstReceivedAt: undefined,
      deadLetterSourceArn: undefined,
    };
    queue.add(message, delaySeconds ?? queue.settings.delaySeconds);
    return message;
  }

  /** The queues that name this one as their dead-letter queue. */
  sourcesOf(queue: Queue): readonly Queue[] {
    return this.queues().filter(({ settings }) => settings.redrivePolicy?.deadLetterTargetArn === queue.arn);
  }

  #checkDeadLetterTarget(sourceArn: string, attributes: QueueAttributes): void {
    const policy = settingsOf(attributes).redrivePolicy;
    if (policy === undefined) return;
    const text = attributes.get('RedrivePolicy') ?? '';
    const target = this.queueByArn(policy.deadLetterTargetArn);
    if (target === undefined)
      throw invalidValueFor('RedrivePolicy', text, 'Dead letter target does not exist.');
    if (!allowsSource(target, sourceArn))
      throw invalidValueFor('RedrivePolicy', text, 'Dead letter target does not allow this source queue.');
  }

  /** The message keeps its id, its enqueue time and its count, and says where it comes from. */
  #deadLetter(source: Queue, message: Message): boolean {
    const arn = source.settings.redrivePolicy?.deadLetterTargetArn;
    const target = arn === undefined ? undefined : this.queueByArn(arn);
    if (target === undefined || target === source || !allowsSource(target, source.arn)) return false;
    message.deadLetterSourceArn = source.arn;
    target.add(message, 0);
    return true;
  }
}

function allowsSource(target: Queue, sourceArn: string): boolean {
  const policy = target.settings.redriveAllowPolicy;
  if (policy === undefined || policy.permission === 'allowAll') return true;
  return policy.permission === 'byQueue' && policy.sourceQueueArns.includes(sourceArn);
}
