import type { Clock } from '../../clock.ts';
import type { AwsService } from '../protocols/service.ts';
import { batchOperations } from './batch-operations.ts';
import { SqsEngine } from './engine.ts';
import type { MessageContent } from './message.ts';
import { messageOperations } from './message-operations.ts';
import type { MessageCounts } from './message-store.ts';
import { moveTaskOperations } from './move-task-operations.ts';
import { attributesOf, queueOperations } from './queue-operations.ts';
import { QueueUrls } from './queue-urls.ts';

export interface SqsOptions {
  readonly clock: Clock;
  readonly region: string;
  /** Twelve digits. */
  readonly accountId: string;
  /** Where queue URLs point, asked each time: `http://127.0.0.1:9324`, without a slash at its end. */
  readonly baseUrl: () => string;
}

/** A queue as it looks from outside, without receiving anything. */
export interface QueueView {
  readonly name: string;
  readonly url: string;
  readonly arn: string;
  /** All of AWS's attributes, by name. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly counts: MessageCounts;
  /**
   * How long the oldest message has been on this queue, by CloudWatch's rule: one that was received more than three
   * times does not count. 0 when there is none.
   */
  readonly oldestAgeSeconds: number;
  /** The oldest messages first, at most `limit`. Neither the receive count nor the visibility changes. */
  peek(limit?: number): readonly MessageView[];
}

export interface MessageView extends MessageContent {
  readonly id: string;
  readonly state: 'visible' | 'in-flight' | 'delayed';
  /** Epoch milliseconds, as all times here. */
  readonly sentAt: number;
  readonly receiveCount: number;
  readonly firstReceivedAt: number | undefined;
  /** When a message that is in flight or delayed becomes visible. */
  readonly visibleAt: number | undefined;
  readonly deadLetterSourceArn: string | undefined;
}

export interface Sqs {
  readonly service: AwsService & { readonly operations: SqsOperations };
  queues(): readonly QueueView[];
  /**
   * Calls back with a queue's name after everything that changed it: sends, receives, deletions, moves, settings.
   * What time alone changes (a visibility timeout that lapses) is told only when it woke a receiver. The returned
   * function ends the subscription.
   */
  onChange(listener: (queueName: string) => void): () => void;
}

type SqsOperations = ReturnType<typeof queueOperations> &
  ReturnType<typeof messageOperations> &
  ReturnType<typeof batchOperations> &
  ReturnType<typeof moveTaskOperations>;

/** An account's standard queues in memory, by AWS's rules, over the given clock. FIFO queues are refused. */
export function createSqs({ clock, region, accountId, baseUrl }: SqsOptions): Sqs {
  const listeners = new Set<(queueName: string) => void>();
  const engine = new SqsEngine({
    clock,
    region,
    accountId,
    changed: ({ name }) => {
      for (const listener of listeners) listener(name);
    },
  });
  const urls = new QueueUrls(accountId, baseUrl);
  return {
    service: {
      target: 'AmazonSQS',
      contentType: 'application/x-amz-json-1.0',
      operations: {
        ...queueOperations(engine, urls, accountId),
        ...messageOperations(engine, urls),
        ...batchOperations(engine, urls),
        ...moveTaskOperations(engine),
      },
    },
    queues: () => engine.queues().map((queue) => viewOf(queue, { url: urls.urlOf(queue), now: clock.now() })),
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

type EngineQueue = ReturnType<SqsEngine['queue']>;

function viewOf(queue: EngineQueue, { url, now }: { url: string; now: number }): QueueView {
  return {
    name: queue.name,
    url,
    arn: queue.arn,
    attributes: Object.fromEntries(attributesOf(queue)),
    counts: queue.counts(),
    get oldestAgeSeconds() {
      return oldestAgeSeconds(queue, now);
    },
    peek(limit = 100) {
      const views: MessageView[] = [];
      for (const { message, state, visibleAt } of queue.look()) {
        if (views.length >= limit) break;
        const { content, ...history } = message;
        views.push({ ...content, ...history, state, visibleAt: state === 'visible' ? undefined : visibleAt });
      }
      return views;
    },
  };
}

function oldestAgeSeconds(queue: EngineQueue, now: number): number {
  let oldest = now;
  for (const { addedAt, received } of queue.look()) if (received <= 3 && addedAt < oldest) oldest = addedAt;
  return Math.floor((now - oldest) / 1_000);
}
