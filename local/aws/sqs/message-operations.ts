import { createHash } from 'node:crypto';
import { whenUndelivered } from '../protocols/delivery.ts';
import type { AwsOperation } from '../protocols/service.ts';
import { isLegalText } from './characters.ts';
import type { SqsEngine } from './engine.ts';
import {
  invalidAttributeName,
  invalidMessageContents,
  invalidParameterValue,
  invalidValueFor,
} from './errors.ts';
import {
  type Input,
  optionalInteger,
  optionalString,
  requiredInteger,
  requiredString,
  stringList,
} from './input.ts';
import type { MessageContent, ReceivedMessage } from './message.ts';
import {
  attributesAsJson,
  attributesSizeBytes,
  md5OfAttributes,
  parseMessageAttributes,
  parseTraceHeader,
  selectAttributes,
  traceAttribute,
} from './message-attributes.ts';
import type { Queue } from './queue.ts';
import type { QueueUrls } from './queue-urls.ts';

/** Stands for the IAM user id of whoever sent a message: there are no users here. */
const senderId = 'AIDALOCALSENDER000000';

/** The operations on single messages. */
export function messageOperations(engine: SqsEngine, urls: QueueUrls) {
  return {
    async SendMessage(input, { traceHeader }) {
      return sendOne(engine, urls.find(engine, input), input, traceHeader);
    },

    async ReceiveMessage(input, context) {
      const queue = urls.find(engine, input);
      const show = receivedMessageView(input);
      const request = { ...receiveNumbers(input, queue), signal: context.signal };
      const messages = await queue.receive(request);
      if (context.signal.aborted) {
        queue.putBack(messages);
        return {};
      }
      if (messages.length === 0) return {};
      const answer = { Messages: messages.map(show) };
      whenUndelivered(answer, () => queue.putBack(messages));
      return answer;
    },

    async DeleteMessage(input) {
      deleteOne(urls.find(engine, input), input);
      return {};
    },

    async ChangeMessageVisibility(input) {
      changeVisibilityOfOne(urls.find(engine, input), input);
      return {};
    },
  } satisfies Record<string, AwsOperation>;
}

/**
 * Checks a message and queues it; the same for one message and for an entry of a batch. `traceHeader` is the request's,
 * for a message that brings none of its own.
 */
export function sendOne(engine: SqsEngine, queue: Queue, input: Input, traceHeader?: string): object {
  const given = parseContent(input);
  const content = { ...given, traceHeader: given.traceHeader ?? traceAttribute(traceHeader) };
  const delaySeconds = optionalInteger(input, 'DelaySeconds');
  if (delaySeconds !== undefined && (delaySeconds < 0 || delaySeconds > 900))
    throw invalidValueFor('DelaySeconds', delaySeconds, 'DelaySeconds must be >= 0 and <= 900.');
  if (optionalString(input, 'MessageDeduplicationId') !== undefined)
    throw invalidParameterValue('The request include parameter that is not valid for this queue type');
  const maximum = queue.settings.maximumMessageBytes;
  if (messageSizeBytes(content) > maximum)
    throw invalidParameterValue(
      `One or more parameters are invalid. Reason: Message must be shorter than ${maximum} bytes.`,
    );
  const { id } = engine.send(queue, content, delaySeconds);
  const md5OfUserAttributes = md5OfAttributes(content.attributes);
  const md5OfSystemAttributes = md5OfAttributes(given.traceHeader === undefined ? [] : [given.traceHeader]);
  return {
    MessageId: id,
    MD5OfMessageBody: md5(content.body),
    ...(md5OfUserAttributes !== undefined && { MD5OfMessageAttributes: md5OfUserAttributes }),
    ...(md5OfSystemAttributes !== undefined && { MD5OfMessageSystemAttributes: md5OfSystemAttributes }),
  };
}

export function deleteOne(queue: Queue, input: Input): void {
  queue.delete(requiredString(input, 'ReceiptHandle'));
}

export function changeVisibilityOfOne(queue: Queue, input: Input): void {
  const handle = requiredString(input, 'ReceiptHandle');
  const timeout = requiredInteger(input, 'VisibilityTimeout');
  checkVisibilityTimeout(timeout);
  queue.changeVisibility(handle, timeout);
}

