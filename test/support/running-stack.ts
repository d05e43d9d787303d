import type { MessageView, QueueView } from '../../local/aws/sqs/sqs.ts';
import type { Stack } from '../../local/stack/stack.ts';
import { localQueues, putOn } from './queue-messages.ts';
import { eventually, type Found, type WaitingOptions } from './waiting.ts';

/** A message on a queue as a test looks at it, without receiving it. */
export interface QueuedMessage {
  readonly body: string;
  /** The texts of its attributes, by name. */
  readonly attributes: Readonly<Record<string, string>>;
}

/** A running stack as a producer, an operator and the vendor see it. */
export interface StackUnderTest extends Stack {
  /** Puts a message on the sends queue: an object as JSON, a text as it is. Attributes are texts. */
  enqueue(message: object | string, attributes?: Readonly<Record<string, string>>): Promise<void>;
  /** Puts messages on the sends queue in batches of ten. */
  enqueueAll(messages: readonly (object | string)[]): Promise<void>;
  queue(logicalId: string): QueueView;
  messages(logicalId: string): QueuedMessage[];
  /** The bodies of the requests that were accepted for a customer, in their order. */
  acceptedFor(customer: string): string[];
  /** All send requests that came for a customer, accepted or not. */
  requestsFor(customer: string): number;
  eventually<Value>(what: string, find: () => Value | Promise<Value>): Promise<Found<Value>>;
  /** Resolves once a message with this text in it is on the queue. */
  arrival(logicalId: string, text: string): Promise<QueuedMessage>;
}

/** Puts the tests' hands on a stack. */
export function underTest(stack: Stack, waiting: WaitingOptions = {}): StackUnderTest {
  const client = localQueues(stack.awsUrl);
  const sendsQueueUrl = stack.description.outputs['SendsQueueUrl'];

  function queue(logicalId: string): QueueView {
    const name = stack.description.queues.find((each) => each.logicalId === logicalId)?.name;
    const found = stack.sqs.queues().find((each) => each.name === name);
    if (found === undefined) throw new Error(`The stack has no queue ${logicalId}.`);
    return found;
  }

  const messages = (logicalId: string) =>
    queue(logicalId)
      .peek(Infinity)
      .map((message) => ({ body: message.body, attributes: textsOf(message) }));

  const ask: StackUnderTest['eventually'] = (what, find) => eventually(what, find, waiting);

  return {
    ...stack,
    enqueue: (body, attributes = {}) => putOn(client, sendsQueueUrl, [{ body, attributes }]),
    enqueueAll: (all) =>
      putOn(
        client,
        sendsQueueUrl,
        all.map((body) => ({ body })),
      ),
    queue,
    messages,
    acceptedFor: (customer) =>
      stack.connectly
        .state()
        .accepted.newest.filter(({ recipient }) => recipient === customer)
        .map(({ request }) => request.rawBody),
    requestsFor: (customer) =>
      stack.connectly.state().requests.newest.filter(({ recipient }) => recipient === customer).length,
    eventually: ask,
    arrival: (logicalId, text) =>
      ask(`A message with ${text} on ${logicalId}`, () =>
        messages(logicalId).find(({ body }) => body.includes(text)),
      ),
    async close() {
      client.destroy();
      await stack.close();
    },
  };
}

function textsOf({ attributes }: MessageView): Record<string, string> {
  return Object.fromEntries(
    attributes.map(({ name, value }) => [
      name,
      'text' in value ? value.text : value.bytes.toString('base64'),
    ]),
  );
}
