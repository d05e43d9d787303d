import { createHash } from 'node:crypto';
import { unwrapCallbackData } from '../message/callback-data.ts';
import { isObject } from '../message/json.ts';
import { jsonDepth, maximumDepth } from '../message/json-depth.ts';
import type { SendStatus } from '../message/send-status.ts';

/** The longest message that SQS takes, in bytes, attributes included. */
const maximumQueueMessageBytes = 1024 * 1024;

/** Left for the attributes beside the body: two names, types and values of at most 256 characters. */
const attributesBytes = 4 * 1024;

/** An event as it goes onto the events queue. */
export interface QueuedEvent {
  /** The same for every re-delivery of one event, so that a consumer can drop duplicates. */
  readonly id: string;
  /** `messages`, `delivery_status`, `report`, or what the vendor sent. */
  readonly topic: string;
  /** Whether the body was JSON that could be looked into; otherwise the envelope carries it as base64. */
  readonly parsed: boolean;
  /** The JSON envelope. */
  readonly body: string;
  /** What a delivery status says, in the few words that a metric can be split by. */
  readonly deliveryStatus: DeliveryStatus | undefined;
  /** Of a delivery status that carries our wrapper with an id: what it says about that send. */
  readonly sendStatus: SendStatus | undefined;
}

export type DeliveryStatus = 'sent' | 'delivered' | 'read' | 'failed' | 'other';

/**
 * Wraps the verified bytes of a webhook into the envelope that consumers read. The vendor's JSON is spliced in as it
 * came. Whatever cannot be read (no JSON, compressed, not UTF-8, nested too deep) is carried as base64: a signed event
 * is never lost. `receivedAt` is in epoch milliseconds.
 */
export function toQueuedEvent(bytes: Buffer, receivedAt: number): QueuedEvent {
  const json = readJson(bytes);
  if (json === undefined) return unparsedEvent(bytes, receivedAt);
  const id = eventId(json.value) ?? digest(bytes);
  const topic = eventTopic(json.value);
  const { businessId, ...correlation } = unwrapCallbackData(at(json.value, 'callbackData'));
  const envelope = { id, topic, receivedAt: new Date(receivedAt).toISOString(), ...correlation };
  const body = escapeForSqs(`${JSON.stringify(envelope).slice(0, -1)},"event":${json.text}}`);
  // Escaping and the copy of callbackData can make a body grow past what SQS takes; its base64 always fits.
  if (Buffer.byteLength(body) > maximumQueueMessageBytes - attributesBytes)
    return unparsedEvent(bytes, receivedAt);
  return {
    id,
    topic,
    parsed: true,
    body,
    deliveryStatus: deliveryStatus(json.value),
    sendStatus: sendStatusOf(json.value, correlation.sendId, businessId),
  };
}

function sendStatusOf(
  event: unknown,
  sendId: string | undefined,
  businessId: string | undefined,
): SendStatus | undefined {
  if (sendId === undefined || !isObject(at(event, 'statusUpdate'))) return undefined;
  const vendorId = attributeText(at(event, 'statusUpdate', 'id'));
  return {
    sendId,
    ...(businessId !== undefined && { businessId }),
    ...(vendorId !== undefined && { vendorId }),
  };
}

function unparsedEvent(bytes: Buffer, receivedAt: number): QueuedEvent {
  const id = digest(bytes);
  const topic = 'unknown';
  const raw = bytes.toString('base64');
  const body = JSON.stringify({
    id,
    topic,
    receivedAt: new Date(receivedAt).toISOString(),
    event: null,
    raw,
  });
  return { id, topic, parsed: false, body, deliveryStatus: undefined, sendStatus: undefined };
}

function readJson(bytes: Buffer): { value: unknown; text: string } | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    if (jsonDepth(text) > maximumDepth) return undefined;
    return { value: JSON.parse(text), text };
  } catch {
    return undefined;
  }
}

/** SQS refuses these two characters, and JSON allows them, inside strings only: so an escape says the same. */
function escapeForSqs(json: string): string {
  return json.replaceAll('\ufffe', '\\ufffe').replaceAll('\uffff', '\\uffff');
}

/** The vendor's own name for this event, in the order in which its kinds can be told apart. */
function eventId(event: unknown): string | undefined {
  const status = attributeText(at(event, 'statusUpdate', 'status'));
  const statusId = attributeText(at(event, 'statusUpdate', 'id'));
  if (statusId !== undefined && status !== undefined) return `${statusId}:${status}`;
  const messageId =
    attributeText(at(event, 'message', 'id')) ?? attributeText(at(event, 'buttonResponse', 'id'));
  if (messageId !== undefined) return messageId;
  const reportId = attributeText(at(event, 'report', 'id'));
  const runId = attributeText(at(event, 'report', 'last_run', 'id'));
  return reportId !== undefined && runId !== undefined ? `${reportId}:${runId}` : undefined;
}

function deliveryStatus(event: unknown): DeliveryStatus | undefined {
  if (!isObject(at(event, 'statusUpdate'))) return undefined;
  const status = at(event, 'statusUpdate', 'status');
  switch (status) {
    case 'sent':
    case 'delivered':
    case 'read':
      return status;
    // One page of the vendor spells it differently.
    case 'delivery_failed':
    case 'delivery_failure':
      return 'failed';
    default:
      return 'other';
  }
}

function eventTopic(event: unknown): string {
  const topic = attributeText(at(event, 'topic'));
  if (topic !== undefined) return topic;
  if (isObject(at(event, 'report'))) return 'report';
  if (isObject(at(event, 'statusUpdate'))) return 'delivery_status';
  if (isObject(at(event, 'message')) || isObject(at(event, 'buttonResponse'))) return 'messages';
  return 'unknown';
}

/** Text that can stand in an SQS attribute as it is: short, and free of what SQS refuses or a terminal acts upon. */
function attributeText(value: unknown): string | undefined {
  const fits = typeof value === 'string' && value.length <= 128 && /^[^\p{C}\ufffe\uffff]+$/u.test(value);
  return fits ? value : undefined;
}

function at(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce(
    (inner, key) => (isObject(inner) && Object.hasOwn(inner, key) ? inner[key] : undefined),
    value,
  );
}

function digest(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
