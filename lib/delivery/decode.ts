import { hash } from 'node:crypto';
import { defaultChannel, type IfUnclear, type Message } from '../message/message.ts';
import { maximumLifeMs, parseMessage, summarize } from '../message/parse.ts';
import type { Refusal } from './outcome.ts';
import { ownRefusal } from './outcome.ts';

/** How long a message may live unless it says so itself, in milliseconds. */
export const defaultLifeMs = 4 * 60 * 60 * 1000;

/** A message as it came from a queue of ours. */
export interface QueuedMessage {
  readonly body: string;
  /** The key of its first copy: `relay.id`, or SQS's own message id. */
  readonly originalId: string;
  /** Epoch milliseconds, from `relay.expiresAt`: what an earlier copy was limited to. */
  readonly expiresAt: number | undefined;
  /** Whether the relay itself put this copy somewhere, with a reason: it has come back from there. */
  readonly isCopy: boolean;
  /** Epoch milliseconds. */
  readonly queuedAt: number;
  readonly receiveCount: number;
}

export interface DeliverySettings {
  readonly businessId: string | undefined;
  readonly ifUnclear: IfUnclear;
  readonly onlyTo: ReadonlySet<string> | undefined;
}

/** A message that may be sent, with its key and the digest of its content. */
export interface Sendable {
  readonly message: Message;
  readonly businessId: string;
  readonly ifUnclear: IfUnclear;
  /** The producer's id, or the id of the first copy. */
  readonly originalId: string;
  /** Of the ledger entry. */
  readonly key: string;
  /** SHA-256 of the content that the customer would get. */
  readonly content: string;
  /** Epoch milliseconds. */
  readonly expiresAt: number;
}

export type Decoded =
  | { readonly ok: true; readonly sendable: Sendable }
  | {
      readonly ok: false;
      readonly refusal: Refusal;
      readonly originalId: string;
      readonly expiresAt: number;
    };

/** Everything that can be known about a queued message without asking anybody. */
export function decode(queued: QueuedMessage, settings: DeliverySettings): Decoded {
  const parsed = parseMessage(queued.body, queued);
  // Anybody can write attributes: a copy's expiry holds as long as a message could have asked for it.
  const copied =
    queued.expiresAt === undefined ? undefined : Math.min(queued.expiresAt, queued.queuedAt + maximumLifeMs);
  const latest = copied ?? queued.queuedAt + defaultLifeMs;
  if (!parsed.ok) {
    const message = summarize(parsed.problems);
    return refused(
      { kind: 'refused', code: 'message-invalid', message, ours: true },
      queued.originalId,
      latest,
    );
  }

  const { message } = parsed;
  const own = message.expiresAt === undefined ? latest : Date.parse(message.expiresAt);
  const expiresAt = copied ?? own;
  const originalId = message.id ?? queued.originalId;
  const businessId = message.businessId ?? settings.businessId;
  if (businessId === undefined) {
    return refused(ownRefusal('business-missing'), originalId, expiresAt);
  }
  if (settings.onlyTo !== undefined && !settings.onlyTo.has(message.to)) {
    return refused(ownRefusal('recipient-not-allowed'), originalId, expiresAt);
  }
  const sendable: Sendable = {
    message,
    businessId,
    ifUnclear: message.ifUnclear ?? settings.ifUnclear,
    originalId,
    key: messageKey({ businessId, id: originalId }),
    content: contentDigest(message),
    expiresAt,
  };
  return { ok: true, sendable };
}

function refused(refusal: Refusal, originalId: string, expiresAt: number): Decoded {
  return { ok: false, refusal, originalId, expiresAt };
}

export interface KeyParts {
  readonly businessId: string;
  /** The producer's `id`, or the id that SQS gave the first copy of the message. */
  readonly id: string;
}

/** What a message is told apart by: the same for every copy of one message, and nothing personal can be read from it. */
export function messageKey({ businessId, id }: KeyParts): string {
  return hash('sha256', JSON.stringify([businessId, id]));
}

/**
 * SHA-256 of what a customer would get: of all fields but those that say how and until when it is to be sent. A default
 * that is spelt out makes no other message: the business is part of the key, and a channel that is not named is WhatsApp.
 */
export function contentDigest(message: Readonly<Record<string, unknown>>): string {
  const {
    id: _id,
    businessId: _businessId,
    ifUnclear: _ifUnclear,
    expiresAt: _expiresAt,
    ...given
  } = message;
  const { channelType, ...others } = given;
  const content = channelType === defaultChannel ? others : given;
  return hash('sha256', JSON.stringify(sorted(content)));
}

/** The order of an object's keys depends on who wrote it, and means nothing. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, sorted(inner)]));
}
