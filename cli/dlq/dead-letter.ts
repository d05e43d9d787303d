import type { Message, MessageAttributeValue } from '@aws-sdk/client-sqs';
import { type Decoded, decode } from '../../lib/delivery/decode.ts';
import { errorAttributes, relayAttributes } from '../../lib/message/attributes.ts';
import { isObject, parseJson } from '../../lib/message/json.ts';
import { codePattern } from '../explain/relay-codes.ts';

/** The code of a message that SQS itself has given up on: it came back more often than the queue allows. */
const givenUpCode = 'received-too-often';

/** The code of a message whose own is none. */
const unreadableCode = 'code-unreadable';

/** A send that the relay, or SQS, has given up on. Times in epoch milliseconds. */
export interface DeadLetter {
  /** SQS's id of this copy. */
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  readonly attributes: Readonly<Record<string, MessageAttributeValue>>;
  /** The tenant that its producer put it on the queue for. */
  readonly groupId: string | undefined;
  readonly code: string;
  readonly message: string | undefined;
  readonly traceId: string | undefined;
  /** Of an unknown outcome: the code of the attempt that left it unknown. */
  readonly cause: string | undefined;
  /** The producer's id, or the id that SQS gave the first copy: whatever the sender goes by. */
  readonly originalId: string;
  /** The `id` in the body; of an invalid message, whose key it could not become, another than `originalId`. */
  readonly bodyId: string | undefined;
  readonly expiresAt: number;
  /** When this copy was put here; SQS keeps the first enqueue time of what it moved itself. */
  readonly queuedAt: number;
  /** What is to be sent, when the body is a message at all. */
  readonly send: DeadSend | undefined;
}

export interface DeadSend {
  readonly to: string;
  readonly type: string;
  /** Of the ledger entry; undefined when neither the message nor the stage names a business. */
  readonly key: string | undefined;
}

/** Reads a message of the sends dead-letter queue. Undefined for one that SQS has not described as it should. */
export function readDeadLetter(message: Message, businessId: string | undefined): DeadLetter | undefined {
  const { MessageId: messageId, ReceiptHandle: receiptHandle, Body: body } = message;
  const queuedAt = Number(message.Attributes?.SentTimestamp);
  if (messageId === undefined || receiptHandle === undefined || body === undefined) return undefined;
  const attributes = message.MessageAttributes ?? {};
  const text = (name: string) => attributes[name]?.StringValue;
  const [code, cause] = [text(errorAttributes.code), text(errorAttributes.cause)];
  const copied = Date.parse(text(relayAttributes.expiresAt) ?? '');
  const queued = {
    body,
    originalId: text(relayAttributes.id) ?? messageId,
    expiresAt: Number.isNaN(copied) ? undefined : copied,
    isCopy: true,
    queuedAt,
    receiveCount: 1,
  };
  // The policies of the stage play no part here; only whose message it is.
  const of = (business: string | undefined) =>
    decode(queued, { businessId: business, ifUnclear: 'hold', onlyTo: undefined });
  const decoded = of(businessId);
  const originalId = decoded.ok ? decoded.sendable.originalId : decoded.originalId;
  return {
    messageId,
    receiptHandle,
    body,
    attributes,
    groupId: message.Attributes?.MessageGroupId,
    code: code === undefined ? givenUpCode : codePattern.test(code) ? code : unreadableCode,
    message: text(errorAttributes.message),
    traceId: text(errorAttributes.traceId),
    cause: cause !== undefined && codePattern.test(cause) ? cause : undefined,
    originalId,
    bodyId: idIn(body),
    expiresAt: decoded.ok ? decoded.sendable.expiresAt : decoded.expiresAt,
    queuedAt,
    send: sendOf(decoded, of('none')),
  };
}

/** The body may be anything. A number stands for itself: that it is no string may be what the message was refused for. */
function idIn(body: string): string | undefined {
  const json = parseJson(body);
  const id = isObject(json) ? json['id'] : undefined;
  return typeof id === 'string' || typeof id === 'number' ? String(id).slice(0, 128) : undefined;
}

/** What is to be sent. A message may be right but for its business, which the stage does not name: it has no key then. */
function sendOf(own: Decoded, ofAnyBusiness: Decoded): DeadSend | undefined {
  if (!ofAnyBusiness.ok) return undefined;
  const { to, type } = ofAnyBusiness.sendable.message;
  return { to, type, key: own.ok ? own.sendable.key : undefined };
}
