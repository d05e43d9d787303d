import { createHash } from 'node:crypto';

export interface KeyParts {
  readonly businessId: string;
  /** The producer's `id`, or the id that SQS gave the first copy of the message. */
  readonly id: string;
}

/** What a message is told apart by: the same for every copy of one message, and nothing personal can be read from it. */
export function messageKey({ businessId, id }: KeyParts): string {
  return createHash('sha256')
    .update(JSON.stringify([businessId, id]))
    .digest('hex');
}
