import { contents } from './messages.ts';
import type { Copy, World } from './world.ts';

export interface RecordOptions {
  readonly attributes?: Readonly<Record<string, string>>;
  readonly receiveCount?: number;
  readonly messageId?: string;
}

/** A record as a mapping hands it to a function. */
export function recordOf(world: World, body: string, options: RecordOptions = {}): object {
  const { attributes = {}, receiveCount = 1, messageId = 'message-1' } = options;
  return {
    messageId,
    receiptHandle: 'handle-1',
    body,
    attributes: {
      ApproximateReceiveCount: String(receiveCount),
      SentTimestamp: String(world.clock.now()),
      SenderId: 'sender',
      ApproximateFirstReceiveTimestamp: String(world.clock.now()),
    },
    messageAttributes: Object.fromEntries(
      Object.entries(attributes).map(([name, stringValue]) => [
        name,
        // Behind a batching window, AWS sends null for what there is not.
        { dataType: 'String', stringValue, binaryValue: null, stringListValues: [], binaryListValues: [] },
      ]),
    ),
    md5OfMessageAttributes: null,
    md5OfBody: '',
    eventSource: 'aws:sqs',
    eventSourceARN: 'arn',
    awsRegion: 'eu-central-1',
  };
}

/** A copy that a function made, as it is received again. */
export function recordOfCopy(world: World, { body, attributes }: Copy): object {
  const texts = Object.entries(attributes).map(
    ([name, { StringValue: value = '' }]) => [name, value] as const,
  );
  return recordOf(world, body, { attributes: Object.fromEntries(texts) });
}

/** The newest copy on a queue. */
export function newestOn(world: World, queue: string): Copy {
  const found = world.copies.findLast((copy) => copy.queue === queue);
  if (found === undefined) throw new Error(`nothing on ${queue}`);
  return found;
}

/** A message of any kind, or of one, with fields of the caller's choice. */
export function messageBody(
  world: World,
  fields: Readonly<Record<string, unknown>> = {},
  kind: string = world.random.pick(Object.keys(contents)),
): string {
  const { canaries, random } = world;
  const content = contents[kind]?.(canaries);
  if (content === undefined) throw new Error(`there is no kind ${kind}`);
  return JSON.stringify({
    to: random.chance(0.9) ? canaries.phone : canaries.userId,
    ...(random.chance(0.5) && { from: canaries.businessPhone }),
    ...(random.chance(0.5) && { callbackData: { note: canaries.callbackData } }),
    id: 'order-1',
    ...content,
    ...fields,
  });
}
