import type { SendStatus } from '../message/send-status.ts';
import type { SecretCache } from '../secrets/cache.ts';
import { type QueuedEvent, toQueuedEvent } from './event.ts';
import { bodyBytes, maximumBodyBytes, requestHeaders, type WebhookRequest } from './request.ts';
import { readSignature, signerOf } from './signature.ts';

/** The events queue. Resolves once the event is safely stored. */
export interface EventQueue {
  publish(event: QueuedEvent): Promise<void>;
}

/** The outcomes queue. Delivery statuses of our own sends settle those there whose outcome is unknown. */
export interface SendStatusQueue {
  publish(status: SendStatus): Promise<void>;
}

/** Which live secret made a signature: the only one, the newest (the last in the list), or an older one. */
export type SecretAge = 'only' | 'newest' | 'older';

/** What became of a webhook request, and the HTTP status that says so to Connectly. */
export type Receipt =
  | {
      readonly status: 200;
      readonly result: 'queued';
      readonly event: QueuedEvent;
      /** Size of the request's body. */
      readonly bytes: number;
      readonly secretAge: SecretAge;
    }
  | { readonly status: 401; readonly result: 'signature-missing' | 'signature-wrong' }
  | { readonly status: 413; readonly result: 'too-large' }
  | {
      readonly status: 503;
      readonly result: 'secret-unavailable' | 'secret-stale' | 'queue-unavailable';
      readonly cause?: unknown;
    };

export interface ReceivePorts {
  /** The live secrets; the last in the list is the newest. */
  readonly secrets: SecretCache<readonly string[]>;
  readonly events: EventQueue;
  readonly statuses: SendStatusQueue;
  /** Hears why a status was not passed on. The event itself is safe, and another status may follow. */
  readonly onStatusLost: (error: unknown) => void;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** How many reports are remembered. */
const mostReported = 1_000;

/** The inbound use case: bytes, signature, event, queue, in this order. Never rejects. */
export function createReceive({ secrets, events, statuses, onStatusLost, now }: ReceivePorts) {
  /** The reports that the outcomes queue has confirmed; the oldest first. */
  const reported = new Set<string>();

  return async function receive(request: WebhookRequest): Promise<Receipt> {
    const receivedAt = now();
    const bytes = bodyBytes(request);
    if (bytes.length > maximumBodyBytes) return { status: 413, result: 'too-large' };

    const signature = readSignature(requestHeaders(request));
    if (signature === undefined) return { status: 401, result: 'signature-missing' };
    const verified = await verifiedBy(bytes, signature, secrets);
    if (typeof verified === 'object') return verified;

    const event = toQueuedEvent(bytes, receivedAt);
    try {
      await events.publish(event);
    } catch (cause) {
      return { status: 503, result: 'queue-unavailable', cause };
    }
    if (event.sendStatus !== undefined) await passOn(event.sendStatus);
    return { status: 200, result: 'queued', event, bytes: bytes.length, secretAge: verified };
  };

  /**
   * Best effort, and after the event is queued: whatever happens here, Connectly gets its 200. Sent, delivered and read are
   * one report, that Connectly has the message: once the queue has confirmed it, the others would only be paid for.
   */
  async function passOn(status: SendStatus): Promise<void> {
    const report = JSON.stringify(status);
    if (reported.has(report)) return;
    try {
      await statuses.publish(status);
    } catch (error) {
      return onStatusLost(error);
    }
    // Without Connectly's id, it might be about another message with the same id of ours.
    if (status.vendorId === undefined) return;
    reported.add(report);
    for (const oldest of reported) {
      if (reported.size <= mostReported) break;
      reported.delete(oldest);
    }
  }
}

/** Resolves to the age of the secret that made the signature, or to the refusal. */
async function verifiedBy(
  bytes: Buffer,
  signature: Buffer,
  secrets: SecretCache<readonly string[]>,
): Promise<SecretAge | Receipt> {
  const ageIn = (live: readonly string[]) => ageOf(signerOf(bytes, signature, live), live.length);
  try {
    const age = ageIn((await secrets.current()).value);
    if (age !== undefined) return age;
    const { value, stale } = await secrets.refreshed();
    const newAge = ageIn(value);
    if (newAge !== undefined) return newAge;
    return stale ? { status: 503, result: 'secret-stale' } : { status: 401, result: 'signature-wrong' };
  } catch (cause) {
    return { status: 503, result: 'secret-unavailable', cause };
  }
}

function ageOf(place: number | undefined, count: number): SecretAge | undefined {
  if (place === undefined) return undefined;
  if (count === 1) return 'only';
  return place === count - 1 ? 'newest' : 'older';
}
