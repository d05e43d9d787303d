/** SQS message attributes on the copies that the relay makes of a send, so that a redrive keeps both. */
export const relayAttributes = {
  /** The message's original key: the producer's `id`, or the id that SQS gave the first copy. */
  id: 'relay.id',
  /** The absolute expiry, an ISO time. */
  expiresAt: 'relay.expiresAt',
} as const;

/** What a message on the outcomes queue is, as an SQS message attribute; a parked send has none. */
export const outcomeAttributes = {
  kind: 'relay.kind',
  /** The kind of a delivery status that the webhook passed on. */
  status: 'status',
} as const;

/** SQS message attributes that say why a copy is in the sends dead-letter queue or in the outcomes queue. */
export const errorAttributes = {
  /** Stable: a code of ours (kebab-case) or Connectly's (`ERROR_CODE_...`). */
  code: 'error.code',
  /** Our own words: what happened and what to do. Never the vendor's text, never personal data. */
  message: 'error.message',
  /** Connectly's trace id, to quote to its support. */
  traceId: 'error.traceId',
  /** Of an unknown outcome: the code of the attempt that left it unknown. */
  cause: 'error.cause',
} as const;

/** SQS message attributes on the events queue, for consumers that read them. */
export const eventAttributes = { topic: 'topic', eventId: 'eventId' } as const;
