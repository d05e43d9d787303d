import type { LogFields } from '../log-fields.ts';
import { errorFields, type LogLevel } from '../logger.ts';
import type { Receipt } from './receive.ts';

export interface Answer {
  /** The whole answer to Connectly; the same text for every reason behind one status. */
  readonly response: {
    readonly statusCode: number;
    readonly headers: Record<string, string>;
    readonly body: string;
  };
  readonly level: LogLevel;
  readonly fields: LogFields;
}

const messages = {
  200: 'Queued',
  401: 'Unauthorized',
  413: 'Payload Too Large',
  503: 'Service Unavailable',
} as const;

/** The answer to Connectly about a request, and the fields and level of its log line. */
export function answerTo(receipt: Receipt): Answer {
  const { status, result } = receipt;
  return {
    response: {
      statusCode: status,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ message: messages[status] }),
    },
    level: status === 200 ? 'info' : status === 503 ? 'error' : 'warn',
    fields: {
      status,
      result,
      ...('event' in receipt && {
        topic: receipt.event.topic,
        eventId: receipt.event.id,
        parsed: receipt.event.parsed,
        ...(receipt.event.deliveryStatus !== undefined && { deliveryStatus: receipt.event.deliveryStatus }),
        bytes: receipt.bytes,
        secretAge: receipt.secretAge,
      }),
      ...('cause' in receipt && errorFields(receipt.cause)),
    },
  };
}
