import type { LogFields } from '../log-fields.ts';
import { errorFields, type LogLevel } from '../logger.ts';
import type { QueuedMessage } from './decode.ts';
import type { Delivery } from './deliver.ts';
import type { Turn } from './dispatch/dispatcher.ts';
import type { Outcome } from './outcome.ts';
import type { Settlement } from './settle.ts';

/** The part of a message's key that a log shows: enough to tell messages apart. */
export function keyPrefix(key: string): string {
  return key.slice(0, 12);
}

/** The fields of an attempt's line. They hold no part of the message itself. Times in epoch milliseconds. */
export function attemptFields(
  delivery: Delivery,
  queued: QueuedMessage,
  { startedAt, endedAt }: { startedAt: number; endedAt: number },
): LogFields {
  const { outcome, sendable, retryInSeconds } = delivery;
  return {
    ...('failure' in delivery && errorFields(delivery.failure)),
    result: outcome.kind,
    ...(sendable !== undefined && { key: keyPrefix(sendable.key), type: sendable.message.type }),
    ...reasonFields(outcome),
    ...(outcome.kind === 'accepted' && outcome.vendorId !== undefined && { vendorId: outcome.vendorId }),
    receiveCount: queued.receiveCount,
    secondsInQueue: Math.max(0, Math.round((startedAt - queued.queuedAt) / 1000)),
    durationMs: endedAt - startedAt,
    ...(retryInSeconds !== undefined && { retryInSeconds }),
  };
}

/** The fields of a line about sending that pauses, or goes on: since when, and for which outcome's code. */
export function pauseFields({ paused, since, cause, nextTryAt, isOver }: Turn): LogFields {
  return { code: paused, cause, since: timeOf(since), ...(!isOver && { nextTryAt: timeOf(nextTryAt) }) };
}

/** The fields of one line for all messages of a batch that were left untouched for one reason. */
export function untouchedFields(deliveries: readonly Delivery[]): LogFields {
  const [delivery] = deliveries;
  const closure = delivery?.untouched?.closure;
  const retries = deliveries.map(({ retryInSeconds = 0 }) => retryInSeconds);
  return {
    ...(delivery !== undefined && reasonFields(delivery.outcome)),
    ...(closure !== undefined && {
      cause: closure.cause,
      since: timeOf(closure.since),
      nextTryAt: timeOf(closure.nextTryAt),
    }),
    count: deliveries.length,
    retryInSeconds: Math.max(...retries),
  };
}

function timeOf(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}

/** The fields of a probe's line. */
export function probeFields(outcome: Outcome): LogFields {
  return { result: outcome.kind, ...reasonFields(outcome) };
}

function reasonFields(outcome: Outcome): LogFields {
  return {
    ...('code' in outcome && { code: outcome.code }),
    ...('status' in outcome && { status: outcome.status }),
    ...('fault' in outcome && { fault: outcome.fault }),
    ...('traceId' in outcome && { traceId: outcome.traceId }),
  };
}

/** The level of an attempt's line: `error` where a person must act. */
export function attemptLevel({ outcome, ...delivery }: Delivery): LogLevel {
  if ('failure' in delivery) return 'error';
  switch (outcome.kind) {
    case 'duplicate':
      return 'info';
    case 'accepted':
      return outcome.vendorId === undefined ? 'warn' : 'info';
    case 'not-sent':
      return outcome.configurationFault ? 'error' : 'warn';
    case 'refused':
    case 'unclear':
      return 'warn';
  }
}

/**
 * The line about a message on the outcomes queue: a parked send, or the status of one. A status that tells the ledger
 * nothing is a `report`, which nothing counts: three come for each message. One that is none is told, too, and once.
 */
export function settlementLine(
  settlement: Settlement,
  kind: 'parked' | 'status' | 'junk',
): { readonly level: LogLevel; readonly event: 'settle' | 'report'; readonly fields: LogFields } {
  const { result } = settlement;
  const isJunk = result === 'unreadable';
  const isNews = result !== 'known' && result !== 'not-ours' && !isJunk;
  return {
    level: isJunk ? 'warn' : isNews ? 'info' : 'debug',
    event: isNews ? 'settle' : 'report',
    fields: {
      // Metrics know a status by the word `report`.
      type: kind === 'parked' ? kind : 'report',
      result,
      ...('retryInSeconds' in settlement && { retryInSeconds: settlement.retryInSeconds }),
    },
  };
}
