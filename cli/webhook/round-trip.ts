import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import { RelayError } from '../../lib/errors.ts';
import { toQueuedEvent } from '../../lib/webhook/event.ts';
import { parseWebhookSecrets } from '../../lib/webhook/secrets.ts';
import { configurationError } from '../errors.ts';
import { isInLog } from '../logs/function-log.ts';
import { postWebhook } from '../simulate/post-webhook.ts';
import type { Target } from '../target/target.ts';
import { type Sight, searchQueue } from './queue-search.ts';

/** How far this clock and Lambda's may be apart for the line still to be found, in milliseconds. */
const clockToleranceMs = 5 * 60 * 1000;

/** How long to wait before looking again, in milliseconds. */
const intervalMs = 500;

export const roundTripSchema = z.strictObject({
  eventId: z.string(),
  answeredInMs: z.int(),
  /** On the queue, where it was deleted again; or in the function's log, when a consumer was faster or others wait. */
  foundIn: z.enum(['queue', 'log']),
  /** It may still be on the queue, behind more events of others than were received: consumers will get it. */
  behindOthers: z.boolean(),
  /** Events of others that were received while looking, and given back. */
  others: z.int(),
});

/** What it says of an event that was not found in time, the answer 200 says: it was queued. */
export type RoundTrip = Omit<z.infer<typeof roundTripSchema>, 'foundIn'> & {
  readonly foundIn: 'queue' | 'log' | undefined;
};

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
  const { eventId, sentAt, answeredInMs } = await sendTestEvent(target, secret, signal);
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

/** A topic that Connectly does not have: consumers that pick their topics pass such an event over. */
export const testTopic = 'relay_test';

interface AcceptedEvent {
  /** What it is called on the events queue. */
  readonly eventId: string;
  /** Epoch milliseconds. */
  readonly sentAt: number;
  readonly answeredInMs: number;
}

/**
 * Sends a signed event to the stack's public address. Rejects with `webhook-unreachable`, or with `webhook-<status>` and
 * what to do about it, unless it is answered with 200.
 */
async function sendTestEvent(target: Target, secret: string, signal: AbortSignal): Promise<AcceptedEvent> {
  const body = Buffer.from(JSON.stringify({ topic: testTopic, relayTest: randomUUID() }));
  const sentAt = Date.now();
  const { id: eventId } = toQueuedEvent(body, sentAt);
  const url = target.output('WebhookUrl');
  const { status, durationMs } = await postWebhook({
    network: target.network,
    url,
    body,
    secret,
    binary: false,
    signal,
  });
  if (status !== 200) throw refusal(status, target);
  return { eventId, sentAt, answeredInMs: durationMs };
}

function refusal(status: number, { options, stage, functions }: Target): RelayError {
  return configurationError(`webhook-${status}`, `The webhook answered ${status}. ${advice()}`);

  function advice(): string {
    switch (status) {
      case 401:
        return `The function does not know the secret that the stage has now. It reads it anew within 30 seconds: try again then. How many secrets are live: npx relay secrets status ${options}`;
      case 403:
      case 404:
        return `The address has no route to the function. Deploy again: npx serverless deploy --stage ${stage}`;
      case 429:
        return 'API Gateway or Lambda limits the rate. Try again.';
      case 503:
        return `The function has no secret, or no queue. Its log says which: ${functions['receive-webhook']}. Then: npx relay doctor ${options}`;
      default:
        return `Look into the log of ${functions['receive-webhook']}.`;
    }
  }
}
