import { randomUUID } from 'node:crypto';
import { createHttpClient } from '../../lib/connectly/http.ts';
import { RelayError } from '../../lib/errors.ts';
import { toQueuedEvent } from '../../lib/webhook/event.ts';
import { sign, signatureHeader } from '../../lib/webhook/signature.ts';
import { configurationError } from '../errors.ts';
import type { Target } from '../target/target.ts';

/** A topic that Connectly does not have: consumers that pick their topics pass such an event over. */
export const testTopic = 'relay_test';

/** API Gateway answers within 30 seconds, whatever happens behind it. In milliseconds. */
const deadlineMs = 31_000;

export interface AcceptedEvent {
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
export async function sendTestEvent(target: Target, secret: string): Promise<AcceptedEvent> {
  const body = JSON.stringify({ topic: testTopic, relayTest: randomUUID() });
  const sentAt = Date.now();
  const { id: eventId } = toQueuedEvent(Buffer.from(body), sentAt);
  const http = createHttpClient({ deadlineMs });
  try {
    const answer = await http.request({
      method: 'POST',
      url: new URL(target.output('WebhookUrl')),
      headers: {
        'Content-Type': 'application/json',
        'Content-Length': String(Buffer.byteLength(body)),
        [signatureHeader]: sign(body, secret),
      },
      body,
    });
    if (answer.kind !== 'answered') {
      throw configurationError(
        'webhook-unreachable',
        `The address ${target.output('WebhookUrl')} does not answer (${answer.reason}). Is the stack up? npx relay doctor ${target.options}`,
      );
    }
    if (answer.status !== 200) throw refusal(answer.status, target);
    return { eventId, sentAt, answeredInMs: Date.now() - sentAt };
  } finally {
    http.closeConnections();
  }
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
        return `The function has no secret, or no queue. Its log says which: ${functions.receiveWebhook}. Then: npx relay doctor ${options}`;
      default:
        return `Look into the log of ${functions.receiveWebhook}.`;
    }
  }
}
