import { hash } from 'node:crypto';

export interface KeyParts {
  readonly businessId: string;
  /** The producer's `id`, or the id that SQS gave the first copy of the message. */
  readonly id: string;
}

/** What a message is told apart by: the same for every copy of one message, and nothing personal can be read from it. */
export function messageKey({ businessId, id }: KeyParts): string {
  return hash('sha256', JSON.stringify([businessId, id]));
}

/** SHA-256 of what a customer would get: of all fields but those that say how and until when it is to be sent. */
export function contentDigest(message: Readonly<Record<string, unknown>>): string {
  const { id: _id, ifUnclear: _ifUnclear, expiresAt: _expiresAt, ...content } = message;
  return hash('sha256', JSON.stringify(sorted(content)));
}

/** The order of an object's keys depends on who wrote it, and means nothing. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, sorted(inner)]));
}
