import { setTimeout as sleep } from 'node:timers/promises';
import { parseWebhookSecrets } from '../../lib/webhook/secrets.ts';
import { isInLog } from '../tail/function-log.ts';
import type { Target } from '../target/target.ts';
import { type Sight, searchQueue } from './queue-search.ts';
import { sendTestEvent } from './test-event.ts';

/** How far this clock and Lambda's may be apart for the line still to be found, in milliseconds. */
const clockToleranceMs = 5 * 60 * 1000;

/** How long to wait before looking again, in milliseconds. */
const intervalMs = 500;

export interface RoundTrip {
  readonly eventId: string;
  readonly answeredInMs: number;
  /** Undefined when it was not found in time; the answer 200 says that it was queued. */
  readonly foundIn: 'queue' | 'log' | undefined;
  /** Whether it may still be on the queue, behind more events of others than were received: consumers will get it. */
  readonly behindOthers: boolean;
  /** Events of others that were received meanwhile, and given back. */
  readonly others: number;
}

export interface RoundTripOptions {
  /** How long to look for it, in milliseconds. */
  readonly patienceMs: number;
  readonly signal: AbortSignal;
}

/**
 * Sends a signed event through the public address, and finds it: on the events queue, where it is deleted, or, when a
 * consumer was faster or too many others wait before it, by the function's log line. Rejects unless the webhook answers
 * 200.
 */
export async function roundTrip(
  target: Target,
  { patienceMs, signal }: RoundTripOptions,
): Promise<RoundTrip> {
  // The oldest: in a rotation, functions that still run may not know the newest yet.
  const [secret = ''] = parseWebhookSecrets(await target.readSecret('webhook-secrets'));
  const { eventId, sentAt, answeredInMs } = await sendTestEvent(target, secret);
  const queueUrl = target.output('EventsQueueUrl');
  const search = searchQueue(await target.aws.sqs(), { queueUrl, eventId });
  const line = { of: 'receive-webhook', pattern: `"${eventId}"`, from: sentAt - clockToleranceMs } as const;
  let sight: Sight = 'nothing';
  const found = (foundIn: RoundTrip['foundIn']) => ({
    eventId,
    answeredInMs,
    foundIn,
    behindOthers: sight === 'others' || sight === 'limit',
    others: search.others(),
  });
  try {
    const deadline = Date.now() + patienceMs;
    do {
      sight = await search.look(signal);
      // The log would say at once that it was queued: only a queue without others says that a consumer was faster.
      while (sight === 'others' && Date.now() < deadline) sight = await search.look(signal);
      if (sight === 'ours') return found('queue');
      if (await isInLog(target, { ...line, signal })) return found('log');
      await sleep(intervalMs, undefined, { signal });
    } while (Date.now() < deadline);
    return found(undefined);
  } finally {
    await search.giveBack();
  }
}
