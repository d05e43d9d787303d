import type { Outcome } from '../lib/delivery/outcome.ts';
import type { Settlement } from '../lib/delivery/settle.ts';
import { metrics, type Namespace, namespaceOf } from '../lib/metrics.ts';
import type { DeliveryStatus } from '../lib/webhook/event.ts';
import type { Receipt } from '../lib/webhook/receive.ts';

/** One metric of CloudWatch. Dimension values are texts for Fn::Sub, so that they may name resources: `${SendsQueue.QueueName}`. */
export interface Measure {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

/** What the fields that split the relay's own metrics may say: nobody can watch for a result that does not exist. */
interface Labels extends Record<Namespace, object> {
  readonly webhook: { readonly result?: Receipt['result']; readonly deliveryStatus?: DeliveryStatus };
  readonly attempt: { readonly result?: Outcome['kind']; readonly code?: string };
  readonly untouched: { readonly code?: string };
  readonly 'probe-failed': { readonly code?: string };
  readonly settle: { readonly type?: 'parked' | 'report'; readonly result?: Settlement['result'] };
  readonly 'api-key': Unsplit;
  readonly 'failed-effects': Unsplit;
  readonly 'given-up': Unsplit;
  readonly 'outcome-unknown': Unsplit;
}

type Unsplit = Readonly<Record<string, never>>;

/**
 * A metric that the functions write themselves. Throws for one that they do not: CloudWatch would show nothing, without
 * a word.
 */
export function ofRelay<Of extends Namespace>(
  stage: string,
  namespace: Of,
  name: string,
  labels: Labels[Of] = {},
): Measure {
  const dimensions = { stage, ...labels };
  const fields = Object.keys(dimensions);
  const exists = metrics[namespace].some(
    (group) =>
      Object.hasOwn(group.metrics, name) &&
      group.splits.some(
        (split) => split.length === fields.length && split.every((field) => fields.includes(field)),
      ),
  );
  if (!exists) throw new Error(`The functions write no metric ${namespace} ${name} by ${fields.join(', ')}.`);
  return { namespace: namespaceOf(namespace), name, dimensions };
}

export type QueueId = 'EventsQueue' | 'EventsDlq' | 'SendsQueue' | 'SendsDlq' | 'OutcomesQueue';

/** How many messages wait in a queue. */
export function messagesIn(queue: QueueId): Measure {
  return ofQueue(queue, 'ApproximateNumberOfMessagesVisible');
}

/** How many messages have been received and neither deleted nor made visible again: in work, or waiting out of sight. */
export function inFlightOf(queue: QueueId): Measure {
  return ofQueue(queue, 'ApproximateNumberOfMessagesNotVisible');
}

/** How many messages were received, those that come back counted each time. */
export function receivedFrom(queue: QueueId): Measure {
  return ofQueue(queue, 'NumberOfMessagesReceived');
}

/** The age of a queue's oldest message, in seconds. SQS leaves out what has been received more than three times. */
export function ageIn(queue: QueueId): Measure {
  return ofQueue(queue, 'ApproximateAgeOfOldestMessage');
}

function ofQueue(queue: QueueId, name: string): Measure {
  return { namespace: 'AWS/SQS', name, dimensions: { QueueName: `\${${queue}.QueueName}` } };
}

/** The functions by what people call them. */
export const functionIds = {
  'receive-webhook': 'ReceiveWebhookLambdaFunction',
  'send-message': 'SendMessageLambdaFunction',
  'settle-send': 'SettleSendLambdaFunction',
} as const;

export type FunctionName = keyof typeof functionIds;
export const functionNames: readonly FunctionName[] = ['receive-webhook', 'send-message', 'settle-send'];

export function ofFunction(
  name: FunctionName,
  metric: 'Errors' | 'Throttles' | 'RecursiveInvocationsDropped' | 'ConcurrentExecutions' | 'Duration',
): Measure {
  return { namespace: 'AWS/Lambda', name: metric, dimensions: { FunctionName: `\${${functionIds[name]}}` } };
}

/** API Gateway's own count of answers, those of its throttling included. */
export function ofApi(metric: 'Count' | '4xx' | '5xx' | 'Latency'): Measure {
  return { namespace: 'AWS/ApiGateway', name: metric, dimensions: { ApiId: `\${HttpApi}` } };
}

/** A text for Fn::Sub as the shortest expression that says the same. */
export function expressionOf(text: string): unknown {
  const [, id, attribute] = /^\$\{(\w+)(?:\.(\w+))?\}$/.exec(text) ?? [];
  if (id === undefined) return text.includes('${') ? { 'Fn::Sub': text } : text;
  return attribute === undefined ? { Ref: id } : { 'Fn::GetAtt': [id, attribute] };
}