function parseContent(input: Input): MessageContent {
  const body = requiredString(input, 'MessageBody');
  if (!isLegalText(body)) throw invalidMessageContents();
  const groupId = optionalString(input, 'MessageGroupId');
  if (groupId !== undefined && !/^[!-~]{1,128}$/.test(groupId))
    throw invalidValueFor(
      'MessageGroupId',
      groupId,
      'MessageGroupId can only include alphanumeric and punctuation characters. 1 to 128 in length.',
    );
  return {
    body,
    attributes: parseMessageAttributes(input),
    traceHeader: parseTraceHeader(input),
    groupId,
  };
}

/** The body's bytes and those of the attributes' names, types and values. System attributes do not count. */
export function messageSizeBytes({ body, attributes }: MessageContent): number {
  return Buffer.byteLength(body) + attributesSizeBytes(attributes);
}

/** The size of a batch's entry before anything else of it is checked: nothing wrong in it may throw here. */
export function entrySizeBytes(entry: Input): number {
  let size = Buffer.byteLength(optionalString(entry, 'MessageBody') ?? '');
  try {
    size += attributesSizeBytes(parseMessageAttributes(entry));
  } catch {
    // Attributes that AWS would refuse: the entry fails by itself later.
  }
  return size;
}

function receiveNumbers(input: Input, queue: Queue) {
  const maximumMessages = optionalInteger(input, 'MaxNumberOfMessages') ?? 1;
  if (maximumMessages < 1 || maximumMessages > 10)
    throw invalidValueFor('MaxNumberOfMessages', maximumMessages, 'Must be between 1 and 10, if provided.');
  const waitSeconds = optionalInteger(input, 'WaitTimeSeconds') ?? queue.settings.receiveWaitSeconds;
  if (waitSeconds < 0 || waitSeconds > 20)
    throw invalidValueFor('WaitTimeSeconds', waitSeconds, 'Must be >= 0 and <= 20, if provided.');
  const visibilityTimeoutSeconds =
    optionalInteger(input, 'VisibilityTimeout') ?? queue.settings.visibilityTimeoutSeconds;
  checkVisibilityTimeout(visibilityTimeoutSeconds);
  return { maximumMessages, waitSeconds, visibilityTimeoutSeconds };
}

function checkVisibilityTimeout(seconds: number): void {
  // 12 hours.
  if (seconds < 0 || seconds > 43_200)
    throw invalidValueFor('VisibilityTimeout', seconds, 'Must be between 0 and 43200, if provided.');
}

const systemAttributes = {
  SenderId: () => senderId,
  SentTimestamp: ({ sentAt }: ReceivedMessage) => String(sentAt),
  ApproximateReceiveCount: ({ receiveCount }: ReceivedMessage) => String(receiveCount),
  ApproximateFirstReceiveTimestamp: ({ firstReceivedAt }: ReceivedMessage) => String(firstReceivedAt),
  AWSTraceHeader: ({ content }: ReceivedMessage) =>
    content.traceHeader !== undefined && 'text' in content.traceHeader.value
      ? content.traceHeader.value.text
      : undefined,
  MessageGroupId: ({ content }: ReceivedMessage) => content.groupId,
  DeadLetterQueueSourceArn: ({ deadLetterSourceArn }: ReceivedMessage) => deadLetterSourceArn,
} as const;

/** Part of the vocabulary, though only FIFO queues have them. */
const fifoSystemAttributes = new Set(['MessageDeduplicationId', 'SequenceNumber']);

/** How a message looks to a receiver who asked for these attributes. */
function receivedMessageView(input: Input): (message: ReceivedMessage) => object {
  const system = [
    ...stringList(input, 'AttributeNames'),
    ...stringList(input, 'MessageSystemAttributeNames'),
  ];
  for (const name of system)
    if (name !== 'All' && !Object.hasOwn(systemAttributes, name) && !fifoSystemAttributes.has(name))
      throw invalidAttributeName(name);
  const wanted = stringList(input, 'MessageAttributeNames');
  return (message) => {
    const shownSystem = Object.entries(systemAttributes).flatMap(([name, read]) => {
      const value = system.includes('All') || system.includes(name) ? read(message) : undefined;
      return value === undefined ? [] : [[name, value] as const];
    });
    const shown = selectAttributes(message.content.attributes, wanted);
    return {
      MessageId: message.id,
      ReceiptHandle: message.receiptHandle,
      MD5OfBody: md5(message.content.body),
      Body: message.content.body,
      ...(shownSystem.length > 0 && { Attributes: Object.fromEntries(shownSystem) }),
      ...(shown.length > 0 && {
        MD5OfMessageAttributes: md5OfAttributes(shown),
        MessageAttributes: attributesAsJson(shown),
      }),
    };
  };
}

const md5 = (text: string): string => createHash('md5').update(text).digest('hex');
