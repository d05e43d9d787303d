import type { LogFields, LogLevel } from '../logger.ts';
import type { Delivery, QueuedMessage } from './deliver.ts';
import { messageKey } from './message-key.ts';

/** Two lines tell the same message apart from others by so much of its key. */
const keyPrefixLength = 12;

/** What the log says about one attempt; no part of the message itself. Times in epoch milliseconds. */
export function attemptFields(
  delivery: Delivery,
  queued: QueuedMessage,
  { startedAt, endedAt }: { startedAt: number; endedAt: number },
): LogFields {
  const { outcome, message, businessId = '', retryInSeconds } = delivery;
  const key = messageKey({ businessId, id: message?.id ?? queued.originalId }).slice(0, keyPrefixLength);
  return {
    result: outcome.kind,
    key,
    ...(message !== undefined && { type: message.type }),
    ...('code' in outcome && { code: outcome.code }),
    ...('traceId' in outcome && { traceId: outcome.traceId }),
    ...(outcome.kind === 'accepted' && outcome.vendorId !== undefined && { vendorId: outcome.vendorId }),
    receiveCount: queued.receiveCount,
    secondsInQueue: Math.max(0, Math.round((startedAt - queued.queuedAt) / 1000)),
    durationMs: endedAt - startedAt,
    ...(retryInSeconds !== undefined && { retryInSeconds }),
  };
}

/** How loud: what somebody must mend is an error, what mends itself is not. */
export function attemptLevel({ outcome }: Delivery): LogLevel {
  switch (outcome.kind) {
    case 'accepted':
      return outcome.vendorId === undefined ? 'warn' : 'info';
    case 'not-sent':
      return outcome.configurationFault ? 'error' : 'warn';
    case 'refused':
    case 'unclear':
      return 'warn';
  }
}
